import type { ReplayedOccurrence } from '@medkit/faults/replay';

/** Occurrences of one fault at the same time under two sets of rules; one is absent if only the other occurred. */
export interface OccurrencePair {
  readonly before: ReplayedOccurrence | undefined;
  readonly after: ReplayedOccurrence | undefined;
}

/**
 * Pairs the confirmed occurrences of two replays: those of one fault that overlap in time, earliest first. A second
 * occurrence that overlaps the same one has no partner.
 * @returns the pairs by their start
 */
export function pairOccurrences(
  before: readonly ReplayedOccurrence[],
  after: readonly ReplayedOccurrence[],
): readonly OccurrencePair[] {
  const isConfirmed = ({ confirmedAtNs }: ReplayedOccurrence) => confirmedAtNs !== 0n;
  const codeOf = ({ code }: ReplayedOccurrence) => code;
  const others = Map.groupBy(after.filter(isConfirmed), codeOf);
  const pairs: OccurrencePair[] = [];
  for (const [code, ones] of Map.groupBy(before.filter(isConfirmed), codeOf)) {
    pairs.push(...pairsOf(ones, others.get(code) ?? []));
    others.delete(code);
  }
  for (const left of others.values()) pairs.push(...pairsOf([], left));
  return pairs.sort((a, b) => Number(startOf(a) - startOf(b)));
}

const startOf = ({ before, after }: OccurrencePair): bigint => (before ?? after)!.startedNs;

function pairsOf(ones: readonly ReplayedOccurrence[], others: readonly ReplayedOccurrence[]): OccurrencePair[] {
  const pairs: OccurrencePair[] = [];
  let next = 0;
  for (const before of ones) {
    for (; next < others.length && isOver(others[next]!, before); next += 1)
      pairs.push({ before: undefined, after: others[next]! });
    const candidate = others[next];
    if (candidate === undefined || isOver(before, candidate)) pairs.push({ before, after: undefined });
    else {
      pairs.push({ before, after: candidate });
      next += 1;
    }
  }
  for (const after of others.slice(next)) pairs.push({ before: undefined, after });
  return pairs;
}

/** Returns whether an occurrence ended before another one started. */
const isOver = ({ endedNs }: ReplayedOccurrence, { startedNs }: ReplayedOccurrence): boolean =>
  endedNs !== 0n && endedNs < startedNs;
