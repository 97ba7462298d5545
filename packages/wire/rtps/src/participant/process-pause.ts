import type { Peer } from '../discovery/peer.ts';
import type { LocalReader } from '../reader/local-reader.ts';

/**
 * Extends the leases of remote participants by the time for which this process was suspended. Their datagrams are still
 * in the socket buffers and are read after the late alarms.
 */
export function extendLeases(
  ms: number,
  nowMs: number,
  peers: Iterable<Peer>,
  readers: Iterable<Pick<LocalReader, 'matches'>>,
): void {
  const excused = (lastReceivedMs: number): number => Math.min(nowMs, lastReceivedMs + ms);
  for (const peer of peers) {
    peer.lastReceivedMs = excused(peer.lastReceivedMs);
    peer.assertedMs = excused(peer.assertedMs);
  }
  for (const reader of readers) {
    for (const match of reader.matches()) match.lastReceivedMs = excused(match.lastReceivedMs);
  }
}
