import type { GatewayConfig } from '../config/index.ts';

/** Maximum bytes of all request headers together, URL included: four times the longest URL. */
export const MAX_HEADER_BYTES = 32_768;
/**
 * A client that takes longer to send its headers, or its whole request, only occupies a connection. An upload over a
 * robot's radio may take minutes.
 */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 300_000;
/**
 * Closes a connection without traffic after this time: its client does not read. No reply takes that long, except one
 * of a service call, whose configured timeout is added.
 */
const IDLE_CONNECTION_MS = 600_000;
/** Interval of the checks for these timeouts. */
const CHECK_MS = 1000;

/** Limits of the HTTP parser. */
export const SERVER_LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  connectionsCheckingInterval: CHECK_MS,
  requireHostHeader: false,
};

/** Returns the time limits of connections and requests. */
export function serverTimes({
  server,
  service_call_timeout_sec,
}: Pick<GatewayConfig, 'server' | 'service_call_timeout_sec'>) {
  return {
    keepAliveTimeout: server.keep_alive_timeout_sec * 1000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_CONNECTION_MS + service_call_timeout_sec * 1000,
  };
}
