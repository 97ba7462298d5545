import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP, type Socket } from 'node:net';
import { type Clock, Quota } from '@medkit/edges';
import type { FleetAgent } from '../agent/fleet-agent.ts';
import type { ErrorFeed } from './error-feed.ts';
import { type EventClients, eventClients } from './event-clients.ts';

export interface HttpFeedOptions {
  /** Port 0 chooses a free port. */
  readonly address: { readonly host: string; readonly port: number };
  readonly agent: Pick<FleetAgent, 'health' | 'lastState'>;
  readonly errors: ErrorFeed;
  readonly clock: Clock;
}

export interface HttpFeed {
  readonly url: string;
  close(): Promise<void>;
}

type Page = (response: ServerResponse) => void;

/** Maximum number of connections. Connections beyond it, or beyond the share of their address, are rejected. */
const MAX_CONNECTIONS = 128;
/** Request timeout: requests have no body. */
const REQUEST_MS = 5000;

/**
 * Serves the health of the agent, its last sent state, and the errors of the robot for the robot's own VDA 5050 client.
 * Rejects if the address is unavailable.
 */
export async function openHttpFeed({ address, agent, errors, clock }: HttpFeedOptions): Promise<HttpFeed> {
  const { host, port } = address;
  const clients = eventClients(clock);
  const connections = new Quota(MAX_CONNECTIONS);
  const health = (): object => ({
    ...agent.health(),
    quotas: { connections: connections.figures(), event_clients: clients.figures() },
  });
  const pages = pagesOf(health, agent, errors, clients);
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    const page = pages.get((request.url ?? '').replace(/\?.*$/s, ''));
    if (!isAllowedHost(request, host)) refuse(response, 421, 'unknown host name: use an IP address or localhost');
    else if (request.method !== 'GET') refuse(response, 405, 'only GET is supported');
    else if (page === undefined) refuse(response, 404, `unknown path: use ${[...pages.keys()].join(', ')}`);
    else page(response);
  });
  server.on('connection', (socket) => {
    const owner = ownerOf(socket);
    if (!connections.take(owner)) return void socket.destroy();
    socket.once('close', () => connections.release(owner));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const unfollow = errors.follow(clients.send);
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        unfollow();
        clients.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns the address of a remote client. Local programs share one address, so only the total limits them. */
function ownerOf({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string | undefined {
  return /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress) ? undefined : remoteAddress;
}

function pagesOf(
  health: () => object,
  agent: HttpFeedOptions['agent'],
  errors: ErrorFeed,
  clients: EventClients,
): ReadonlyMap<string, Page> {
  return new Map<string, Page>([
    ['/health', (response) => reply(response, 200, JSON.stringify(health()))],
    [
      '/state',
      (response) => {
        const state = agent.lastState();
        if (state !== undefined) reply(response, 200, state);
        else refuse(response, 404, `no state is sent: ${agent.health().withheld ?? 'none was due yet'}`);
      },
    ],
    ['/errors', (response) => reply(response, 200, errors.text)],
    [
      '/errors/stream',
      (response) => {
        const owner = response.socket ? ownerOf(response.socket) : undefined;
        if (!clients.add(response, errors.text, owner))
          refuse(response, 503, 'too many clients follow the errors: try again later');
      },
    ],
  ]);
}

/** Checks the host name of a request, to prevent DNS rebinding by pages of other sites. */
function isAllowedHost({ headers }: IncomingMessage, host: string): boolean {
  const requested = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return requested === 'localhost' || requested === host || isIP(requested) !== 0;
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(`${text}\n`);
}

function refuse(response: ServerResponse, status: number, error: string): void {
  reply(response, status, JSON.stringify({ error }));
}
