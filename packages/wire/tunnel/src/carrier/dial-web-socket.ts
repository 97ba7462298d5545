import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Clock, retryAfterMs } from '@medkit/edges';
import { WebSocket } from 'ws';
import { UplinkFailed } from '../handshake/uplink-end.ts';
import { type Carrier, UPLINK_PROTOCOL } from './carrier.ts';
import { WEB_SOCKET_OPTIONS, webSocketCarrier } from './web-socket-carrier.ts';

/** Longest `Retry-After` that counts: the rest of a day. */
const MAX_RETRY_MS = 86_400_000;
/** Statuses with which a hub or a proxy defers a robot. */
const BUSY = [429, 503];
/**
 * Problems of the outer certificate that do not end the attempt. A robot may start with a clock of 1970, and the inner
 * TLS proves the hub by its key. OpenSSL reports only the last problem: with one of these, the issuer of the certificate
 * is not checked either.
 */
const DATE_PROBLEMS = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'];

export interface WebSocketOptions {
  /** `wss://hub.example.com/api/v1/x-medkit-fleet/uplink`; `ws:` only for a lab. */
  readonly url: string;
  /** Certificate authorities of the outer TLS, PEM; the default ones if absent. */
  readonly authorities?: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface DialledCarrier {
  readonly carrier: Carrier;
  /** Code of a date problem of the outer certificate, such as `CERT_HAS_EXPIRED`. */
  readonly outerProblem: string | undefined;
}

/** Opens a WebSocket. Throws `UplinkFailed` (`busy` or `lost`). Aborting the signal ends the attempt. */
export function dialWebSocket({ url, authorities, clock, signal }: WebSocketOptions): Promise<DialledCarrier> {
  const isSecure = url.startsWith('wss:');
  const socket = new WebSocket(url, {
    ...WEB_SOCKET_OPTIONS,
    // Judged below, because Node.js would also reject a certificate for its date.
    rejectUnauthorized: false,
    ...(authorities && { ca: [...authorities] }),
    // Masks protect proxies that read plain HTTP. Inside TLS, masking would be the robot's largest cost.
    ...(isSecure && { generateMask: (mask) => mask.fill(0), ALPNProtocols: [UPLINK_PROTOCOL, 'http/1.1'] }),
  });
  const { promise, resolve, reject } = Promise.withResolvers<DialledCarrier>();
  const fail = (error: Error): void => {
    reject(error);
    socket.terminate();
  };
  const abort = (): void => fail(new UplinkFailed({ kind: 'lost', reason: `${url} did not answer in time` }));
  let outerProblem: string | undefined;
  let outer: Socket | undefined;
  socket.on('error', (error) => {
    reject(new UplinkFailed({ kind: 'lost', reason: `cannot connect to ${url}: ${error.message}` }));
  });
  socket.on('unexpected-response', (request, response) => {
    fail(refusedUpgrade(url, response, clock));
    request.destroy();
  });
  socket.on('upgrade', (response) => {
    outer = response.socket;
    const problem = isSecure ? certificateProblem(response.socket as TLSSocket) : undefined;
    if (problem !== undefined && !DATE_PROBLEMS.includes(problem)) {
      const remedy = 'set hub.ca_file if the hub uses a private certificate authority';
      fail(
        new UplinkFailed({ kind: 'lost', reason: `the certificate of ${url} is not trusted: ${problem}; ${remedy}` }),
      );
    }
    outerProblem = problem;
  });
  socket.once('open', () => resolve({ carrier: webSocketCarrier(socket, clock, outer!), outerProblem }));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  return promise.finally(() => signal.removeEventListener('abort', abort));
}

function certificateProblem({ authorized, authorizationError }: TLSSocket): string | undefined {
  if (authorized) return undefined;
  return authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
}

function refusedUpgrade(url: string, { statusCode, headers }: IncomingMessage, clock: Clock): UplinkFailed {
  if (!BUSY.includes(statusCode ?? 0)) {
    const reason = `${url} answered ${statusCode} instead of a WebSocket: check the address, and that proxies pass WebSockets`;
    return new UplinkFailed({ kind: 'lost', reason });
  }
  const after = headers['retry-after'];
  const retryMs = retryAfterMs({ headers: after === undefined ? {} : { 'retry-after': after } }, clock, MAX_RETRY_MS);
  return new UplinkFailed({ kind: 'busy', retryMs, reason: `${url} answered ${statusCode}: the hub is busy` });
}
