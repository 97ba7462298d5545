import type { Port } from '@medkit/edges';
import type { Reader } from '../engine/reader.ts';
import type { Answer, CallOf, FromThread, ReaderCalls } from './protocol.ts';
import { encodeError } from './wire-error.ts';

/** Answers the calls that come over `port`, in their order. */
export function serveReader({ port, reader }: { readonly port: Port; readonly reader: Reader }): void {
  port.on('message', (calls) => {
    // Each by itself: an answer may be long, and who has asked first is not to wait for the last.
    for (const call of calls as readonly CallOf<ReaderCalls>[]) {
      port.postMessage({ kind: 'answers', answers: [answer(reader, call)] } satisfies FromThread);
    }
  });
}

function answer(reader: Reader, call: CallOf<ReaderCalls>): Answer {
  try {
    return { id: call.id, value: perform(reader, call) };
  } catch (error) {
    return { id: call.id, error: encodeError(error as Error) };
  }
}

function perform(reader: Reader, { name, args }: CallOf<ReaderCalls>): unknown {
  switch (name) {
    case 'read':
      return reader.read(...args);
    case 'eventsAfter':
      return reader.eventsAfter(...args);
    case 'verifyAudit':
      return reader.verifyAudit();
    case 'close':
      return reader.close();
  }
}
