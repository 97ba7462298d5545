import type { RequestListener, Server } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import { localUrl } from '../http/local-url.ts';
import { answerError } from '../http/public-error.ts';
import { SERVER_LIMITS } from '../http/server-limits.ts';
import { listen } from '../listen.ts';
import type { UplinkAcceptor } from './accept-uplinks.ts';
import type { Forwarder } from './forward-connections.ts';

// Not imported, as in the HTTP client of `edges/node`.
const http = process.getBuiltinModule('node:http');

/** Maximum connections that are answered with 503: balancers and robots that try to connect, one request each. */
const MAX_REFUSED = 256;
const REFUSAL_TIMEOUT_MS = 10_000;

export interface StandbyListenerOptions {
  readonly server: Pick<GatewayConfig['server'], 'host' | 'port'>;
  readonly tls: GatewayTls | undefined;
  readonly forwarder: Forwarder;
  /** Accepts the uplinks of robots; absent if all connections are forwarded. */
  readonly uplinks?: UplinkAcceptor | undefined;
  readonly clock: Clock;
}

/**
 * Forwards the connections at the address of the gateway to the hub that serves, except for uplinks of robots. Answers the requests of those that cannot
 * be forwarded with 503, so that a balancer sends them to the other process. Throws `StartRefused` if the address cannot be
 * used.
 */
export async function listenAsStandby(options: StandbyListenerOptions) {
  const { tls, forwarder, uplinks, clock } = options;
  const { host, port } = options.server;
  const refusals = refusalServer(tls, clock);
  const serve = async (client: Socket): Promise<void> => {
    if (await uplinks?.take(client)) return;
    const reason = await forwarder.forward(client);
    if (reason !== undefined && !client.destroyed) refusals.answer(client, reason);
  };
  // Paused, so that TLS and HTTP between the client and the hub that serves begin with the first byte.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    client.on('error', () => undefined);
    void serve(client);
  });
  const bound = await listen(server, { host, port, clock });
  return {
    url: localUrl(host, bound, tls ? 'https' : 'http'),
    /** Accepts no more connections, and ends all except for the uplinks that this process holds. */
    close: (): void => {
      server.close();
      uplinks?.close();
      forwarder.close();
      refusals.close();
    },
  };
}

/** Answers one request of each connection with 503 and a reason. */
function refusalServer(tls: GatewayTls | undefined, clock: Clock) {
  const reasons = new Map<Socket, string>();
  const serve: RequestListener = (request, response) => {
    request.resume();
    const reason = reasons.get(tls?.rawOf(request.socket) ?? request.socket);
    const message = `This process is a standby, and ${reason}. Repeat the request later, or send it to the other process`;
    answerError(response, new SovdError({ code: 'service-unavailable', message }));
  };
  const server: Server = tls
    ? tls.createServer(serve, { ...SERVER_LIMITS, connectionTimeout: REFUSAL_TIMEOUT_MS })
    : http.createServer(SERVER_LIMITS, serve);
  return {
    answer: (client: Socket, reason: string): void => {
      if (reasons.size >= MAX_REFUSED) return void client.destroy();
      reasons.set(client, reason);
      // The server does not listen itself, so its timeouts do not run.
      const patience = clock.after(REFUSAL_TIMEOUT_MS, () => client.destroy());
      client.once('close', () => {
        patience.cancel();
        reasons.delete(client);
      });
      server.emit('connection', client);
      client.resume();
    },
    close: (): void => {
      for (const client of reasons.keys()) client.destroy();
    },
  };
}
