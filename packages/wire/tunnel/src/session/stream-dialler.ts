import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Dial } from '@medkit/edges/node/http-streams';
import { asSocket, MAX_STREAMS } from './authorities.ts';

/** Opens the CONNECT streams of one robot. */
export interface StreamDialler {
  /** Returns a function that opens connections to a destination. At most `MAX_STREAMS` are open together. */
  dial(authority: string): Dial;
  /** Cuts all open streams. */
  cut(): void;
}

/** @param onDial called with the destination before each stream opens */
export function streamDialler(session: ClientHttp2Session, onDial?: (authority: string) => void): StreamDialler {
  const open = new Set<ClientHttp2Stream>();
  return {
    dial: (authority) => {
      const dial = (_options: unknown, done: Parameters<Dial>[1]) => {
        onDial?.(authority);
        const problem =
          session.destroyed || session.closed
            ? 'the robot is not connected'
            : open.size >= MAX_STREAMS
              ? `the robot has ${MAX_STREAMS} open streams: try again later`
              : undefined;
        if (problem !== undefined) {
          process.nextTick(done, new Error(problem), null);
          return undefined;
        }
        const stream = openConnection(session, authority, done);
        open.add(stream);
        stream.once('close', () => open.delete(stream));
        return stream;
      };
      return dial as Dial;
    },
    cut: () => {
      for (const stream of open) stream.destroy();
    },
  };
}

/** Opens a CONNECT stream; `done` receives it once the robot has answered 200. Returns it, so that it can be cancelled. */
function openConnection(session: ClientHttp2Session, authority: string, done: Parameters<Dial>[1]): ClientHttp2Stream {
  const stream = asSocket(session.request({ ':method': 'CONNECT', ':authority': authority }));
  let isSettled = false;
  const fail = (reason: string): void => {
    if (isSettled) return;
    isSettled = true;
    done(new Error(reason), null);
  };
  stream.on('error', ({ message }) => fail(message));
  stream.once('close', () => {
    fail('the robot closed the stream before it answered');
  });
  stream.once('response', ({ ':status': status }) => {
    if (isSettled) return;
    if (status === 200) {
      isSettled = true;
      done(null, stream as unknown as Parameters<Parameters<Dial>[1]>[1] & object);
      return;
    }
    fail(`the robot answered ${status} for the destination ${authority}`);
    stream.close();
  });
  return stream;
}
