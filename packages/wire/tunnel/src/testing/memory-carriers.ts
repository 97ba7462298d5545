import { duplexPair } from 'node:stream';
import type { Clock } from '@medkit/edges';
import type { Carrier } from '../carrier/carrier.ts';

/** Two carriers in memory that are connected with each other, for tests without sockets. */
export interface MemoryCarriers {
  readonly robot: Carrier;
  readonly hub: Carrier;
  /** Loses all pings and pongs from now on, as a half-open connection does. */
  losePings(): void;
}

export function memoryCarriers(clock: Clock): MemoryCarriers {
  const [near, far] = duplexPair();
  let isLossy = false;
  const sent: [number, number] = [0, 0];
  const listeners: Parameters<Carrier['listen']>[0][] = [{}, {}];
  const carrier = (stream: typeof near, own: 0 | 1): Carrier => {
    stream.on('error', () => undefined);
    const write = stream._write.bind(stream);
    stream._write = (chunk, encoding, done) => {
      sent[own] += chunk.length;
      write(chunk, encoding, done);
    };
    return {
      stream,
      ping: () => {
        if (isLossy || stream.destroyed) return;
        setImmediate(() => {
          listeners[1 - own]?.ping?.();
          listeners[own]?.pong?.();
        });
      },
      listen: (listener) => {
        listeners[own] = listener;
      },
      get activeMs() {
        return clock.monotonicMs();
      },
      get octets() {
        return { sent: sent[own], received: sent[1 - own] ?? 0 };
      },
    };
  };
  // A pair of Node.js does not end its other half when one is destroyed.
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  return {
    robot: carrier(near, 0),
    hub: carrier(far, 1),
    losePings: () => {
      isLossy = true;
    },
  };
}
