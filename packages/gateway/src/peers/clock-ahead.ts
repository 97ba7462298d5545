import type { Origin } from '@medkit/core';
import { correctionMs } from '@medkit/peer';
import type { GatewayPeers } from './open-peers.ts';

/** By how much the clock of a gateway that is asked directly is ahead of the one here, milliseconds; 0 where nobody knows. */
export function clocksAhead({ runtimes }: Pick<GatewayPeers, 'runtimes'>): (origin: Origin) => number {
  return (origin) => {
    const [now] = runtimes.find(({ name }) => name === origin)?.clockHistory() ?? [];
    return now ? correctionMs(now) : 0;
  };
}
