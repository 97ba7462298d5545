import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';
import { addressPrefix } from '../limits/address-prefix.ts';

/** Limits of concurrent connections. */
export interface ConnectionBounds {
  /** In all: below the usual limit of open files. */
  readonly total: number;
  /**
   * From one IPv4 address or IPv6 /64, so that no client can use all connections. A thousand event streams of one proxy
   * fit.
   */
  readonly perAddress: number;
  /** From one address, of connections without a complete request. */
  readonly silentPerAddress: number;
}

const BOUNDS: ConnectionBounds = { total: 4096, perAddress: 2048, silentPerAddress: 256 };

/**
 * Maximum requests of a connection that wait for the replies to earlier ones. Their replies are computed in the
 * meantime and held in memory.
 */
const MAX_PIPELINED = 64;

/** Minimum rate of a request body. A robot's radio is faster; a slower client only occupies a connection. */
const MIN_BODY_BYTES_PER_SEC = 1024;
/** Period over which the rate of a body is measured. */
export const RATE_CHECK_MS = 5000;
/** Consecutive periods below the least rate after which a request ends with 408. */
export const MAX_SLOW_CHECKS = 3;

/** State of one client address. */
interface Caller {
  open: number;
  /** Connections without a complete request; longest without progress first. */
  readonly silent: Set<Socket>;
}

interface Connection {
  readonly caller: Caller;
  /** Response to the latest request. */
  response?: ServerResponse;
  /** The latest request, until its body is complete. */
  body?: IncomingMessage | undefined;
  /** Bytes received at the last rate check. */
  bytesRead: number;
  slowChecks: number;
}

/**
 * Keeps connections available for clients that send requests. A connection is silent until its request is complete,
 * body included. A connection over a limit replaces the longest silent one: from the same address or, if the total is
 * reached, from any. If none is silent, it replaces an idle one, then one of the address with the most connections.
 * Returns the counts of connections by address; `refused` are those that were closed because of a limit or a slow body.
 * `release` stops to count a connection that is no HTTP connection any more.
 * @param rawOf returns the TCP connection of a TLS socket
 */
