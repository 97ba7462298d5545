import { BlobError } from '@medkit/blobs';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, pause } from '@medkit/edges';
import { type Fleet, FleetQuotaReached, type Transfer, transferDelayMs } from '@medkit/fleet';
import type { RobotSession, RobotSessions } from '../robot-sessions.ts';
import { type EvidenceStore, storeProblem } from './evidence-store.ts';
import { type FetchOutcome, fetchDocument, fetchFile } from './fetch-file.ts';
import type { PartFiles } from './part-files.ts';

/** Recordings that a hub fetches at a time, one of each robot: each holds 4 MiB in memory. */
export const MAX_RECORDINGS = 8;
/** Documents with frames and log windows that a hub fetches at a time, one of each robot. */
const MAX_DOCUMENTS = 8;
/** Largest document of a fault with its frames and log windows. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
/** Interval in which transfers are looked for that have waited. */
const LOOK_MS = 15_000;
/**
 * A look waits for this many times the duration of the one before: a look reads the names of all robots, and each robot that
 * connects causes one.
 */
const REST = 20;
/** Time within which a session ends after the connection of one of its requests. */
const SESSION_END_MS = 3000;
/** Time between two reads of the state of a robot that refuses transfers because of its data budget. */
const STATE_MS = 900_000;
/** Delay while the quota of evidence is used up: retention removes files each hour. */
const QUOTA_RETRY_MS = 600_000;
/** Delay after a failure of the store, which is not one of the robot. */
const STORE_RETRY_MS = 300_000;

