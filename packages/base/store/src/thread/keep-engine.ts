import { type Clock, type Timer, within } from '@medkit/edges';
import { StoreClosed, StoreUnavailable } from '../errors.ts';
import type { Engine, EngineEnd } from './engine.ts';

/** How long to wait before the next start, by how many in a row came to nothing. */
const RESTART_DELAYS_MS = [250, 1000, 5000, 30_000];
/** Threads that ran for so long count as well again. */
const WELL_MS = 60_000;
/** What is under way when the store is closed has so long. */
export const CLOSE_TIMEOUT_MS = 5000;

interface EngineState {
  readonly running: boolean;
  /** How often one ended by itself, and why there is none or was none last. */
  readonly ends: number;
  readonly lastReason: string | undefined;
  /** Where the last damaged file was moved to. */
  readonly setAside: string | undefined;
  /** Transactions that were acknowledged and were not there any more when the file was opened. */
  readonly lostCommits: number;
  /** How often its files were removed and written anew. */
  readonly rewrites: number;
}

export interface KeptEngine {
  /** The one that runs. Throws `StoreUnavailable` while it is waited for, `StoreClosed` in the end. */
  current(): Engine;
  state(): EngineState;
  close(): Promise<void>;
}

interface Dependencies {
  readonly path: string;
  readonly start: () => Promise<Engine>;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/**
 * Keeps an engine running: where one ends by itself, another is started, later and later while they come to nothing.
 * Throws where the first cannot be started.
 */
export async function keepEngine({ path, start, clock, warn }: Dependencies): Promise<KeptEngine> {
  let engine: Engine | undefined;
  let state: Omit<EngineState, 'running'> = {
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
    const startedMs = clock.monotonicMs();
    const { setAside, lostCommits } = started.found;
    if (setAside !== undefined) {
      state = { ...state, setAside };
      warn(`${path} was damaged and is kept as ${setAside}: a new database was begun`);
    }
    if (lostCommits > 0) {
      state = { ...state, lostCommits: state.lostCommits + lostCommits };
      warn(
        `${path} went back: the last ${lostCommits} transactions that were acknowledged are not in it. ` +
          'Its log was removed, cut or damaged, or an older copy was put in its place',
      );
    }
    void started.ended.then((end) => onEnd(started, end, clock.monotonicMs() - startedMs));
  };
  const onEnd = async (ended: Engine, { reason, isRewritten }: EngineEnd, ranMs: number): Promise<void> => {
    engine = undefined;
    if (closing) return;
    if (isRewritten) {
      state = { ...state, lastReason: reason, rewrites: state.rewrites + 1 };
      warn(
        `the files of ${path} were removed while they were in use: they are written anew, with all that was in them`,
      );
      await ended.end();
      await run().catch((error: Error) => startLater(error.message));
      return;
    }
    state = { ...state, ends: state.ends + 1 };
    if (ranMs >= WELL_MS) failures = 0;
    // One of the two threads may still hold the file.
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
    // Threads that fail while they close are gone, which is all that was wanted.
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
    state: () => ({ ...state, running: engine !== undefined }),
    close: () => (closing ??= close()),
  };
}

/** The reader first: the connection that is closed last folds the log into the database and removes it. */
async function finish({ writer, startedReader: reader }: Engine): Promise<void> {
  await Promise.all([writer.idle(), reader?.idle()]);
  await reader?.call('close', []);
  await writer.call('close', []);
}