export function boundConnections(
  server: Server,
  clock: Pick<Clock, 'every'>,
  bounds = BOUNDS,
  rawOf = (socket: Socket): Socket => socket,
): { figures(): QuotaFigures; release(socket: Socket): void } {
  const quota = new Quota(bounds.total);
  const callers = new Map<string, Caller>();
  const connections = new Map<Socket, Connection>();
  const silent = new Map<Socket, Caller>();

  const speaks = (socket: Socket): void => {
    silent.get(socket)?.silent.delete(socket);
    silent.delete(socket);
  };
  /** Moves a connection to the end of the silent ones. */
  const isSilent = (socket: Socket, caller: Caller): void => {
    speaks(socket);
    caller.silent.add(socket);
    silent.set(socket, caller);
  };
  const drop = (socket: Socket, address: string): void => {
    const caller = connections.get(socket)?.caller;
    if (!caller) return;
    connections.delete(socket);
    speaks(socket);
    quota.release(address);
    caller.open--;
    if (caller.open === 0) callers.delete(address);
  };

  const cutOff = (socket: Socket | undefined): void => {
    if (!socket) return;
    quota.refuse();
    socket.destroy();
  };

  server.on('connection', (socket: Socket) => {
    const address = addressPrefix(socket.remoteAddress ?? '');
    const caller = callers.get(address) ?? { open: 0, silent: new Set() };
    callers.set(address, caller);
    caller.open++;
    quota.add(address);
    connections.set(socket, { caller, bytesRead: 0, slowChecks: 0 });
    isSilent(socket, caller);
    socket.once('close', () => drop(socket, address));

    // The new connection is silent itself: it is refused if it can replace no other.
    if (caller.silent.size > bounds.silentPerAddress || caller.open > bounds.perAddress) {
      cutOff(first(caller.silent));
    } else if (connections.size > bounds.total) {
      const other = first(silent.keys(), (each) => each !== socket);
      cutOff(other ?? idle(connections) ?? ofLargest(callers, connections, bounds) ?? socket);
    }
  });

  const pipelined = boundPipelining(cutOff);
  server.prependListener('request', (request, response) => {
    const { socket } = request;
    const raw = rawOf(socket);
    const connection = connections.get(raw);
    if (connection) connection.response = response;
    if (connection && hasBody(request)) {
      connection.body = request;
      connection.slowChecks = 0;
      if (!silent.has(raw)) isSilent(raw, connection.caller);
      request.once('end', () => settle(raw, connection));
    } else speaks(raw);
    // Node assigns the socket to a response when it is that response's turn.
    if (!response.socket) pipelined(socket, response);
  });
  const settle = (socket: Socket, connection: Connection): void => {
    connection.body = undefined;
    speaks(socket);
  };

  const check = (): void => {
    for (const [socket, connection] of connections) {
      const { body, caller } = connection;
      const bytes = socket.bytesRead - connection.bytesRead;
      connection.bytesRead = socket.bytesRead;
      if (!body) continue;
      if (body.complete) {
        settle(socket, connection);
        continue;
      }
      // If the buffer is full, the gateway is not reading: the client is not slow.
      const isOurs = body.readableLength >= body.readableHighWaterMark;
      if (isOurs || bytes >= (MIN_BODY_BYTES_PER_SEC * RATE_CHECK_MS) / 1000) {
        connection.slowChecks = 0;
        isSilent(socket, caller);
      } else if (++connection.slowChecks >= MAX_SLOW_CHECKS) {
        quota.refuse();
        timeOut(server, body.socket);
      }
    }
  };
  const checks = clock.every(RATE_CHECK_MS, check);
  server.once('close', () => checks.cancel());
  return {
    figures: () => ({ ...quota.figures(), evicts: true }),
    release: (socket) => drop(rawOf(socket), addressPrefix(socket.remoteAddress ?? '')),
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Ends a request the way Node ends one whose headers time out. */
function timeOut(server: Server, socket: Socket): void {
  const error = Object.assign(new Error('the request body is too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  if (!server.emit('clientError', error, socket)) socket.destroy();
}

/** Returns the oldest connection whose latest response was sent. */
function idle(connections: ReadonlyMap<Socket, Connection>): Socket | undefined {
  for (const [socket, { response, body }] of connections) {
    if (!body && response && (response.writableFinished || response.destroyed)) return socket;
  }
  return undefined;
}

/**
 * Returns the oldest connection of the address with the most; `undefined` if no address has more than half of its
 * share.
 */
function ofLargest(
  callers: ReadonlyMap<string, Caller>,
  connections: ReadonlyMap<Socket, Connection>,
  { perAddress }: ConnectionBounds,
): Socket | undefined {
  let largest: Caller | undefined;
  for (const caller of callers.values()) if (caller.open > (largest?.open ?? perAddress / 2)) largest = caller;
  return largest && first(connections.keys(), (socket) => connections.get(socket)?.caller === largest);
}

/** Closes connections with too many pipelined requests. */
function boundPipelining(cutOff: (socket: Socket) => void): (socket: Socket, response: ServerResponse) => void {
  const waiting = new WeakMap<Socket, number>();
  const count = (socket: Socket, change: 1 | -1): number => {
    const now = (waiting.get(socket) ?? 0) + change;
    waiting.set(socket, now);
    return now;
  };
  return (socket, response) => {
    response.once('close', () => count(socket, -1));
    if (count(socket, 1) > MAX_PIPELINED && !socket.destroyed) cutOff(socket);
  };
}

function first(sockets: Iterable<Socket>, matches: (socket: Socket) => boolean = () => true): Socket | undefined {
  for (const socket of sockets) if (!socket.destroyed && matches(socket)) return socket;
  return undefined;
}
