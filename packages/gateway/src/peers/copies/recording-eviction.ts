/** Something that uses storage. */
export interface StorageEntry {
  readonly peer: string;
  readonly bytes: number;
  /** Lower ranks are removed first. */
  readonly rank: number;
  readonly sinceMs: number;
}

/** By how much a limit is exceeded. */
export interface Excess {
  readonly bytes: number;
  readonly count: number;
}

/**
 * Returns what is removed for something of a rank: the lowest rank first, and within it the oldest of the peer with the
 * most. Returns `undefined` if a higher rank would have to be removed.
 */
export function selectEvictions<Entry extends StorageEntry>(
  held: readonly Entry[],
  rank: number,
  { bytes, count }: Excess,
): readonly Entry[] | undefined {
  const sizes = new Map<string, number>();
  for (const { peer, bytes: size } of held) sizes.set(peer, (sizes.get(peer) ?? 0) + size);
  const left = new Set(held.filter((each) => each.rank <= rank));
  const gone: Entry[] = [];
  let [tooMany, tooManyCopies] = [bytes, count];
  while (tooMany > 0 || tooManyCopies > 0) {
    // An entry without bytes frees none.
    const giving = [...left].filter((each) => tooManyCopies > 0 || each.bytes > 0);
    const [first, ...others] = giving;
    if (!first) return undefined;
    const sizeOf = ({ peer }: Entry): number => sizes.get(peer) ?? 0;
    const next = others.reduce((one, other) => {
      const order = other.rank - one.rank || sizeOf(one) - sizeOf(other) || other.sinceMs - one.sinceMs;
      return order < 0 ? other : one;
    }, first);
    left.delete(next);
    gone.push(next);
    sizes.set(next.peer, sizeOf(next) - next.bytes);
    tooMany -= next.bytes;
    tooManyCopies -= 1;
  }
  return gone;
}
