import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Clock, Random } from '@medkit/edges';
import { splitAddress } from '../config/index.ts';
import { introduceClient } from './replica-handshake.ts';

/** Time to connect to the hub on another machine of the same site, with the handshake. */
const CONNECT_TIMEOUT_MS = 3000;

export interface DialReplica {
  /** `fleet.replica_address` of the hub that serves. */
  readonly address: string;
  /** IP address that the hub takes for the address of the connection; that of this end if absent. */
  readonly clientAddress?: string;
  /** From `replicaKey`. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
}

/** Opens a connection to the hub that serves, for the bytes of a client. Throws if it does not answer or has another secret. */
export async function dialReplica({ address, clientAddress, key, clock, random }: DialReplica): Promise<Socket> {
  const { host, port } = splitAddress(address);
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, keepAlive: true });
  const patience = clock.after(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('it does not answer')));
  try {
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    await introduceClient({ socket, key, random }, clientAddress ?? socket.localAddress ?? '');
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    patience.cancel();
  }
}
