/**
 * Sorts `names` by the similarity of their last segment to that of `wanted`: `level` for `MAIN.Level`. Of equally
 * similar names, those with fewer segments come first.
 */
export function closestNames(wanted: string, names: readonly string[]): readonly string[] {
  const pairs = pairsOf(wanted);
  const likeness = new Map(names.map((name) => [name, likenessOf(pairs, pairsOf(name))]));
  const of = (name: string): number => likeness.get(name) ?? 0;
  return names.toSorted((a, b) => of(b) - of(a) || segmentsOf(a) - segmentsOf(b) || (a < b ? -1 : 1));
}

/** Minimum similarity at which a name counts as a misspelling of another. */
const CLOSE = 0.5;

/** Returns the entry of `names` most similar to `wanted`, or `undefined` if none is similar enough. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const [closest] = closestNames(wanted, names);
  return closest !== undefined && likenessOf(pairsOf(wanted), pairsOf(closest)) >= CLOSE ? closest : undefined;
}

/** Returns the pairs of adjacent letters in the last segment of a name, including its ends: `^l`, `le`, …, `l$`. */
function pairsOf(name: string): ReadonlySet<string> {
  const segments = name.toLowerCase().split(/[./]/);
  const bounded = `^${segments.findLast((segment) => segment !== '') ?? ''}$`;
  return new Set(Array.from({ length: bounded.length - 1 }, (_, at) => bounded.slice(at, at + 2)));
}

/** Returns the share of pairs that two names have in common, 0 to 1. */
function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const pair of a) if (b.has(pair)) common++;
  return (2 * common) / (a.size + b.size);
}

function segmentsOf(name: string): number {
  return name.split(/[./]/).length;
}
