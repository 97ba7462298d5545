import type { UplinkState } from '@medkit/contract';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, pause, type Random, retryDelayMs } from '@medkit/edges';
import type { Fleet, IngestOutcome, IngestPart, RecordLine } from '@medkit/fleet';
import type { CatchUpTurns } from './catch-up-turns.ts';
import type { ReadRates } from './read-rates.ts';
import { LogGone, type LogPage, putCursor, readLog, readState } from './robot-replies.ts';
import type { RobotSession } from './robot-sessions.ts';

/** Seconds for which a request for later records stays open. */
const WAIT_SEC = 20;
/** Time for a reply in addition to the seconds that it waits. A robot that sends slower only harms its session. */
const REPLY_MS = 30_000;
/** Delays after replies that cannot be used. */
const RETRY = { firstMs: 2000, maxMs: 300_000 };
/** Least time between two reports of the cursor to one robot: each costs the hub as much as some records. */
const REPORT_MS = 5000;
/** Records that one robot hands over together: a fifth of a transaction, so that it has room for other robots. */
const MAX_RECORDS_TOGETHER = 200;
/** Severity from which a robot reads its backlog before others: ERROR. */
const URGENT_SEVERITY = 2;

export interface FollowOptions {
  readonly session: RobotSession;
  readonly fleet: Pick<Fleet, 'identity' | 'storeState'>;
  readonly ingest: (part: IngestPart) => Promise<IngestOutcome>;
  readonly turns: CatchUpTurns;
  readonly rates: ReadRates;
  /** Calls a listener after the database was away. Returns a function that stops it. */
  readonly onReopened: (listener: () => void) => () => void;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
}

/**
 * Reads the state of a robot and then its log, until its session ends: the backlog in turns with other robots, then each
 * record when it is written. Requests no more from a robot that sends too much for some time: the rest stays in its log. If
 * a reply cannot be used, begins again after a delay. If the record rejects the log, stops until the robot connects again.
 */
export async function followRobot(options: FollowOptions): Promise<void> {
  const { session, clock, random, log, onReopened } = options;
  const { robot, signal } = session;
  let failures = 0;
  let waiting = new AbortController();
  const stopListening = onReopened(() => {
    waiting.abort();
    waiting = new AbortController();
  });
  signal.addEventListener('abort', stopListening, { once: true });
  while (!signal.aborted) {
    try {
      const outcome = await followOnce(options, () => {
        failures = 0;
      });
      if (outcome === 'fenced') session.destroy();
      return;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (failures === 1) log('warn', `the fleet hub cannot read the uplink log of ${robot}: ${errorMessage(error)}`);
      await pause(clock, retryDelayMs(RETRY, failures, random), AbortSignal.any([signal, waiting.signal]));
    }
  }
}

