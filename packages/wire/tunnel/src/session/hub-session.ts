import { type ClientHttp2Session, connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { Dial } from '@medkit/edges/node/http-streams';
import type { Farewell } from '../handshake/messages.ts';
import { type Authority, HTTP2_OPTIONS, HTTP2_SETTINGS, SESSION_WINDOW_BYTES } from './authorities.ts';
import { streamDialler } from './stream-dialler.ts';

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
  const { dial } = streamDialler(session, (authority) => {
    if (authority !== 'files' || isWindowChosen) return;
    isWindowChosen = true;
    chooseWindow(session);
  });
  return {
    dial,
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
