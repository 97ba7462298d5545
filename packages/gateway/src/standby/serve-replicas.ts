import { createServer, type Socket } from 'node:net';
import { errorMessage, type Log, oncePerKey } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';
import { splitAddress } from '../config/index.ts';
import type { FrontLinks } from '../fleet/front-links.ts';
import { finishRequests } from '../http/finish-requests.ts';
import { listen } from '../listen.ts';
import { acceptReplica, HandshakeFailed } from './replica-handshake.ts';
import { secureAtHub } from './secure-link.ts';

/** Maximum connections before the end of their handshake, which takes one round trip. A further one replaces the oldest. */
export const MAX_HANDSHAKES = 256;
const HANDSHAKE_TIMEOUT_MS = 5000;

export interface ReplicaListenerOptions {
  /** The server of the gateway, which does not listen yet. */
  readonly app: FastifyInstance;
  /** `fleet.replica_address`. */
  readonly address: string;
  /** From `replicaKey`. */
  readonly key: Uint8Array;
  /** Serves the links of standbys; if absent, a standby forwards all connections. */
  readonly links?: Pick<FrontLinks, 'accept'> | undefined;
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly log: Log;
}

/**
 * Serves the links of standbys, and the connections that they forward, until the gateway closes. The latter are connections of
 * the gateway with the addresses of their clients: TLS, limits, proxies and audit apply as to direct ones. Throws
 * `StartRefused` if the address cannot be used.
 */
export async function serveReplicas(options: ReplicaListenerOptions): Promise<void> {
  const { app, address, key, links, clock, random, log } = options;
  const handshakes = new Set<Socket>();
  const forwarded = new Set<Socket>();
  const adopt = connectionAdopter(app);
  const isNew = oncePerKey();
  const accept = async (socket: Socket): Promise<void> => {
    const patience = clock.after(HANDSHAKE_TIMEOUT_MS, () => socket.destroy());
    handshakes.add(socket);
    if (handshakes.size > MAX_HANDSHAKES) {
      const [oldest] = handshakes;
      oldest?.destroy();
      handshakes.delete(oldest!);
    }
    try {
      const introduction = await acceptReplica({ socket, key, random });
      if ('linkKey' in introduction && !links) throw new HandshakeFailed('this hub serves no links of a standby');
      forwarded.add(socket);
      socket.once('close', () => forwarded.delete(socket));
      if ('client' in introduction) adopt(socket, introduction.client);
      else links!.accept(await secureAtHub(socket, introduction.linkKey), socket.remoteAddress ?? '');
    } catch (error) {
      const reason = errorMessage(error);
      if (isNew(reason)) log('warn', `refused a connection at fleet.replica_address ${address}: ${reason}`);
      socket.destroy();
    } finally {
      patience.cancel();
      handshakes.delete(socket);
    }
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
    // The reads of the handshake report it, and later the server of the gateway.
    socket.on('error', () => undefined);
    void accept(socket);
  });
  finishRequests(app);
  app.addHook('preClose', async () => void server.close());
  app.addHook('onClose', async () => {
    for (const socket of [...handshakes, ...forwarded]) socket.destroy();
  });
  const { host, port } = splitAddress(address);
  await listen(server, { host, port, clock, setting: 'fleet.replica_address' });
}

/** Returns a function that lets the server of a gateway take a connection for one of the client with an address. */
function connectionAdopter({ server }: FastifyInstance) {
  const addresses = new Map<string, string>();
  const nameOf = ({ remoteAddress, remotePort, localPort }: Socket) => `${remoteAddress} ${remotePort} ${localPort}`;
  const replace = (socket: Socket, address: string): void =>
    void Object.defineProperty(socket, 'remoteAddress', { value: address, configurable: true });
  // A TLS socket reads its address from the system.
  server.prependListener('secureConnection', (secured: Socket) => {
    const address = addresses.get(nameOf(secured));
    if (address !== undefined) replace(secured, address);
  });
  return (socket: Socket, address: string): void => {
    const name = nameOf(socket);
    addresses.set(name, address);
    socket.once('close', () => addresses.delete(name));
    replace(socket, address);
    server.emit('connection', socket);
  };
}
