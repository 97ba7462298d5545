/** `names`, those first that are most like `wanted`: by their last segments, `level` for `MAIN.Level`; of equals the shorter. */
export function closestNames(wanted: string, names: readonly string[]): readonly string[] {
  const pairs = pairsOf(wanted);
  const likeness = new Map(names.map((name) => [name, likenessOf(pairs, pairsOf(name))]));
  const of = (name: string): number => likeness.get(name) ?? 0;
  return names.toSorted((a, b) => of(b) - of(a) || segmentsOf(a) - segmentsOf(b) || (a < b ? -1 : 1));
}

/** The share of a name that has to be right for it to be taken for another. */
const CLOSE = 0.5;

/** Of `names` the one that somebody who wrote `wanted` most likely meant; `undefined` where none is like it. */
export function nearestName(wanted: string, names: readonly string[]): string | undefined {
  const [closest] = closestNames(wanted, names);
  return closest !== undefined && likenessOf(pairsOf(wanted), pairsOf(closest)) >= CLOSE ? closest : undefined;
}

/** The neighbouring letters of the last segment of a name, its ends included: `^l`, `le`, …, `l$`. */
function pairsOf(name: string): ReadonlySet<string> {
  const segments = name.toLowerCase().split(/[./]/);
  const bounded = `^${segments.findLast((segment) => segment !== '') ?? ''}$`;
  return new Set(Array.from({ length: bounded.length - 1 }, (_, at) => bounded.slice(at, at + 2)));
}

/** The share of pairs that two names have in common, 0 to 1. */
function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const pair of a) if (b.has(pair)) common++;
  return (2 * common) / (a.size + b.size);
}

function segmentsOf(name: string): number {
  return name.split(/[./]/).length;
}
