import { type Clock, type Timer, within } from '@medkit/edges';
import { StoreClosed, StoreUnavailable } from '../errors.ts';
import type { StoreFacts } from '../store.ts';
import type { EngineEnd } from './engine.ts';
import type { Found } from './protocol.ts';

/** Delay before the next start, by the number of consecutive failures. */
const RESTART_DELAYS_MS = [250, 1000, 5000, 30_000];
/** Threads that ran this long count as healthy, which resets the failures. */
const WELL_MS = 60_000;
/** Time limit for pending calls when the store is closed. */
export const CLOSE_TIMEOUT_MS = 5000;

/** What runs a store, in threads or in another process. */
export interface SupervisedEngine {
  readonly found: Found;
  readonly ended: Promise<EngineEnd>;
  end(): Promise<void>;
}

type CallsUnderWay = Pick<StoreFacts, 'readsUnderWay' | 'writesUnderWay'>;

export interface EngineSupervisor<E> {
  /** Returns the running engine. Throws `StoreUnavailable` while it restarts, `StoreClosed` after `close`. */
  current(): E;
  /** Returns the facts of the store; `callsOf` counts the calls that are under way in a running engine. */
  facts(callsOf: (engine: E) => CallsUnderWay): StoreFacts;
  close(): Promise<void>;
}

interface Dependencies<E> {
  readonly path: string;
  readonly start: () => Promise<E>;
  /** Waits for the pending calls of an engine and closes it. */
  readonly finish: (engine: E) => Promise<void>;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  /** Called each time that an engine runs after an earlier one ended. */
  readonly onRestarted?: (() => void) | undefined;
}

/**
 * Keeps an engine running: restarts it if it ends unexpectedly, with growing delays while starts fail. Throws if the
 * first start fails.
 */
export async function superviseEngine<E extends SupervisedEngine>({
  path,
  start,
  finish,
  clock,
  warn,
  onRestarted,
}: Dependencies<E>): Promise<EngineSupervisor<E>> {
  let engine: E | undefined;
  let state: Omit<StoreFacts, 'path' | 'running' | keyof CallsUnderWay> = {
    ends: 0,
    lastReason: undefined,
    setAside: undefined,
    lostCommits: 0,
    rewrites: 0,
  };
  let failures = 0;
  let restart: Timer | undefined;
  let closing: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    const started = await start();
    if (closing) return started.end();
    engine = started;
    if (state.ends > 0 || state.rewrites > 0) onRestarted?.();
    const startedMs = clock.monotonicMs();
    const { setAside, lostCommits } = started.found;
    if (setAside !== undefined) {
      state = { ...state, setAside };
      warn(`${path} was damaged and was moved to ${setAside}: a new database was created`);
    }
    if (lostCommits > 0) {
      state = { ...state, lostCommits: state.lostCommits + lostCommits };
      warn(
        `${path} lost its last ${lostCommits} acknowledged transactions. ` +
          'Its write-ahead log was removed, truncated or damaged, or the file was replaced by an older copy',
      );
    }
    void started.ended.then((end) => onEnd(started, end, clock.monotonicMs() - startedMs));
  };
  const onEnd = async (ended: E, { reason, isRewritten }: EngineEnd, ranMs: number): Promise<void> => {
    engine = undefined;
    if (closing) return;
    if (isRewritten) {
      state = { ...state, lastReason: reason, rewrites: state.rewrites + 1 };
      warn(
        `the files of ${path} were removed while they were in use: the store recreates them with their full content`,
      );
      await ended.end();
      await run().catch((error: Error) => startLater(error.message));
      return;
    }
    state = { ...state, ends: state.ends + 1 };
    if (ranMs >= WELL_MS) failures = 0;
    // One of the two threads may still have the file open.
    await ended.end();
    startLater(reason);
  };
  const startLater = (reason: string): void => {
    if (closing) return;
    const delayMs = RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)];
    failures += 1;
    state = { ...state, lastReason: reason };
    warn(`the store ${path} is down (${reason}) and is opened again in ${delayMs} ms`);
    restart = clock.after(delayMs, () => void run().catch((error: Error) => startLater(error.message)));
  };
  const close = async (): Promise<void> => {
    restart?.cancel();
    const last = engine;
    engine = undefined;
    if (!last) return;
    // A thread that fails to close is ended anyway.
    const finished = finish(last).catch(() => undefined);
    await within(clock, CLOSE_TIMEOUT_MS, finished, () => undefined);
    await last.end();
  };

  await run();
  return {
    current() {
      if (closing) throw new StoreClosed(`the store ${path} is closed`);
      if (!engine)
        throw new StoreUnavailable(`the store ${path} is down (${state.lastReason}) and is opened again shortly`);
      return engine;
    },
    facts: (callsOf) => ({
      ...{ path, ...state, running: engine !== undefined },
      ...(engine ? callsOf(engine) : { writesUnderWay: 0, readsUnderWay: 0 }),
    }),
    close: () => (closing ??= close()),
  };
}
