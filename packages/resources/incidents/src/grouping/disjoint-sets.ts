/** Disjoint sets of the numbers from 0. A set never contains members with two different labels. */
export interface DisjointSets {
  /** Returns the representative of the set of `member`: its lowest number. */
  find(member: number): number;
  /** Unites two sets. Returns false if their labels differ. */
  unite(one: number, other: number): boolean;
}

/** @param labels labels by member; members without one are absent */
export function disjointSets(count: number, labels: ReadonlyMap<number, string>): DisjointSets {
  const parents = new Int32Array(count);
  for (let at = 0; at < count; at += 1) parents[at] = at;
  const labelOf = new Map(labels);
  const find = (member: number): number => {
    let root = member;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = member; parents[at] !== root; ) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  };
  return {
    find,
    unite: (one, other) => {
      const [a, b] = [find(one), find(other)];
      if (a === b) return true;
      const [first, second] = a < b ? [a, b] : [b, a];
      const [label, another] = [labelOf.get(first), labelOf.get(second)];
      if (label !== undefined && another !== undefined && label !== another) return false;
      if (label === undefined && another !== undefined) labelOf.set(first, another);
      parents[second] = first;
      return true;
    },
  };
}
