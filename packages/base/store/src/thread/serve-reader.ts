import type { Port } from '@medkit/edges';
import { type Answers, answerBy, Link } from '@medkit/edges/link';
import type { Reader } from '../engine/reader.ts';
import { READER_BOUNDS, STORE_ERRORS } from './link-errors.ts';
import type { ReaderCalls } from './protocol.ts';

interface Dependencies {
  readonly port: Port;
  /** Throws where the database cannot be opened. */
  readonly open: () => Reader;
}

/** Opens a database and answers the calls that come over `port`, in their order. Gives what closes it. */
export function serveReader({ port, open }: Dependencies): () => void {
  let reader: Reader | undefined;
  // Opened by the first call, which is to hear why it cannot be; so are those behind it.
  const opened = (): Reader => (reader ??= open());
  const answers: Answers<ReaderCalls> = {
    opened: () => void opened(),
    read: ([statement]) => opened().read(statement),
    eventsAfter: ([id, limit]) => opened().eventsAfter(id, limit),
    verifyAudit: () => opened().verifyAudit(),
    close: () => reader?.close(),
  };
  // Each answer by itself: one may be long, and who has asked first is not to wait for the last.
  new Link({ port, bounds: READER_BOUNDS, errors: STORE_ERRORS, onCall: answerBy({ ...answers }) });
  return () => reader?.close();
}
