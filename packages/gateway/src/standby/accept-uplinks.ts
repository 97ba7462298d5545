import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SovdError } from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { UplinkFailed } from '@medkit/tunnel';
import type { HeldUplinks, StandbyLink } from '@medkit/tunnel/front';
import type { GatewayConfig } from '../config/index.ts';
import { openAdmission } from '../fleet/admission.ts';
import { UPLINK_URL, uplinkUpgrade } from '../fleet/uplink-upgrade.ts';
import { answerUpgrades } from '../http/answer-upgrades.ts';
import type { GatewayTls } from '../http/gateway-tls.ts';
import { answerError } from '../http/public-error.ts';
import { publicUrl } from '../http/public-url.ts';
import { SERVER_LIMITS } from '../http/server-limits.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';
import { peekUplink } from './peek-connection.ts';

// Not imported, as in the HTTP client of `edges/node`.
const http = process.getBuiltinModule('node:http');

/** Maximum connections before their first bytes, or before their request. Further ones are forwarded. */
const MAX_UNDECIDED = 1000;
/** Time for the outer TLS and the request of a robot. */
const REQUEST_MS = 10_000;

export interface AcceptUplinksOptions {
  readonly config: Pick<GatewayConfig, 'fleet' | 'server'>;
  readonly tls: GatewayTls | undefined;
  /** Returns the link to the hub that serves; `undefined` while there is none. */
  readonly link: () => StandbyLink | undefined;
  readonly held: HeldUplinks;
  readonly clock: Clock;
  readonly log: Log;
}

/** Accepts the uplinks of robots at a standby. */
export interface UplinkAcceptor {
  /**
   * Takes over a paused connection of which nothing was read, if it is the uplink of a robot. Otherwise returns false, and
   * its next reader begins with the first byte.
   */
  take(client: Socket): Promise<boolean>;
  /** Refuses robots that wait for their handshake, and cuts connections without a request. */
  close(): void;
}

export function acceptUplinks(options: AcceptUplinksOptions): UplinkAcceptor {
  const { config, tls, link, held, clock, log } = options;
  const outside = publicUrl(config);
  const publicPath = outside === undefined ? '' : new URL(outside).pathname.replace(/\/$/, '');
  const paths = [...new Set([UPLINK_URL, publicPath + UPLINK_URL])];
  const undecided = new Set<Socket>();
  let isClosed = false;
  const linked = (): StandbyLink => {
    const current = link();
    if (current) return current;
    throw new UplinkFailed({ kind: 'lost', reason: 'no hub serves' });
  };
  const admission = openAdmission(clock, config.fleet.connects_per_sec);
  const upgrade = uplinkUpgrade({
    fleet: {
      get identity() {
        return linked().identity;
      },
      record: (connection) => linked().record(connection),
    },
    sessions: {
      add: async (uplink, address) => {
        const max = link()?.max ?? 0;
        if (isClosed || held.size >= max) uplink.destroy();
        else held.add(uplink, address);
      },
      seen: held.seen,
    },
    ...{ admission, clock, log, publicPath },
    isProxy: trustedProxies(config.server.trusted_proxies),
  });
  const refuse = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume();
    const message =
      'This process is a standby that accepts uplinks of robots only. Send the request to the other process';
    response.setHeader('Connection', 'close');
    answerError(response, new SovdError({ code: 'service-unavailable', message }));
  };
  const server: Server = tls
    ? tls.createServer(refuse, { ...SERVER_LIMITS, connectionTimeout: REQUEST_MS })
    : http.createServer(SERVER_LIMITS, refuse);
  const release = (socket: Socket): void => void undecided.delete(tls?.rawOf(socket) ?? socket);
  answerUpgrades(server, upgrade, { connections: { release }, isClosing: () => isClosed });
  return {
    take: async (client) => {
      if (!link() || undecided.size >= MAX_UNDECIDED) return false;
      undecided.add(client);
      client.once('close', () => undecided.delete(client));
      const isUplink = await peekUplink(client, paths, clock);
      if (!isUplink || !link() || isClosed || client.destroyed) {
        undecided.delete(client);
        return client.destroyed;
      }
      // The server does not listen itself, so its timeouts do not run.
      const patience = clock.after(REQUEST_MS, () => undecided.has(client) && client.destroy());
      client.once('close', () => patience.cancel());
      server.emit('connection', client);
      client.resume();
      return true;
    },
    close: () => {
      isClosed = true;
      admission.close();
      for (const client of undecided) client.destroy();
    },
  };
}
