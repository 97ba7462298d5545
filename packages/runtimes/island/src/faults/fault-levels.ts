import type { FaultReport } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { BufferedTopic, FaultHost, FaultState } from '@medkit/faults';
import type { ReceivedFault } from '@medkit/ingest';
import type { IndexedFault } from '../declared/layout.ts';
import { type FaultLevel, nextReport } from './fault-level.ts';

/** Interval at which the fault manager's state is compared with the runtime's and refused reports are repeated. */
const LOOK_MS = 1000;
/**
 * Maximum further reports of one level in a row: a fault with healing disabled stays confirmed whatever is reported.
 */
const MAX_AGAIN = 32;

export interface FaultLevelsOptions {
  /** Name of the runtime in the gateway. */
  readonly runtime: string;
  readonly faults: readonly IndexedFault[];
  /** Occurrences that are already on disk, in the order of the faults; absent in a new session. */
  readonly occurrences?: readonly number[] | undefined;
  readonly host: Pick<FaultHost, 'report' | 'standing'>;
  readonly clock: Clock;
  /** Returns the current evidence of a fault. */
  readonly evidence: (indexed: IndexedFault) => readonly BufferedTopic[];
  /** Called after every report that is on disk. */
  readonly onStored: () => void;
}

/** Progress of one fault towards the fault manager. */
interface Track {
  readonly indexed: IndexedFault;
  known: FaultLevel;
  received: ReceivedFault;
  /** Evidence captured when the failure was received, until it is on disk. */
  evidence: readonly BufferedTopic[];
  isReporting: boolean;
  /** Number of repeated reports of the current level. */
  again: number;
}

/** Reports the faults of an island to the fault manager until both have the same state. */
export interface FaultLevels {
  /** Called with every state, after its ports are stored in memory. */
  received(states: readonly ReceivedFault[]): void;
  /** Occurrences on disk of each fault, in the order of the faults. */
  readonly occurrences: readonly number[];
  close(): void;
}

const UNTESTED: ReceivedFault = { result: 'untested', occurrences: 0 };

/** Returns the result of this source in the fault manager: other sources may have reported the same fault. */
function resultOf({ stands, isConfirmed, isFailing = isConfirmed }: FaultState): FaultLevel['result'] {
  if (!stands) return 'passed';
  if (!isFailing) return isConfirmed ? 'passed' : 'unknown';
  return isConfirmed ? 'failed' : 'unknown';
}

/** Reports differences until they are on disk; a refused report is repeated. */
export function faultLevels(options: FaultLevelsOptions): FaultLevels {
  const { faults, occurrences = [], clock, host, evidence, onStored } = options;
  const tracks = faults.map(
    (indexed): Track => ({
      indexed,
      known: { result: 'unknown', occurrences: occurrences[indexed.at] ?? 0 },
      received: UNTESTED,
      evidence: [],
      isReporting: false,
      again: 0,
    }),
  );
  let isClosed = false;
  const report = (track: Track, event: FaultReport['event']): Promise<boolean> => {
    const { app, fault } = track.indexed;
    return host.report({
      code: fault.code,
      event,
      severity: fault.severity,
      description: fault.description,
      source: app.id,
      runtime: options.runtime,
      ...(event === 'FAILED' && track.evidence.length > 0 && { evidence: track.evidence }),
    });
  };
  const standingOf = ({ indexed }: Track): Promise<FaultState | undefined> =>
    host.standing(indexed.fault.code, { source: indexed.app.id, runtime: options.runtime });
  /** After a start, the gateway learns the current state from its fault manager. */
  const learn = async (track: Track): Promise<void> => {
    const standing = await standingOf(track);
    if (!standing || track.known.result !== 'unknown') return;
    track.known = { ...track.known, result: resultOf(standing) };
  };
  const bring = async (track: Track): Promise<void> => {
    if (track.isReporting) return;
    track.isReporting = true;
    try {
      if (track.known.result === 'unknown') await learn(track);
      for (;;) {
        const next = isClosed ? undefined : nextReport(track.known, track.received);
        if (!next || !(await report(track, next.event))) return;
        track.known = next.known;
        track.again = 0;
        if (next.event === 'FAILED') track.evidence = [];
        onStored();
      }
    } finally {
      track.isReporting = false;
    }
  };
  /** Repeats reports: thresholds may require several, and a client may have cleared a fault that is still active. */
  const look = async (track: Track): Promise<void> => {
    await bring(track);
    const { known, received, indexed } = track;
    if (isClosed || track.isReporting || nextReport(known, received) || received.result === 'untested') return;
    const standing = await standingOf(track);
    const isReached =
      received.result === 'failed' ? standing && resultOf(standing) === 'failed' : standing && !standing.stands;
    if (!standing || isReached) {
      track.again = 0;
      return;
    }
    // The report is stored as passed, and takes effect when the other source passes as well.
    if (received.result === 'passed' && standing.isFailing === false && standing.otherSourceFails) return;
    if (track.again++ >= MAX_AGAIN) return;
    if (received.result === 'failed') track.evidence = evidence(indexed);
    await report(track, received.result === 'failed' ? 'FAILED' : 'PASSED');
  };
  const timer: Timer = clock.every(LOOK_MS, () => {
    for (const track of tracks) void look(track);
  });
  return {
    get occurrences() {
      return tracks.map(({ known }) => known.occurrences);
    },
    received: (states) => {
      for (const track of tracks) {
        const next = states[track.indexed.at];
        if (!next || (next.result === track.received.result && next.occurrences === track.received.occurrences))
          continue;
        const isWorse = next.result === 'failed' || next.occurrences > track.received.occurrences;
        track.received = next;
        if (isWorse) track.evidence = evidence(track.indexed);
        void bring(track);
      }
    },
    close: () => {
      isClosed = true;
      timer.cancel();
    },
  };
}
