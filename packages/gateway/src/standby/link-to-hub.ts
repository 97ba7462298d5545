import { once } from 'node:events';
import { connect } from 'node:net';
import { errorMessage, type Log } from '@medkit/core';
import { type Clock, pause, type Random } from '@medkit/edges';
import { type HeldUplinks, openStandbyLink, type StandbyLink } from '@medkit/tunnel/front';
import { splitAddress } from '../config/index.ts';
import type { ServingHub } from './forward-connections.ts';
import { introduceLink } from './replica-handshake.ts';
import { secureAtStandby } from './secure-link.ts';

/** Time to connect to the hub that serves, and for both ends to prove the secret. */
const CONNECT_TIMEOUT_MS = 3000;
/** Delay after a link that ended: the interval of the looks at the database. */
const RETRY_MS = 500;
/** Longest delay while the same hub refuses the link, because it has an earlier version, for example. */
const MAX_RETRY_MS = 5000;

export interface LinkToHubOptions {
  readonly hub: Pick<ServingHub, 'address'>;
  /** From `replicaKey`. */
  readonly key: Uint8Array;
  readonly held: HeldUplinks;
  readonly clock: Clock;
  readonly random: Pick<Random, 'bytes'>;
  readonly log: Log;
}

/** The link to the hub that serves, whichever it is. */
export interface LinkToHub {
  /** The open link; `undefined` while there is none. */
  current(): StandbyLink | undefined;
  /** Closes the link. The uplinks stay held. */
  close(): void;
}

/** Links this standby with the hub that serves, and again after each end. Logs each change once. */
export function linkToHub({ hub, key, held, clock, random, log }: LinkToHubOptions): LinkToHub {
  const ending = new AbortController();
  let current: StandbyLink | undefined;
  const open = async (address: string): Promise<StandbyLink> => {
    const { host, port } = splitAddress(address);
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const stop = (): void => void socket.destroy();
    const patience = clock.after(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('it does not answer')));
    ending.signal.addEventListener('abort', stop);
    socket.once('close', () => ending.signal.removeEventListener('abort', stop));
    try {
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      const secured = await secureAtStandby(socket, introduceLink({ socket, key, random }));
      return await openStandbyLink(secured, { held, clock });
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      patience.cancel();
    }
  };
  const run = async (): Promise<void> => {
    let [delayMs, last] = [RETRY_MS, undefined as string | undefined];
    let reason: string | undefined;
    while (!ending.signal.aborted) {
      const address = hub.address();
      delayMs = address === last ? Math.min(2 * delayMs, MAX_RETRY_MS) : RETRY_MS;
      last = address;
      if (address !== undefined) {
        const next = await open(address).catch(errorMessage);
        if (typeof next !== 'string') {
          log('info', `holds connections of robots for the hub at ${address}`);
          current = next;
          reason = await next.ended;
          current = undefined;
          delayMs = RETRY_MS;
          if (!ending.signal.aborted) log('warn', `lost the link to the hub at ${address}: ${reason}`);
        } else if (next !== reason && !ending.signal.aborted) {
          reason = next;
          log('warn', `forwards connections of robots, because it cannot link to the hub at ${address}: ${reason}`);
        }
      }
      await pause(clock, delayMs, ending.signal);
    }
  };
  void run();
  return {
    current: () => current,
    close: () => {
      ending.abort();
      current?.destroy();
    },
  };
}
