import type { RequestListener, Server } from 'node:http';
import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import { localUrl } from '../http/local-url.ts';
import { answerError } from '../http/public-error.ts';
import { SERVER_LIMITS } from '../http/server-limits.ts';
import { listen } from '../listen.ts';

// Not imported, as in the HTTP client of `edges/node`.
const http = process.getBuiltinModule('node:http');

/** Maximum connections: balancers and robots that try to connect, one request each. */
const MAX_CONNECTIONS = 256;
const REQUEST_TIMEOUT_MS = 10_000;

export interface StandbyListenerOptions {
  readonly server: Pick<GatewayConfig['server'], 'host' | 'port'>;
  readonly tls: GatewayTls | undefined;
  readonly clock: Clock;
}

/**
 * Answers all requests at the address of the gateway with 503, also those of robots, so that a balancer sends them to the
 * other process. Throws `StartRefused` if the address cannot be used.
 */
export async function listenAsStandby({ server: { host, port }, tls, clock }: StandbyListenerOptions) {
  const serve: RequestListener = (request, response) => {
    request.resume();
    const message = 'This process is a standby: another process of this hub serves. Send the request to that one';
    answerError(response, new SovdError({ code: 'service-unavailable', message }));
  };
  const limits = { ...SERVER_LIMITS, requestTimeout: REQUEST_TIMEOUT_MS };
  const server: Server = tls
    ? tls.createServer(serve, { ...limits, connectionTimeout: REQUEST_TIMEOUT_MS })
    : http.createServer(limits, serve);
  server.maxConnections = MAX_CONNECTIONS;
  const bound = await listen(server, { host, port, clock });
  return {
    url: localUrl(host, bound, tls ? 'https' : 'http'),
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
