import type { Clock, Thread, Timer } from '@medkit/edges';
import { Link, type LinkBounds } from '@medkit/edges/link';
import type { EngineOptions } from '../engine-options.ts';
import { StoreUnavailable } from '../errors.ts';
import { READER_BOUNDS, STORE_ERRORS, WRITER_BOUNDS } from './link-errors.ts';
import type { Found, ReaderCalls, ThreadData, WriterCalls, WriterNotice } from './protocol.ts';

/** Idle time after which the reader thread ends: it takes 18 MB, and restarting it takes less than 0.1 s. */
export const READER_IDLE_MS = 30_000;
/**
 * Reads within this time after the start load stored state before many writes begin. The writer thread serves them on a
 * separate connection. Later, a long read would delay writes.
 */
export const EARLY_MS = 10_000;

export interface EngineEnd {
  readonly reason: string;
  /** The files were removed and have been rewritten with their whole content; the store only has to reopen them. */
  readonly isRewritten: boolean;
}

/**
 * The two threads of a store: one writes and waits for the disk, the other reads. The reader thread runs only while
 * there are reads, since many stores are only written to. Both end together, because a restarted writer may have moved
 * the file aside.
 */
export interface Engine {
  readonly writer: Link<WriterCalls>;
  /** The link to the reader, if it is running. */
  readonly startedReader: Link<ReaderCalls> | undefined;
  /** Returns the link to the reader and starts it if needed. If `isLong`, never uses the writer thread. */
  reader(options?: { readonly isLong?: boolean }): Link<ReaderCalls>;
  /** Result of opening the database. */
  readonly found: Found;
  /** Resolves when a thread has ended or both must be restarted. */
  readonly ended: Promise<EngineEnd>;
  /** Ends both threads; pending calls fail. */
  end(): Promise<void>;
}

/** Starts the writer thread. Throws if the database cannot be opened. */
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
    // Pending calls receive the error; later calls start a new reader.
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
    // Later calls start a new reader.
    reader = undefined;
    looking?.cancel();
    // A reader that cannot close its database is ended anyway.
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
      new StoreUnavailable(
        `the thread that ${does} ended (${reason}): calls in progress may or may not have been stored`,
      ),
    ),
  );
  return { thread, link };
}

/** Closes the reader first: the last connection to close checkpoints the log and removes it. */
export async function finishEngine({ writer, startedReader: reader }: Engine): Promise<void> {
  await Promise.all([writer.idle(), reader?.idle()]);
  await reader?.call('close', []);
  await writer.call('close', []);
}
