import type { Origin } from '@medkit/core';
import { correctionMs } from '@medkit/peer';
import type { GatewayPeers } from './open-peers.ts';

/** Returns by how many milliseconds the clock of a peer is ahead of the local one; 0 if unknown. */
export function clockOffsets({ runtimes }: Pick<GatewayPeers, 'runtimes'>): (origin: Origin) => number {
  return (origin) => {
    const [now] = runtimes.find(({ name }) => name === origin)?.clockHistory() ?? [];
    return now ? correctionMs(now) : 0;
  };
}
