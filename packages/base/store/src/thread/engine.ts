import type { Clock, Thread, Timer } from '@medkit/edges';
import { Link, type LinkBounds } from '@medkit/edges/link';
import type { EngineOptions } from '../engine/engine-options.ts';
import { StoreUnavailable } from '../errors.ts';
import { READER_BOUNDS, STORE_ERRORS, WRITER_BOUNDS } from './link-errors.ts';
import type { Found, ReaderCalls, ThreadData, WriterCalls, WriterNotice } from './protocol.ts';

/** A thread of which nobody wants to read anything is 18 MB for nothing; to start one again takes less than 0.1 s. */
export const READER_IDLE_MS = 30_000;
/**
 * What is read so soon after the start is what was kept, before anybody writes much: the thread that writes reads it as well,
 * by a connection of its own. Later on a long read would keep writes waiting.
 */
export const EARLY_MS = 10_000;

export interface EngineEnd {
  readonly reason: string;
  /** The files were removed and are written anew with all that was in them: they only have to be opened. */
  readonly isRewritten: boolean;
}

/**
 * The two threads of a store: one writes and waits for the disk, the other reads meanwhile. That one is there as long as
 * something is read now and then, since many a store is only written to. For this store they end together, since a writer
 * that opens anew may have moved the file away.
 */
export interface Engine {
  readonly writer: Link<WriterCalls>;
  /** The thread that reads, while there is one. */
  readonly startedReader: Link<ReaderCalls> | undefined;
  /** Gives the thread that reads, and starts it where there is none; never that of the writer for what takes `isLong`. */
  reader(asked?: { readonly isLong?: boolean }): Link<ReaderCalls>;
  /** What the writer found. */
  readonly found: Found;
  /** Resolves when the first of them has ended, or both are to be ended. */
  readonly ended: Promise<EngineEnd>;
  /** Ends both; what is under way fails. */
  end(): Promise<void>;
}

/** Starts the thread that writes. Throws where the database cannot be opened. */
export async function startEngine(
  start: (data: ThreadData) => Thread,
  options: EngineOptions,
  clock: Clock,
  onShortage?: () => void,
): Promise<Engine> {
  const over = Promise.withResolvers<EngineEnd>();
  const endsWith = ({ ended }: Thread, isWanted = () => true) =>
    void ended.then((reason) => isWanted() && over.resolve({ reason, isRewritten: false }));
  const writer = startLinked<WriterCalls>(start({ role: 'writer', options }), 'writes', WRITER_BOUNDS, (notice) => {
    if (notice === 'shortage') onShortage?.();
    else over.resolve({ reason: 'its files were removed', isRewritten: true });
  });
  let found: Found;
  try {
    found = await writer.link.call('opened', []);
  } catch (error) {
    await writer.thread.end();
    throw error;
  }
  endsWith(writer.thread);
  let reader: ReturnType<typeof startReader> | undefined;
  let isRead = false;
  let looking: Timer | undefined;
  const startedMs = clock.monotonicMs();
  const startReader = (role: 'reader' | 'early-reader') => {
    const started = { role, ...startLinked<ReaderCalls>(start({ role, options }), 'reads', READER_BOUNDS) };
    endsWith(started.thread, () => reader === started);
    looking = clock.every(READER_IDLE_MS, () => void endIdleReader());
    // What is asked of it meanwhile is told why, and whoever asks later gets another one.
    started.link.call('opened', []).catch(() => dropReader(started));
    return started;
  };
  const dropReader = async (last: typeof reader): Promise<void> => {
    if (last === undefined || reader !== last) return;
    reader = undefined;
    looking?.cancel();
    await last.link.idle();
    await last.thread.end();
  };
  const endIdleReader = async (): Promise<void> => {
    const wasRead = isRead;
    isRead = false;
    const last = reader;
    if (wasRead || last === undefined || last.link.underWay > 0) return;
    // Whoever reads from now on gets another one.
    reader = undefined;
    looking?.cancel();
    // One that cannot close its database is ended all the same.
    await last.link.call('close', []).catch(() => undefined);
    await last.thread.end();
  };
  return {
    writer: writer.link,
    get startedReader() {
      return reader?.link;
    },
    reader: ({ isLong = false } = {}) => {
      const isEarly = !isLong && clock.monotonicMs() - startedMs < EARLY_MS;
      if (reader?.role === 'early-reader' && !isEarly) void dropReader(reader);
      reader ??= startReader(isEarly ? 'early-reader' : 'reader');
      isRead = true;
      return reader.link;
    },
    found,
    ended: over.promise,
    end: async () => {
      looking?.cancel();
      await Promise.all([writer.thread.end(), reader?.thread.end()]);
    },
  };
}

function startLinked<Calls extends object>(
  thread: Thread,
  does: string,
  bounds: LinkBounds,
  onNotice?: (notice: WriterNotice) => void,
) {
  const link = new Link<Calls>({
    port: thread.port,
    bounds,
    errors: STORE_ERRORS,
    gathers: true,
    onNotice: (notice) => onNotice?.(notice as WriterNotice),
  });
  void thread.ended.then((reason) =>
    link.break(
      new StoreUnavailable(`the thread that ${does} ended (${reason}): what was under way may be stored or not`),
    ),
  );
  return { thread, link };
}
