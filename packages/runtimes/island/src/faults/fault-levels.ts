import type { FaultReport } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { FaultHost, FaultStanding, HeldTopic } from '@medkit/faults';
import type { ReceivedFault } from '@medkit/ingest';
import type { LaidFault } from '../declared/layout.ts';
import { type FaultLevel, nextReport } from './fault-level.ts';

/** How often it is looked whether the fault manager still says what the runtime does, and a refused report is made again. */
const LOOK_MS = 1000;
/** Maximum further reports of one level in a row: a fault whose healing is switched off stays confirmed whatever is reported. */
const MAX_AGAIN = 32;

export interface FaultLevelsOptions {
  /** Name of the runtime in the gateway. */
  readonly runtime: string;
  readonly faults: readonly LaidFault[];
  /** Occurrences that are on disk already, in the order of the faults; absent in a session that nobody knows. */
  readonly occurrences?: readonly number[] | undefined;
  readonly host: Pick<FaultHost, 'report' | 'standing'>;
  readonly clock: Clock;
  /** The evidence of a fault at this moment. */
  readonly evidence: (laid: LaidFault) => readonly HeldTopic[];
  /** Hears of every report that is on disk. */
  readonly onStored: () => void;
}

/** One fault on its way to the fault manager. */
interface Track {
  readonly laid: LaidFault;
  known: FaultLevel;
  told: ReceivedFault;
  /** Of the moment at which it was told to have failed, until that is on disk. */
  evidence: readonly HeldTopic[];
  isReporting: boolean;
  /** Reports of the level that it stands at. */
  again: number;
}

/** The faults of an island as the fault manager is told of them: by their state, until it says the same. */
export interface FaultLevels {
  /** To be called with every state, whose ports are in memory. */
  received(told: readonly ReceivedFault[]): void;
  /** How often each came, as far as that is on disk, in the order of the faults. */
  readonly occurrences: readonly number[];
  close(): void;
}

const UNTOLD: ReceivedFault = { result: 'untested', occurrences: 0 };

/** The result that the fault manager has of a source: other sources may have reported the same fault. */
function resultOf({ stands, isConfirmed, isFailing = isConfirmed }: FaultStanding): FaultLevel['result'] {
  if (!stands) return 'passed';
  if (!isFailing) return isConfirmed ? 'passed' : 'unknown';
  return isConfirmed ? 'failed' : 'unknown';
}

/** Reports what differs, and goes on until it is on disk: a report that is refused is made again. */
export function faultLevels(options: FaultLevelsOptions): FaultLevels {
  const { faults, occurrences = [], clock, host, evidence, onStored } = options;
  const tracks = faults.map(
    (laid): Track => ({
      laid,
      known: { result: 'unknown', occurrences: occurrences[laid.at] ?? 0 },
      told: UNTOLD,
      evidence: [],
      isReporting: false,
      again: 0,
    }),
  );
  let isClosed = false;
  const report = (track: Track, event: FaultReport['event']): Promise<boolean> => {
    const { app, fault } = track.laid;
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
  const standingOf = ({ laid }: Track): Promise<FaultStanding | undefined> =>
    host.standing(laid.fault.code, { source: laid.app.id, runtime: options.runtime });
  /** A gateway that has just started knows only what its fault manager does. */
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
        const next = isClosed ? undefined : nextReport(track.known, track.told);
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
  /** Thresholds may want several reports, and somebody may have cleared what still stands. */
  const look = async (track: Track): Promise<void> => {
    await bring(track);
    const { known, told, laid } = track;
    if (isClosed || track.isReporting || nextReport(known, told) || told.result === 'untested') return;
    const standing = await standingOf(track);
    const isReached =
      told.result === 'failed' ? standing && resultOf(standing) === 'failed' : standing && !standing.stands;
    if (!standing || isReached) {
      track.again = 0;
      return;
    }
    // It is remembered as passed, and counts again once the other source has passed.
    if (told.result === 'passed' && standing.isFailing === false && standing.failsElsewhere) return;
    if (track.again++ >= MAX_AGAIN) return;
    if (told.result === 'failed') track.evidence = evidence(laid);
    await report(track, told.result === 'failed' ? 'FAILED' : 'PASSED');
  };
  const timer: Timer = clock.every(LOOK_MS, () => {
    for (const track of tracks) void look(track);
  });
  return {
    get occurrences() {
      return tracks.map(({ known }) => known.occurrences);
    },
    received: (told) => {
      for (const track of tracks) {
        const next = told[track.laid.at];
        if (!next || (next.result === track.told.result && next.occurrences === track.told.occurrences)) continue;
        const isWorse = next.result === 'failed' || next.occurrences > track.told.occurrences;
        track.told = next;
        if (isWorse) track.evidence = evidence(track.laid);
        void bring(track);
      }
    },
    close: () => {
      isClosed = true;
      timer.cancel();
    },
  };
}