/** Follows until the record rejects records. Throws if a reply cannot be used. */
async function followOnce(
  { session, fleet, ingest, turns, rates, onReopened, clock }: FollowOptions,
  onStored: () => void,
): Promise<Exclude<IngestOutcome, 'stored'> | undefined> {
  const { robot, epoch, uplink, signal } = session;
  const rate = rates.of(robot);
  const { state, stored } = await refreshState(session, fleet, clock);
  if (stored.outcome === 'fenced') return stored.outcome;
  let after = stored.seq ?? 0;
  const report = cursorReports(clock, signal, (seq) =>
    limited(clock, REPLY_MS, signal, (ending) =>
      putCursor(uplink, { hub: fleet.identity.fingerprint, log: state.log, seq }, ending),
    ),
  );
  const store = async (records: readonly RecordLine[]): Promise<IngestOutcome> => {
    const outcome = await ingest({ robot, epoch, log: state.log, after, records });
    if (outcome !== 'stored') return outcome;
    after = records.at(-1)!.seq;
    rate.count(records);
    onStored();
    report(after);
    // A removed record may be the end of a fault that is active for the hub.
    return records.some(isHole) ? (await refreshState(session, fleet, clock)).stored.outcome : outcome;
  };
  const read = (page: Pick<LogPage, 'waitSec'>) => (ending: AbortSignal) =>
    storeLines(readLog(uplink, { log: state.log, after, ...page }, ending), after, store);

  const readAll = async (): Promise<Exclude<IngestOutcome, 'stored'> | undefined> => {
    for (let before = -1; after < state.newest && after > before; ) {
      before = after;
      await rate.ready(signal);
      const page = () => limited(clock, REPLY_MS, signal, read({ waitSec: 0 }));
      const outcome = await turns.take(isUrgent(state), signal, page);
      if (outcome !== 'stored') return outcome;
    }
    if (stored.seq === after) report(after);
    for (;;) {
      await rate.ready(signal);
      const outcome = await limited(clock, WAIT_SEC * 1000 + REPLY_MS, signal, read({ waitSec: WAIT_SEC }));
      if (outcome !== 'stored') return outcome;
    }
  };
  // A database that went back has an earlier position: the robot connects again, and its records are read again.
  const verify = async (): Promise<void> => {
    const outcome = await ingest({ robot, epoch, log: state.log, after, records: [] });
    if (outcome !== 'stored') session.destroy();
  };
  // If the database is away again, the next return verifies it.
  const stopVerifying = onReopened(() => void verify().catch(() => undefined));
  try {
    return await readAll();
  } finally {
    stopVerifying();
  }
}

/** Reads the present state of a robot and stores it. Throws if the robot does not answer. */
export async function refreshState(
  { robot, epoch, uplink, signal }: Pick<RobotSession, 'epoch' | 'robot' | 'signal' | 'uplink'>,
  fleet: Pick<Fleet, 'storeState'>,
  clock: Clock,
): Promise<{ readonly state: UplinkState; readonly stored: Awaited<ReturnType<Fleet['storeState']>> }> {
  const state = await limited(clock, REPLY_MS, signal, (ending) => readState(uplink, ending));
  return { state, stored: await fleet.storeState(robot, epoch, state) };
}

/** The line that a robot sends in place of records that it removed unread. */
const isHole = ({ text }: RecordLine): boolean => text.startsWith('{"kind":"hole"');

const isUrgent = ({ faults }: UplinkState): boolean => faults.some(({ severity }) => severity >= URGENT_SEVERITY);

/** Stores the lines of a reply. Records that the robot has removed become a hole, which the record can judge. */
async function storeLines(
  blocks: AsyncIterable<readonly RecordLine[]>,
  after: number,
  store: (records: readonly RecordLine[]) => Promise<IngestOutcome>,
): Promise<IngestOutcome> {
  try {
    for await (const records of blocks) {
      for (let first = 0; first < records.length; first += MAX_RECORDS_TOGETHER) {
        const outcome = await store(records.slice(first, first + MAX_RECORDS_TOGETHER));
        if (outcome !== 'stored') return outcome;
      }
    }
    return 'stored';
  } catch (error) {
    if (!(error instanceof LogGone) || error.oldest <= after) throw error;
    const hole = { kind: 'hole', from: after + 1, to: error.oldest };
    return store([{ seq: error.oldest, text: JSON.stringify(hole) }]);
  }
}

/**
 * Reports the newest position: the first one immediately, later ones every 5 s. A report that fails is repeated with the
 * next position.
 */
function cursorReports(clock: Clock, signal: AbortSignal, send: (seq: number) => Promise<void>): (seq: number) => void {
  let isSending = false;
  let next: number | undefined;
  const run = async (): Promise<void> => {
    isSending = true;
    while (next !== undefined && !signal.aborted) {
      const seq = next;
      next = undefined;
      // The reading of the log shows the problem of a robot that cannot answer.
      await send(seq).catch(() => undefined);
      await pause(clock, REPORT_MS, signal);
    }
    isSending = false;
  };
  return (seq) => {
    next = seq;
    if (!isSending) void run();
  };
}

/** Runs `work` with a signal that is aborted after `ms`, or with `signal`. */
export async function limited<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (ending: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = clock.after(ms, () => late.abort());
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    timer.cancel();
  }
}
