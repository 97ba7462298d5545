/** A difference between the times at which a trigger fired with the rules in use and with the changed ones. */
export interface FiringDifference {
  readonly is: 'more' | 'fewer' | 'earlier' | 'later';
  /** Nanoseconds since 1970; absent if it did not fire. */
  readonly beforeNs?: bigint;
  readonly afterNs?: bigint;
}

/** Maximum shift of one event. Firings further apart count as two events. */
const MAX_SHIFT_NS = 60_000_000_000n;

/**
 * Compares two ordered lists of times. Equal times are the same event. Of the others, two that follow each other within
 * a minute, one of each list, are one event at another time.
 */
export function firingDifferences(before: readonly bigint[], after: readonly bigint[]): readonly FiringDifference[] {
  const [seenBefore, seenAfter] = [new Set(before), new Set(after)];
  const left = [
    ...before.filter((ns) => !seenAfter.has(ns)).map((ns) => ({ ns, isAfter: false })),
    ...after.filter((ns) => !seenBefore.has(ns)).map((ns) => ({ ns, isAfter: true })),
  ].sort((a, b) => (a.ns < b.ns ? -1 : 1));
  const found: FiringDifference[] = [];
  for (let at = 0; at < left.length; at += 1) {
    const [one, other] = [left[at]!, left[at + 1]];
    if (other !== undefined && other.isAfter !== one.isAfter && other.ns - one.ns <= MAX_SHIFT_NS) {
      found.push(
        one.isAfter
          ? { is: 'earlier', beforeNs: other.ns, afterNs: one.ns }
          : { is: 'later', beforeNs: one.ns, afterNs: other.ns },
      );
      at += 1;
    } else found.push(one.isAfter ? { is: 'more', afterNs: one.ns } : { is: 'fewer', beforeNs: one.ns });
  }
  return found;
}

/** A time at which a rule fired with the rules in use, with the changed ones, or with both. */
export type Firing = Omit<FiringDifference, 'is'> & { readonly is: FiringDifference['is'] | 'same' };

/** Returns all times of two ordered lists in order, with their differences. */
export function pairFirings(before: readonly bigint[], after: readonly bigint[]): readonly Firing[] {
  const seenBefore = new Set(before);
  const same = after
    .filter((ns) => seenBefore.has(ns))
    .map((ns): Firing => ({ is: 'same', beforeNs: ns, afterNs: ns }));
  return [...same, ...firingDifferences(before, after)].sort((a, b) => Number(firingNs(a) - firingNs(b)));
}

/** Returns the time of a firing with the changed rules, or else with the rules in use; nanoseconds since 1970. */
export const firingNs = ({ beforeNs = 0n, afterNs = beforeNs }: Firing): bigint => afterNs;
