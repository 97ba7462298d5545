import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { Dial } from '@medkit/edges/node/http-streams';
import type { Farewell } from '../handshake/messages.ts';
import {
  type Authority,
  asSocket,
  HTTP2_OPTIONS,
  HTTP2_SETTINGS,
  MAX_STREAMS,
  SESSION_WINDOW_BYTES,
} from './authorities.ts';

/** Round trip above which files need a larger window: 64 KiB per 50 ms are 1.3 MB/s. */
const SLOW_ROUND_TRIP_MS = 50;
const SLOW_WINDOW_BYTES = 262_144;
/** Time for the robot to receive a farewell before the connection is cut. */
const FAREWELL_MS = 500;

/** The streams of one robot. */
export interface HubSession {
  /** Returns a function that opens connections to a destination on the robot, for `httpStreamsOver`. */
  dial(authority: Authority): Dial;
  /** Sends the robot the reason why the session ends, and cuts it within 0.5 s. */
  end(farewell: Farewell): void;
  /** Cuts the session. */
  destroy(): void;
}

/** Opens HTTP/2 over a stream after the handshake. Only this end opens streams. `onEnd` is called once. */
export function hubSession(stream: Duplex, clock: Clock, onEnd: (reason: string) => void): HubSession {
  const { maxConcurrentStreams: _, ...settings } = HTTP2_SETTINGS;
  const session = connect('http://robot', {
    ...HTTP2_OPTIONS,
    settings,
    maxReservedRemoteStreams: 0,
    createConnection: () => stream,
  });
  let reason = 'the connection to the robot was lost';
  session.on('error', ({ message }) => {
    reason = message;
  });
  session.on('close', () => onEnd(reason));
  session.once('connect', () => {
    // Emitted even if the first bytes of the robot have ended the session.
    if (!session.destroyed) session.setLocalWindowSize(SESSION_WINDOW_BYTES);
  });
  let isWindowChosen = false;
  let openStreams = 0;
  return {
    dial: (authority) => {
      const open = (_options: unknown, done: Parameters<Dial>[1]) => {
        if (authority === 'files' && !isWindowChosen) {
          isWindowChosen = true;
          chooseWindow(session);
        }
        const problem =
          session.destroyed || session.closed
            ? 'the robot is not connected'
            : openStreams >= MAX_STREAMS
              ? `the robot has ${MAX_STREAMS} open streams: try again later`
              : undefined;
        if (problem !== undefined) {
          process.nextTick(done, new Error(problem), null);
          return undefined;
        }
        openStreams += 1;
        const stream = openConnection(session, authority, done);
        stream.once('close', () => {
          openStreams -= 1;
        });
        return stream;
      };
      return open as Dial;
    },
    end: (farewell) => {
      if (session.destroyed) return;
      session.goaway(0, 0, Buffer.from(JSON.stringify(farewell)));
      clock.after(FAREWELL_MS, () => session.destroy());
    },
    destroy: () => session.destroy(),
  };
}

/** Raises the window of all streams if the round trip is long. */
function chooseWindow(session: ClientHttp2Session): void {
  session.ping((error, roundTripMs) => {
    if (error || session.destroyed || roundTripMs < SLOW_ROUND_TRIP_MS) return;
    session.settings({ initialWindowSize: SLOW_WINDOW_BYTES });
  });
}

/** Opens a CONNECT stream; `done` receives it once the robot has answered 200. Returns it, so that it can be cancelled. */
function openConnection(
  session: ClientHttp2Session,
  authority: Authority,
  done: Parameters<Dial>[1],
): ClientHttp2Stream {
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