export interface TransferRunnerOptions {
  readonly evidence: Fleet['evidence'];
  readonly sessions: Pick<RobotSessions, 'all' | 'get'>;
  readonly store: EvidenceStore;
  readonly parts: PartFiles;
  /** Reads the state of a robot and stores it. */
  readonly refreshState: (session: RobotSession) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs the transfers of connected robots. */
export interface TransferRunner {
  /** Looks for transfers that are due. */
  look(): void;
  /** Transfers that are running now. */
  readonly running: { readonly recordings: number; readonly documents: number };
  /** Ends the transfers; what was received is stored. */
  close(): Promise<void>;
}

/** A kind of transfers that run independently of the others, so that a recording does not delay frames. */
interface Lane {
  readonly isRecording: boolean;
  readonly max: number;
  readonly running: Map<string, Promise<void>>;
}

export function transferRunner(options: TransferRunnerOptions): TransferRunner {
  const { evidence, sessions, clock, log } = options;
  const recordings: Lane = { isRecording: true, max: MAX_RECORDINGS, running: new Map() };
  /** When the state of each session was read last. */
  const statesMs = new WeakMap<RobotSession, number>();
  const documents: Lane = { isRecording: false, max: MAX_DOCUMENTS, running: new Map() };
  let looking: Promise<void> | undefined;
  let isAgain = false;
  const closing = new AbortController();

  /** Updates what the hub knows of the data budget of a robot. A robot that cannot answer ends its session soon. */
  const noteBudget = async (session: RobotSession): Promise<void> => {
    const nowMs = clock.monotonicMs();
    if (nowMs - (statesMs.get(session) ?? Number.NEGATIVE_INFINITY) < STATE_MS) return;
    statesMs.set(session, nowMs);
    await options.refreshState(session).catch((error: unknown) => {
      log('warn', `cannot read the data budget of ${session.robot}: ${errorMessage(error)}`);
    });
  };
  const start = (lane: Lane, session: RobotSession, transfer: Transfer): void => {
    const { robot } = transfer;
    const work = run(options, session, transfer)
      .then((ended) => (ended?.isOverBudget ? noteBudget(session) : undefined))
      .catch((error: unknown) => log('error', `cannot note a transfer of ${robot}: ${errorMessage(error)}`))
      .finally(() => {
        lane.running.delete(robot);
        look();
      });
    lane.running.set(robot, work);
  };
  const fill = async (lane: Lane): Promise<void> => {
    while (!closing.signal.aborted && lane.running.size < lane.max) {
      const robots = sessions.all().flatMap(({ robot }) => (lane.running.has(robot) ? [] : [robot]));
      if (robots.length === 0) return;
      const due = await evidence.transfers.due(robots, lane.isRecording);
      let started = 0;
      for (const transfer of due) {
        const session = sessions.get(transfer.robot);
        if (!session || lane.running.has(transfer.robot) || lane.running.size >= lane.max || closing.signal.aborted)
          continue;
        start(lane, session, transfer);
        started += 1;
      }
      if (started === 0) return;
    }
  };
  const look = (): void => {
    isAgain = true;
    if (closing.signal.aborted) return;
    looking ??= (async () => {
      while (isAgain) {
        isAgain = false;
        const beganMs = clock.monotonicMs();
        await fill(documents);
        await fill(recordings);
        await pause(clock, REST * (clock.monotonicMs() - beganMs), closing.signal);
      }
    })()
      .catch((error: unknown) => log('error', `the hub cannot look for transfers: ${errorMessage(error)}`))
      .finally(() => {
        looking = undefined;
      });
  };
  const timer = clock.every(LOOK_MS, look);
  return {
    look,
    get running() {
      return { recordings: recordings.running.size, documents: documents.running.size };
    },
    close: async () => {
      closing.abort();
      timer.cancel();
      await looking;
      await Promise.all([...recordings.running.values(), ...documents.running.values()]);
    },
  };
}

/** Runs one transfer and notes its end. Returns how it waits, if it has to. */
async function run(
  options: TransferRunnerOptions,
  session: RobotSession,
  transfer: Transfer,
): Promise<Extract<FetchOutcome, { outcome: 'wait' }> | undefined> {
  const { transfers } = options.evidence;
  const { id } = transfer;
  let ended: FetchOutcome;
  try {
    await options.evidence.assertRoom(id, 0);
    ended =
      transfer.kind === 'recording'
        ? await fetchRecording(options, session, transfer)
        : await fetchRecord(options, session, transfer);
  } catch (error) {
    if (error instanceof FleetQuotaReached) {
      await transfers.wait(id, { reason: error.message, ms: QUOTA_RETRY_MS, isAttempt: false });
      return undefined;
    }
    if (error instanceof BlobError) {
      await transfers.wait(id, { reason: storeProblem(error), ms: STORE_RETRY_MS, isAttempt: false });
      return undefined;
    }
    // A cut ends the reply a moment before the session: it is no attempt, and the transfer goes on after the reconnect.
    await pause(options.clock, SESSION_END_MS, session.signal);
    if (session.signal.aborted) {
      await transfers.wait(id, { reason: 'the robot is away', ms: 0, isAttempt: false });
      return undefined;
    }
    ended = { outcome: 'retry', reason: errorMessage(error) };
  }
  if (ended.outcome === 'gone' || ended.outcome === 'failed') {
    await options.parts.remove(id);
    await transfers[ended.outcome](id, ended.reason);
    return undefined;
  }
  if (ended.outcome === 'wait') {
    await transfers.wait(id, { reason: ended.reason, ms: ended.ms, isAttempt: false });
    return ended;
  }
  if (ended.outcome === 'retry') {
    const ms = transferDelayMs(transfer.attempts);
    await transfers.wait(id, { reason: ended.reason, ms, isAttempt: true });
  }
  return undefined;
}

async function fetchRecording(
  { evidence, store, parts, clock }: TransferRunnerOptions,
  session: RobotSession,
  transfer: Transfer,
): Promise<FetchOutcome> {
  const { id } = transfer;
  const onProgress = (file: Parameters<typeof evidence.transfers.progress>[1]) => evidence.transfers.progress(id, file);
  const assertRoom = (bytes: number) => evidence.assertRoom(id, bytes);
  const fetched = await fetchFile({ session, transfer, parts, clock, assertRoom, onProgress });
  if (fetched.outcome !== 'complete') return fetched;
  const { bytes } = fetched;
  const sha256 = await parts.digest(id);
  await store.keep({ sha256, bytes, read: () => parts.read(id) }, () =>
    evidence.transfers.kept(transfer, { bytes, sha256 }),
  );
  await parts.remove(id);
  return fetched;
}

/** Fetches the detail of a fault, which has its frames and log windows. */
async function fetchRecord(
  { evidence, store, clock }: TransferRunnerOptions,
  session: RobotSession,
  transfer: Transfer,
): Promise<FetchOutcome> {
  const content = await fetchDocument({ session, transfer, clock }, MAX_DOCUMENT_BYTES);
  if (!(content instanceof Uint8Array)) return content;
  const { createHash } = await import('node:crypto');
  await evidence.assertRoom(transfer.id, content.length);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const file = { sha256, bytes: content.length };
  async function* read() {
    yield content as Uint8Array;
  }
  await store.keep({ ...file, read }, () => evidence.transfers.kept(transfer, file));
  return { outcome: 'complete', bytes: file.bytes };
}
