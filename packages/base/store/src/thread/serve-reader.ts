import type { Port } from '@medkit/edges';
import { type Answers, dispatchCalls, Link } from '@medkit/edges/link';
import type { Reader } from '../engine/reader.ts';
import { READER_BOUNDS, STORE_ERRORS } from './link-errors.ts';
import type { ReaderCalls } from './protocol.ts';

interface Dependencies {
  readonly port: Port;
  /** Throws if the database cannot be opened. */
  readonly open: () => Reader;
}

/** Opens a database and answers the calls of `port` in order. Returns a function that closes it. */
export function serveReader({ port, open }: Dependencies): () => void {
  let reader: Reader | undefined;
  // The first call opens the database, so that it and later calls receive the reason of a failure.
  const opened = (): Reader => (reader ??= open());
  const answers: Answers<ReaderCalls> = {
    opened: () => void opened(),
    read: ([statement]) => opened().read(statement),
    eventsAfter: ([id, limit]) => opened().eventsAfter(id, limit),
    verifyAudit: () => opened().verifyAudit(),
    close: () => reader?.close(),
  };
  // Sends each answer separately, so that a long query does not delay earlier answers.
  new Link({ port, bounds: READER_BOUNDS, errors: STORE_ERRORS, onCall: dispatchCalls({ ...answers }) });
  return () => reader?.close();
}
