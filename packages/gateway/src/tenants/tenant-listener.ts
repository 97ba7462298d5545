import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig, Tenant } from '../config/index.ts';
import { answerClientError } from '../http/client-error.ts';
import { boundConnections } from '../http/connection-bounds.ts';
import { finishRequests } from '../http/finish-requests.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import { answerError } from '../http/public-error.ts';
import { SERVER_LIMITS, serverTimes } from '../http/server-limits.ts';
import { listen } from '../listen.ts';
import { tenantChooser } from './choose-tenant.ts';

// Not imported, as in the HTTP client of `edges/node`.
const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');

/** Time for the last replies, after every tenant has closed. */
const GRACE_MS = 1000;

/** The port of the process, for the gateway of one tenant. */
export interface SharedPort {
  /** URL of the tenant. */
  readonly url: string;
  readonly port: number;
  readonly tls: GatewayTls | undefined;
  /** Prepares the server of a gateway, which does not listen itself, and sends it the requests of the tenant until it is closed. */
  attach(app: FastifyInstance): Promise<void>;
}

export interface TenantListener {
  readonly port: number;
  portOf(tenant: Tenant): SharedPort;
  /** Accepts no more connections, and closes those that remain after a second. */
  close(): Promise<void>;
}

interface Options {
  readonly config: GatewayConfig;
  readonly tenants: readonly Tenant[];
  readonly tls: GatewayTls | undefined;
  readonly clock: Clock;
}

/** Listens for all tenants. A request for an unknown host name is answered with 421, without a name of a tenant. */
export async function listenForTenants({ config, tenants, tls, clock }: Options): Promise<TenantListener> {
  const { host, port, trusted_proxies } = config.server;
  const servers = new Map<Tenant, Server>();
  const choose = tenantChooser(tenants, trusted_proxies);
  const times = serverTimes(config);
  const dispatch = (request: IncomingMessage, response: ServerResponse): void => {
    const tenant = choose(request);
    const server = tenant && servers.get(tenant);
    if (server) server.emit('request', request, response);
    else answerError(response, tenant ? notRunning() : unknownHost());
  };
  const server: Server = tls
    ? tls.createServer(dispatch, { ...SERVER_LIMITS, ...times })
    : createServer({ ...SERVER_LIMITS, ...times }, dispatch).setTimeout(times.connectionTimeout);
  server.on('clientError', answerClientError);
  const connections = boundConnections(server, clock, undefined, tls?.rawOf);
  const serverOf = (request: IncomingMessage): Server | undefined => {
    const tenant = choose(request);
    return tenant && servers.get(tenant);
  };
  Object.assign(server, {
    shouldUpgradeCallback: (request: IncomingMessage) =>
      (serverOf(request) as Partial<Upgrading> | undefined)?.shouldUpgradeCallback?.(request) ?? false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const chosen = serverOf(request);
    if (chosen && chosen.listenerCount('upgrade') > 0) {
      connections.release(request.socket);
      chosen.emit('upgrade', request, socket, head);
      return;
    }
    const status = choose(request) ? 503 : 421;
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`, () =>
      socket.destroy(),
    );
  });
  const bound = await listen(server, { host, port, clock });
  return {
    port: bound,
    portOf: (tenant) => ({
      url: `${tls ? 'https' : 'http'}://${tenant.hosts[0]}:${bound}`,
      port: bound,
      tls: tls && tlsOfTenant(tls),
      attach: (app) => attach(app, { open: (each) => servers.set(tenant, each), end: () => servers.delete(tenant) }),
    }),
    close: async () => {
      const cutOff = clock.after(GRACE_MS, () => server.closeAllConnections());
      tls?.cutOff();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      cutOff.cancel();
    },
  };
}

interface Upgrading {
  shouldUpgradeCallback(request: IncomingMessage): boolean;
}

interface Attachment {
  open(server: Server): void;
  end(): void;
}

/** Waits for the running requests before the gateway closes, as a server that listens itself does. */
async function attach(app: FastifyInstance, { open, end }: Attachment): Promise<void> {
  const { server } = app;
  const running = finishRequests(app);
  Object.assign(server, {
    closeAllConnections: () => {
      for (const { socket } of running) socket?.destroy();
    },
  });
  app.addHook('onClose', async () => {
    end();
    // Ends what waits for the end of the server.
    server.close();
  });
  await app.ready();
  open(server);
}

/** The TLS of the listener, which ends only with it. */
function tlsOfTenant(tls: GatewayTls): GatewayTls {
  return {
    minVersion: tls.minVersion,
    ...(tls.clients && { clients: tls.clients }),
    get isSelfSigned() {
      return tls.isSelfSigned;
    },
    createServer: (handler, limits) => createServer(limits, handler),
    rawOf: (socket) => tls.rawOf(socket),
    cutOff: () => undefined,
    health: () => tls.health(),
    reload: async () => undefined,
    close: () => undefined,
  };
}

function unknownHost(): SovdError {
  const message = 'This hub has no tenant at this host name: check the host name in the address';
  return new SovdError({ code: 'forbidden', status: 421, message });
}

function notRunning(): SovdError {
  const message =
    'This hub does not run at the moment: repeat the request later. Its operator finds the reason in the log';
  return new SovdError({ code: 'x-medkit-gateway-shutdown', message });
}
