import type { Clock, Port } from '@medkit/edges';
import type { Write, Writer } from '../engine/writer.ts';
import type { Answer, CallOf, FromThread, WriterCalls } from './protocol.ts';
import { encodeError } from './wire-error.ts';

/** Writes of one transaction: the first of them is not to wait for thousands. */
const MAX_GROUP = 512;

/** How often it is looked whether the files are still there, while nothing is written. */
const LOOK_PERIOD_MS = 2000;
/** How often what was committed is folded into the database. */
const FOLD_PERIOD_MS = 5000;

type Call = CallOf<WriterCalls>;
type WriteCall = Extract<Call, { readonly name: 'write' }>;

interface Dependencies {
  readonly port: Port;
  readonly writer: Writer;
  readonly clock: Clock;
}

/**
 * Answers the calls that come over `port`, in their order. All writes that arrived while the one before was on its way
 * to the disk go together: the more there are, the fewer times each waits for the disk. Gives what ends that: what is in
 * the queue by then is not done.
 */
export function serveWriter({ port, writer, clock }: Dependencies): () => void {
  const queue: Call[] = [];
  let scheduled = false;
  let ended = false;
  const tell = (message: FromThread) => port.postMessage(message);
  const schedule = () => {
    if (scheduled || ended || queue.length === 0) return;
    scheduled = true;
    // After all messages that are there by now.
    setImmediate(takeTurn);
  };
  const takeTurn = () => {
    scheduled = false;
    if (ended) return;
    const group = takeWrites(queue);
    const answers =
      group.length > 0 ? commit(writer, group) : [perform(writer, queue.shift() as Exclude<Call, WriteCall>)];
    // What was written to files that are removed is not on disk.
    const lost = group.length > 0 ? look() : undefined;
    tell({ kind: 'answers', answers: lost ? group.map(({ id }) => ({ id, error: encodeError(lost) })) : answers });
    if (ended) tell({ kind: 'rewritten' });
    // Nobody has to wait for that but who comes next.
    else writer.tidyLog();
    schedule();
  };
  /** Gives why removed files cannot be written anew. */
  const look = (): Error | undefined => {
    try {
      ended ||= writer.recover() === 'rewritten';
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };
  const looking = clock.every(LOOK_PERIOD_MS, () => {
    if (ended) return;
    // Who writes meanwhile is told; while nobody does nothing is lost.
    look();
    if (ended) tell({ kind: 'rewritten' });
  });
  const folding = clock.every(FOLD_PERIOD_MS, () => writer.foldLog());
  port.on('message', (calls) => {
    queue.push(...(calls as readonly Call[]));
    schedule();
  });
  return () => {
    ended = true;
    looking.cancel();
    folding.cancel();
  };
}

function takeWrites(queue: Call[]): readonly WriteCall[] {
  const other = queue.findIndex(({ name }) => name !== 'write');
  return queue.splice(0, Math.min(other < 0 ? queue.length : other, MAX_GROUP)) as WriteCall[];
}

function commit(writer: Writer, calls: readonly WriteCall[]): readonly Answer[] {
  const writes: readonly Write[] = calls.map(({ args }) => args[0]);
  return writer.commit(writes).map(({ result, error }, index) => {
    const { id } = calls[index];
    return error ? { id, error: encodeError(error) } : { id, value: result };
  });
}

function perform(writer: Writer, { id, name }: Exclude<Call, WriteCall>): Answer {
  try {
    return { id, value: writer[name]() };
  } catch (error) {
    return { id, error: encodeError(error as Error) };
  }
}
