import type { Duplex } from 'node:stream';

/**
 * Destinations of the streams that a hub opens: state and log; the API of the gateway; the API again for recordings and
 * uploads, which are paced.
 */
export const AUTHORITIES = ['uplink', 'gateway', 'files'] as const;
export type Authority = (typeof AUTHORITIES)[number];

/** Maximum open streams of a session. */
export const MAX_STREAMS = 100;
/** Flow-control window of a stream, bytes. */
export const STREAM_WINDOW_BYTES = 65_536;
/** Flow-control window of a session, bytes. */
export const SESSION_WINDOW_BYTES = 1_048_576;
/** Options of HTTP/2 on both ends. Memory in MB; a header block has two short pseudo-headers. */
export const HTTP2_OPTIONS = { maxSessionMemory: 16, maxSessionInvalidFrames: 100, maxSessionRejectedStreams: 100 };
export const HTTP2_SETTINGS = {
  enablePush: false,
  initialWindowSize: STREAM_WINDOW_BYTES,
  maxConcurrentStreams: MAX_STREAMS,
  maxHeaderListSize: 16_384,
};

/** Adds the methods of a TCP socket that HTTP/1.1 calls and a stream of HTTP/2 does not have. Most do nothing. */
export function asSocket<S extends Duplex>(stream: S): S {
  const same = (): S => stream;
  const destroySoon = (): void => void stream.end();
  return Object.assign(stream, { setNoDelay: same, setKeepAlive: same, ref: same, unref: same, destroySoon });
}
