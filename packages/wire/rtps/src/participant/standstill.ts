import type { Peer } from '../discovery/peer.ts';
import type { LocalReader } from '../reader/local-reader.ts';

/**
 * Nobody could be heard for so long, because this process did not run: that is no silence of theirs. What they sent
 * meanwhile waits in the sockets, and is read behind the alarms that are late.
 */
export function excuseSilence(
  ms: number,
  nowMs: number,
  peers: Iterable<Peer>,
  readers: Iterable<Pick<LocalReader, 'matches'>>,
): void {
  const excused = (heardMs: number): number => Math.min(nowMs, heardMs + ms);
  for (const peer of peers) {
    peer.heardMs = excused(peer.heardMs);
    peer.assertedMs = excused(peer.assertedMs);
  }
  for (const reader of readers) {
    for (const match of reader.matches()) match.heardMs = excused(match.heardMs);
  }
}
