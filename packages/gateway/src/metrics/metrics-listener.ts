import type { RequestListener, Server } from 'node:http';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import { splitAddress } from '../config/index.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import { localUrl } from '../http/local-url.ts';
import { listen } from '../listen.ts';
import { METRICS_PATH } from './open-metrics.ts';

// Not imported, as in the HTTP client of `edges/node`.
const http = process.getBuiltinModule('node:http');

/** Maximum connections: a scraper keeps one open. */
export const MAX_SCRAPER_CONNECTIONS = 32;
/** A scrape is one small request. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than the usual interval of scrapes, so that a scraper can keep its connection. */
const IDLE_MS = 75_000;

export interface MetricsListenerOptions {
  /** The server of the gateway, which already listens. */
  readonly app: FastifyInstance;
  /** `metrics.listen`, such as `127.0.0.1:9464`. */
  readonly address: string;
  readonly tls: GatewayTls | undefined;
  readonly clock: Clock;
}

export interface MetricsListener {
  /** URL of the metrics for programs on this machine. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` at a separate address. Its requests pass the same chain as those of the gateway: host, identity,
 * rate limit, permission. Every other path is answered with 404. Throws `StartRefused` if the address cannot be used.
 */
export async function listenForMetrics({ app, address, tls, clock }: MetricsListenerOptions): Promise<MetricsListener> {
  const serve: RequestListener = (request, response) => {
    if (request.url?.split('?', 1)[0] === METRICS_PATH) return app.routing(request, response);
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(`This address serves ${METRICS_PATH} only.\n`);
  };
  const limits = {
    headersTimeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_MS,
    requireHostHeader: false,
  };
  const server: Server = tls
    ? tls.createServer(serve, { ...limits, connectionTimeout: IDLE_MS })
    : http.createServer(limits, serve);
  server.maxConnections = MAX_SCRAPER_CONNECTIONS;
  const { host, port } = splitAddress(address);
  const bound = await listen(server, { host, port, clock, setting: 'metrics.listen' });
  return {
    url: localUrl(host, bound, tls ? 'https' : 'http') + METRICS_PATH,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
