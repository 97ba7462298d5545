import type { Http2Session } from 'node:http2';
import type { Clock } from '@medkit/edges';
import { STREAM_WINDOW_BYTES } from '../session/authorities.ts';

/** Destination of the stream with the messages of both hubs. */
export const CONTROL = 'control';
/** Maximum open streams of a link: ten of each of 10,000 robots. */
const MAX_LINK_STREAMS = 100_000;
/** Pings without an answer after which a link is dead: one a second. */
const MAX_UNANSWERED = 5;
const PING_MS = 1000;

/**
 * Options of HTTP/2 on both ends of a link: it has the streams of all robots. Both hubs have the same secret, so the limits
 * of resets and rejected frames need not stop the other end. Memory in MB.
 */
export const LINK_OPTIONS = {
  maxSessionMemory: 1024,
  maxSessionRejectedStreams: MAX_LINK_STREAMS,
  streamResetBurst: MAX_LINK_STREAMS,
  streamResetRate: MAX_LINK_STREAMS,
};
/** The window of each stream bounds its memory. */
export const LINK_SETTINGS = {
  enablePush: false,
  initialWindowSize: STREAM_WINDOW_BYTES,
  maxConcurrentStreams: MAX_LINK_STREAMS,
};
/** Flow-control window of a link, bytes: Node.js reads all data of the connection, so slow streams do not use it up. */
export const LINK_WINDOW_BYTES = 16_777_216;

/** Pings the other end until the session closes. Calls `onDead` if it does not answer for 5 s. */
export function watchLink(session: Http2Session, clock: Clock, onDead: () => void): void {
  let unanswered = 0;
  // Counts pings and not time: a process that was busy has not read the answers yet.
  const timer = clock.every(PING_MS, () => {
    if (session.destroyed) return;
    if (unanswered >= MAX_UNANSWERED) return onDead();
    unanswered += 1;
    session.ping((error) => {
      if (!error) unanswered = 0;
    });
  });
  session.once('close', () => timer.cancel());
}
