import type { Clock, Port } from '@medkit/edges';
import { type IncomingCall, Link } from '@medkit/edges/link';
import type { Write, Writer } from '../engine/writer.ts';
import { STORE_ERRORS, WRITER_BOUNDS } from './link-errors.ts';
import type { Found, WriterCalls, WriterNotice } from './protocol.ts';

/** Writes of one transaction: the first of them is not to wait for thousands. */
const MAX_GROUP = 512;

/** How often it is looked whether the files are still there, while nothing is written. */
const LOOK_PERIOD_MS = 2000;
/** How often what was committed is folded into the database. */
const FOLD_PERIOD_MS = 5000;

interface Opened {
  readonly writer: Writer;
  readonly found: Found;
}

interface Dependencies {
  readonly port: Port;
  /** Throws where the database cannot be opened. `onShortage` hears that the disk is full. */
  readonly open: (onShortage: () => void) => Opened;
  readonly clock: Clock;
}

/**
 * Opens a database and answers the calls that come over `port`, in their order. All writes that arrived while the one before
 * was on its way to the disk go together: the more there are, the fewer times each waits for the disk. Gives what ends that
 * and closes the database: what is in the queue by then is not done.
 */
export function serveWriter({ port, open, clock }: Dependencies): () => void {
  const queue: IncomingCall[] = [];
  let scheduled = false;
  let ended = false;
  const onCall = (call: IncomingCall) => {
    queue.push(call);
    schedule();
  };
  const link = new Link({ port, bounds: WRITER_BOUNDS, errors: STORE_ERRORS, gathers: true, onCall });
  const notify = (notice: WriterNotice) => link.notify(notice);
  const schedule = () => {
    if (scheduled || ended || queue.length === 0) return;
    scheduled = true;
    // After all messages that are there by now.
    setImmediate(takeTurn);
  };
  const takeTurn = () => {
    scheduled = false;
    if (ended) return;
    if (!opened) {
      // Whoever asks hears why there is nothing to ask.
      for (const call of queue.splice(0)) call.fail(refusal);
      return;
    }
    const writes = takeWrites(queue);
    if (writes.length > 0) commit(opened.writer, writes);
    else perform(opened, queue.shift() as IncomingCall);
    if (ended) notify('rewritten');
    link.flush();
    // Nobody has to wait for that but who comes next.
    if (!ended) opened.writer.tidyLog();
    schedule();
  };
  const commit = (writer: Writer, calls: readonly IncomingCall[]) => {
    const outcomes = writer.commit(calls.map(({ args }) => args[0] as Write));
    // What was written to files that are removed is not on disk.
    const lost = look();
    for (const [index, { result, error }] of outcomes.entries()) {
      const failure = lost ?? error;
      if (failure) calls[index].fail(failure);
      else calls[index].answer(result);
    }
  };
  const perform = ({ writer, found }: Opened, call: IncomingCall) => {
    const name = call.name as Exclude<keyof WriterCalls, 'write'>;
    if (name === 'opened') {
      call.answer(found);
      // Whoever hears of a shortage has a store by then.
      link.flush();
      if (!writer.regainReserve()) notify('shortage');
      return;
    }
    try {
      call.answer(writer[name]());
    } catch (error) {
      call.fail(error);
    }
  };
  /** Gives why removed files cannot be written anew. */
  const look = (): Error | undefined => {
    try {
      ended ||= opened?.writer.recover() === 'rewritten';
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };
  let opened: Opened | undefined;
  let refusal: unknown;
  try {
    opened = open(() => notify('shortage'));
  } catch (error) {
    refusal = error;
  }
  const looking = clock.every(LOOK_PERIOD_MS, () => {
    if (ended) return;
    // Who writes meanwhile is told; while nobody does nothing is lost.
    look();
    if (ended) notify('rewritten');
  });
  const folding = clock.every(FOLD_PERIOD_MS, () => opened?.writer.foldLog());
  return () => {
    ended = true;
    looking.cancel();
    folding.cancel();
    opened?.writer.close();
  };
}

function takeWrites(queue: IncomingCall[]): readonly IncomingCall[] {
  const other = queue.findIndex(({ name }) => name !== 'write');
  return queue.splice(0, Math.min(other < 0 ? queue.length : other, MAX_GROUP));
}
