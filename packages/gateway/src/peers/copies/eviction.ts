/** A copy that uses storage. */
export interface StorageEntry {
  readonly peer: string;
  readonly bytes: number;
  /** Importance: lower ranks are removed first. */
  readonly rank: number;
  readonly sinceMs: number;
}

/** Which copies give way to others. */
export interface EvictionRule {
  /** Orders two copies; negative if `one` is removed first. `sizes` are the bytes of each peer, `largest` has the most. */
  compare(one: StorageEntry, other: StorageEntry, sizes: ReadonlyMap<string, number>, largest: string): number;
  /** Whether a copy never displaces one of a higher rank. */
  readonly protectsHigherRanks: boolean;
}

/** Removes from the peer with the most bytes: a peer that fails constantly displaces no other. */
export const LARGEST_PEER_FIRST: EvictionRule = {
  compare: (one, other, _sizes, largest) =>
    Number(other.peer === largest) - Number(one.peer === largest) ||
    one.rank - other.rank ||
    one.sinceMs - other.sinceMs,
  protectsHigherRanks: false,
};

/** Removes the lowest rank of all peers, and within it the oldest copy of the peer with the most bytes. */
export const LOWEST_RANK_FIRST: EvictionRule = {
  compare: (one, other, sizes) =>
    one.rank - other.rank || (sizes.get(other.peer) ?? 0) - (sizes.get(one.peer) ?? 0) || one.sinceMs - other.sinceMs,
  protectsHigherRanks: true,
};

/**
 * Returns the copies to remove for a new one of this rank, which `replaces` another, if a limit is exceeded by so many
 * bytes and copies. Returns `undefined` if the rule protects the copies that would have to be removed.
 */
export function selectEvictions<Entry extends StorageEntry>(
  held: readonly Entry[],
  { rank, replaces }: { readonly rank: number; readonly replaces?: Entry | undefined },
  { bytes, count }: { readonly bytes: number; readonly count: number },
  { compare, protectsHigherRanks }: EvictionRule,
): readonly Entry[] | undefined {
  const sizes = new Map<string, number>();
  for (const { peer, bytes: size } of held) sizes.set(peer, (sizes.get(peer) ?? 0) + size);
  const left = new Set(held.filter((each) => each !== replaces && !(protectsHigherRanks && each.rank > rank)));
  const evicted: Entry[] = [];
  let [tooManyBytes, tooManyCopies] = [bytes, count];
  while (tooManyBytes > 0 || tooManyCopies > 0) {
    // A copy without bytes frees none.
    const [first, ...others] = [...left].filter((each) => tooManyCopies > 0 || each.bytes > 0);
    if (!first) return undefined;
    const [largest] = [...sizes].reduce((most, each) => (each[1] > most[1] ? each : most));
    const next = others.reduce((one, other) => (compare(other, one, sizes, largest) < 0 ? other : one), first);
    left.delete(next);
    evicted.push(next);
    sizes.set(next.peer, (sizes.get(next.peer) ?? 0) - next.bytes);
    tooManyBytes -= next.bytes;
    tooManyCopies -= 1;
  }
  return evicted;
}
