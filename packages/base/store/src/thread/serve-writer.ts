import type { Clock, Port } from '@medkit/edges';
import { type IncomingCall, Link } from '@medkit/edges/link';
import type { Write, Writer } from '../engine/writer.ts';
import { STORE_ERRORS, WRITER_BOUNDS } from './link-errors.ts';
import type { Found, WriterCalls, WriterNotice } from './protocol.ts';

/** Maximum writes of one transaction, so that the first does not wait for thousands. */
const MAX_GROUP = 512;

/** How often the writer checks that the files still exist, while nothing is written. */
const LOOK_PERIOD_MS = 2000;
/** How often committed data is checkpointed into the database. */
const FOLD_PERIOD_MS = 5000;

interface Opened {
  readonly writer: Writer;
  readonly found: Found;
}

interface Dependencies {
  readonly port: Port;
  /** Throws if the database cannot be opened. Calls `onShortage` if the disk is full. */
  readonly open: (onShortage: () => void) => Opened;
  readonly clock: Clock;
}

/**
 * Opens a database and answers the calls of `port` in order. Writes that arrive while the previous transaction is being
 * written to disk are committed together, so that each waits for the disk less often. Returns a function that stops and
 * closes the database; queued calls are dropped.
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
    // Runs after all messages received so far.
    setImmediate(runNext);
  };
  const runNext = () => {
    scheduled = false;
    if (ended) return;
    if (!opened) {
      // Fails each call with the reason why the database could not be opened.
      for (const call of queue.splice(0)) call.fail(refusal);
      return;
    }
    const writes = takeWrites(queue);
    if (writes.length > 0) commit(opened.writer, writes);
    else perform(opened, queue.shift() as IncomingCall);
    if (ended) notify('rewritten');
    link.flush();
    // Runs after the answers are sent, so that only the next call waits for it.
    if (!ended) opened.writer.tidyLog();
    schedule();
  };
  const commit = (writer: Writer, calls: readonly IncomingCall[]) => {
    const outcomes = writer.commit(calls.map(({ args }) => args[0] as Write));
    // A write to removed files is not on disk.
    const lost = checkFiles();
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
      // Sends the answer first, so that the store exists when the shortage is reported.
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
  /** Returns the reason if removed files cannot be rewritten. */
  const checkFiles = (): Error | undefined => {
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
  const checking = clock.every(LOOK_PERIOD_MS, () => {
    if (ended) return;
    // The next write reports a failure; without writes, nothing is lost.
    checkFiles();
    if (ended) notify('rewritten');
  });
  const folding = clock.every(FOLD_PERIOD_MS, () => opened?.writer.foldLog());
  return () => {
    ended = true;
    checking.cancel();
    folding.cancel();
    opened?.writer.close();
  };
}

function takeWrites(queue: IncomingCall[]): readonly IncomingCall[] {
  const other = queue.findIndex(({ name }) => name !== 'write');
  return queue.splice(0, Math.min(other < 0 ? queue.length : other, MAX_GROUP));
}
