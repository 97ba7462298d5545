import type { FleetEvidence } from '@medkit/contract';
import { timeMs } from '../time/times.ts';

/** What an erasure removes from the hub. */
export interface EvidenceLoss {
  readonly files: number;
  readonly bytes: number;
  readonly pinned: number;
  /** Transfers that end. */
  readonly transfers: number;
}

/** Returns what the hub loses of a robot's evidence that was reported at or after a time. */
export function lossOf(items: readonly FleetEvidence[], sinceMs: number): EvidenceLoss {
  const affected = items.filter(({ reported_at }) => (timeMs(reported_at) ?? Number.POSITIVE_INFINITY) >= sinceMs);
  const stored = affected.filter(({ state }) => state === 'kept');
  return {
    files: stored.length,
    bytes: stored.reduce((sum, { stored_bytes }) => sum + stored_bytes, 0),
    pinned: stored.filter(({ pinned }) => pinned).length,
    transfers: affected.filter(({ state }) => state === 'queued' || state === 'fetching').length,
  };
}
