import type { Socket } from 'node:net';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, pause, type Random } from '@medkit/edges';
import { dialReplica } from './dial-replica.ts';

/**
 * Maximum forwarded connections: those of browsers, tools and robots of earlier versions, since a standby holds the uplinks
 * of other robots itself. Each uses two open files. The hub that serves bounds the connections of each address.
 */
export const MAX_FORWARDED = 10_000;
/** Longest wait for the next look at the database: twice the interval of the looks. */
const NEXT_LOOK_MS = 1000;

/** The hub that serves, as the last look at the database found it. */
export interface ServingHub {
  /** Its `fleet.replica_address`; `undefined` if it has none. */
  address(): string | undefined;
  /** Resolves after the next look at the database. */
  nextLook(): Promise<void>;
}

export interface ForwarderOptions {
  readonly hub: ServingHub;
  /** From `replicaKey`. */
  readonly key: Uint8Array;
  /** Time without traffic after which a connection is closed: longer than that of the hub. */
  readonly idleMs: number;
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly log: Log;
  /** Maximum connections; `MAX_FORWARDED` unless given. */
  readonly max?: number;
}

export interface Forwarder {
  /**
   * Forwards a connection of which nothing was read. Returns the reason if it cannot, with the connection unchanged. Does
   * not reject.
   */
  forward(client: Socket): Promise<string | undefined>;
  /** Ends all forwarded connections. */
  close(): void;
}

/**
 * Forwards connections to the hub that serves, byte by byte: TLS, back pressure, upgrades and cuts are those between the
 * client and that hub. Only a hub that serves listens at its `fleet.replica_address`, so nothing is forwarded twice.
 */
export function forwardConnections(options: ForwarderOptions): Forwarder {
  const { hub, key, idleMs, clock, random, log, max = MAX_FORWARDED } = options;
  const clients = new Set<Socket>();
  let lastReason: string | undefined;
  const dial = (address: string, { remoteAddress: clientAddress = '' }: Socket): Promise<Socket> =>
    dialReplica({ address, clientAddress, key, clock, random });
  /** Another hub may have taken over since the last look: looks once more. */
  const open = async (client: Socket): Promise<Socket> => {
    const first = hub.address();
    try {
      if (first === undefined) throw new Error('it has no fleet.replica_address: set it on both hubs');
      return await dial(first, client);
    } catch (error) {
      const waiting = new AbortController();
      await Promise.race([hub.nextLook(), pause(clock, NEXT_LOOK_MS, waiting.signal)]);
      waiting.abort();
      const next = hub.address();
      if (next === undefined || next === first) throw error;
      return dial(next, client);
    }
  };
  const join = (client: Socket, socket: Socket): void => {
    for (const [from, to] of [
      [client, socket],
      [socket, client],
    ] as const) {
      from.setTimeout(idleMs, () => from.destroy());
      from.once('close', (hadError) => (hadError ? to.destroy() : to.destroySoon()));
      from.pipe(to);
    }
  };
  return {
    forward: async (client) => {
      if (clients.size >= max) return `already forwards ${max} connections, which is the maximum`;
      clients.add(client);
      client.once('close', () => clients.delete(client));
      try {
        const socket = await open(client);
        if (client.destroyed) socket.destroy();
        else join(client, socket);
        return undefined;
      } catch (error) {
        clients.delete(client);
        const reason = `cannot reach the hub that serves: ${errorMessage(error)}`;
        const text = `${reason} (${hub.address() ?? 'no address'})`;
        if (text !== lastReason) log('warn', text);
        lastReason = text;
        return reason;
      }
    },
    close: () => {
      for (const client of clients) client.destroy();
    },
  };
}
