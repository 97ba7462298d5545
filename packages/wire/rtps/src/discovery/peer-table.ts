import { Quota } from '@medkit/edges';
import type { GuidPrefix } from '../model/guid.ts';
import { isPrefixAt } from '../wire/guid-octets.ts';
import { readInt32 } from '../wire/octets.ts';
import type { Peer } from './peer.ts';

/** Maximum participants in a domain: more than a building full of robots has. */
export const MAX_PEERS = 2048;

/**
 * Maximum remembered prefixes of participants whose lease expired and that may return. The oldest are evicted first.
 */
const MAX_SILENT = 256;

/**
 * Remote participants by GUID prefix. The lookup for a datagram compares octets without creating a string, and tries
 * the sender of the last datagram first.
 */
export class PeerTable {
  readonly #byHash = new Map<number, Peer[]>();
  readonly #byPrefix = new Map<GuidPrefix, Peer>();
  readonly #silent = new Set<GuidPrefix>();
  /** Limits the number of participants by the address of their first announcement. */
  readonly quota = new Quota(MAX_PEERS);
  #latest: Peer | undefined;

  get size(): number {
    return this.#byPrefix.size;
  }

  values(): Iterable<Peer> {
    return this.#byPrefix.values();
  }

  get(prefix: GuidPrefix): Peer | undefined {
    return this.#byPrefix.get(prefix);
  }

  /** Returns the participant whose prefix is at offset `at` of a datagram. */
  find(bytes: Uint8Array, at: number): Peer | undefined {
    if (this.#latest && isPrefixAt(bytes, at, this.#latest.prefixOctets)) return this.#latest;
    const bucket = this.#byHash.get(hashAt(bytes, at));
    if (!bucket) return undefined;
    for (const peer of bucket) {
      if (!isPrefixAt(bytes, at, peer.prefixOctets)) continue;
      this.#latest = peer;
      return peer;
    }
    return undefined;
  }

  add(peer: Peer): void {
    peer.wasSilent = this.#silent.delete(peer.prefix);
    this.#byPrefix.set(peer.prefix, peer);
    this.quota.add(peer.source);
    const hash = hashAt(peer.prefixOctets, 0);
    this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), peer]);
  }

  /** A participant removed by its lease may only have been paused. It then does not know that it was removed. */
  remove(peer: Peer, reason: 'disposed' | 'lease'): void {
    if (reason === 'lease') this.#noteSilent(peer.prefix);
    if (this.#latest === peer) this.#latest = undefined;
    if (this.#byPrefix.delete(peer.prefix)) this.quota.release(peer.source);
    const hash = hashAt(peer.prefixOctets, 0);
    const left = (this.#byHash.get(hash) ?? []).filter((each) => each !== peer);
    if (left.length > 0) this.#byHash.set(hash, left);
    else this.#byHash.delete(hash);
  }

  #noteSilent(prefix: GuidPrefix): void {
    this.#silent.add(prefix);
    if (this.#silent.size > MAX_SILENT) for (const oldest of this.#silent) return void this.#silent.delete(oldest);
  }
}

/** Hashes all three words independently, because prefixes of one vendor differ in a few octets only. */
function hashAt(bytes: Uint8Array, at: number): number {
  const first = Math.imul(readInt32(bytes, at, true), 0x9e37_79b1);
  const second = Math.imul(readInt32(bytes, at + 4, true), 0x85eb_ca6b);
  return first ^ second ^ Math.imul(readInt32(bytes, at + 8, true), 0xc2b2_ae35);
}
