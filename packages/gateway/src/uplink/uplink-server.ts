import type { IncomingMessage, Server } from 'node:http';
import type { Authority, ClassedStream, ServedAuthorities } from '@medkit/tunnel';
import { CLASS_HEADER, trafficClass } from '@medkit/uplink';
import type { FastifyInstance } from 'fastify';
import { answerClientError } from '../http/client-error.ts';
import type { HubAccess } from './hub-access.ts';

// Not imported, as in the HTTP client of `edges/node`.
const http = process.getBuiltinModule('node:http');

/** Maximum bytes of all request headers: as on the other addresses of the gateway. */
const MAX_HEADER_BYTES = 32_768;
/** Time after which an idle connection inside the uplink is closed. */
const IDLE_MS = 60_000;
/** Address of a client at the other end of the uplink. */
export const UPLINK_ADDRESS = 'uplink';
/**
 * Headers without a meaning on a connection whose sender is known by its key: other credentials, addresses on the way,
 * and the page that a browser of the hub displayed.
 */
const DROPPED = [
  'authorization',
  'cookie',
  'forwarded',
  'origin',
  'referer',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-prefix',
  'x-forwarded-proto',
] as const;

/**
 * Serves the connections that a hub opens through the uplink with the routes of the gateway. They do not count as
 * connections of the gateway's address: a session has at most 100.
 */
export function uplinkServer(
  app: Pick<FastifyInstance, 'routing'>,
  access: Pick<HubAccess, 'admit'>,
): ServedAuthorities {
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: IDLE_MS, requireHostHeader: false };
  const authorities = new WeakMap<object, Authority>();
  const server: Server = http.createServer(limits, (request, response) => {
    prepare(request);
    const { socket, headers, url = '' } = request;
    const authority = authorities.get(socket);
    const stated = headers[CLASS_HEADER];
    if (authority) Object.assign(socket, { trafficClass: trafficClass({ authority, url, stated: String(stated) }) });
    app.routing(request, response);
  });
  server.on('clientError', (error, socket) => answerClientError(error, socket as never));
  const serve = (authority: Authority) => (connection: ClassedStream) => {
    access.admit(connection, authority);
    authorities.set(connection, authority);
    server.emit('connection', Object.assign(connection, { remoteAddress: UPLINK_ADDRESS }));
  };
  return { uplink: serve('uplink'), gateway: serve('gateway'), files: serve('files') };
}

/** Removes headers that must not count, and names this gateway as the host: the hub has another name for it. */
function prepare({ headers, rawHeaders }: IncomingMessage): void {
  for (const name of DROPPED) delete headers[name];
  headers.host = 'localhost';
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (at >= 0) rawHeaders[at + 1] = 'localhost';
}
