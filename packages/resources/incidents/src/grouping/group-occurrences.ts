import { byStart, endOf, entityName, faultKey, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import { disjointSets } from './disjoint-sets.ts';
import type { Corrections, Fold, Group } from './group.ts';

/**
 * How long after the start of an event a related occurrence counts as part of it, and how long after its end a repeated
 * one.
 */
export const FOLD_WINDOW_MS = 15_000;
/**
 * How much later than its symptom a cause may seem to begin: the clock differences between gateways are not known
 * exactly.
 */
const CLOCK_SLACK_MS = 2000;
/** How long after its end a cause may explain a symptom; maximum distance within a cluster or recording. */
const FAR_MS = 600_000;

const NO_CORRECTIONS: Corrections = { labels: new Map(), closedMs: new Map(), reopenedMs: new Map() };

const NOTHING: readonly string[] = [];

/** Reasons by strength: of several reasons for one occurrence, the first of these is reported. */
const STRENGTH: readonly Fold['because'][] = ['rule', 'cluster', 'recording', 'again', 'entity', 'relation', 'person'];

/**
 * Groups occurrences that belong to one event: a rule explains one by another, a rule puts them into a cluster, they
 * share a recording, or a user merged them. Also an occurrence that begins soon after the event on the same or a
 * related entity, or a fault of the event that occurs again. The result does not depend on the input order.
 * @returns the groups sorted by start
 */
export function groupOccurrences(
  occurrences: readonly Occurrence[],
  { labels, closedMs, reopenedMs }: Corrections = NO_CORRECTIONS,
): readonly Group[] {
  const all = occurrences.toSorted(byStart);
  const keys = labels.size + closedMs.size + reopenedMs.size > 0 ? all.map(occurrenceKey) : [];
  const labelAt = new Map(keys.flatMap((key, at) => (labels.has(key) ? [[at, labels.get(key)!] as const] : [])));
  const sets = disjointSets(all.length, labelsWithRecurrences(all, labelAt));
  const folds: (Fold | undefined)[] = [];
  const fold = (at: number, because: Fold['because'], other: number, ruleId?: string): void => {
    const isTogether = sets.find(at) === sets.find(other);
    if (!sets.unite(at, other)) return;
    const known = folds[at];
    if (known && STRENGTH.indexOf(known.because) <= STRENGTH.indexOf(because)) {
      // This occurrence already has a stronger reason, so the new reason goes to the other one.
      if (!isTogether) folds[other] ??= { because, with: all[at]! };
    } else {
      folds[at] = { because, with: all[other]!, ...(ruleId !== undefined && { ruleId }) };
    }
  };

  foldCauses(all, fold);
  foldAlike(all, ({ origin, clusterId }) => (clusterId === undefined ? NOTHING : [`${origin} ${clusterId}`]), {
    because: 'cluster',
    withinMs: FAR_MS,
    fold,
  });
  foldAlike(
    all,
    ({ origin, recordings }) => (recordings.length === 0 ? NOTHING : recordings.map(({ id }) => `${origin} ${id}`)),
    {
      because: 'recording',
      withinMs: FAR_MS,
      fold,
    },
  );
  foldLabels(labelAt, fold);
  foldRelated(all, { sets, fold, closedAt: timesOf(keys, closedMs), reopenedAt: timesOf(keys, reopenedMs) });

  return groupsOf(all, sets.find, folds);
}

type FoldIn = (at: number, because: Fold['because'], other: number, ruleId?: string) => void;

/** Joins each symptom with the occurrence of its cause that was active when it began. */
function foldCauses(all: readonly Occurrence[], fold: FoldIn): void {
  const byFault = new Map(all.flatMap(({ cause }) => (cause ? [[faultKey(cause), [] as number[]] as const] : [])));
  if (byFault.size === 0) return;
  for (let at = 0; at < all.length; at += 1) byFault.get(faultKey(all[at]!))?.push(at);
  for (let at = 0; at < all.length; at += 1) {
    const { cause, beganMs } = all[at]!;
    if (!cause) continue;
    const root = byFault.get(faultKey(cause))?.findLast((other) => all[other]!.beganMs <= beganMs + CLOCK_SLACK_MS);
    if (root === undefined || root === at) continue;
    if ((endOf(all[root]!) ?? Number.POSITIVE_INFINITY) >= beganMs - FAR_MS) fold(at, 'rule', root, cause.ruleId);
  }
}

/** Joins each occurrence with the previous one that shares a property. */
function foldAlike(
  all: readonly Occurrence[],
  sharedBy: (occurrence: Occurrence) => readonly string[],
  { because, withinMs, fold }: { readonly because: Fold['because']; readonly withinMs: number; readonly fold: FoldIn },
): void {
  const last = new Map<string, number>();
  for (let at = 0; at < all.length; at += 1) {
    const occurrence = all[at]!;
    for (const shared of sharedBy(occurrence)) {
      const before = last.get(shared);
      last.set(shared, at);
      if (before !== undefined && occurrence.beganMs - all[before]!.beganMs <= withinMs) fold(at, because, before);
    }
  }
}

/**
 * Returns the labels, and the label of a fault for each time that it soon occurs again: a rule must not bring back a
 * fault that a user has split off.
 */
function labelsWithRecurrences(
  all: readonly Occurrence[],
  labelAt: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  if (labelAt.size === 0) return labelAt;
  const labels = new Map(labelAt);
  const lastOfFault = new Map<string, number>();
  for (let at = 0; at < all.length; at += 1) {
    const fault = faultKey(all[at]!);
    const before = lastOfFault.get(fault);
    lastOfFault.set(fault, at);
    if (before === undefined || labels.has(at) || !lastsUntil(all[before]!, all[at]!.beganMs)) continue;
    const label = labels.get(before);
    if (label !== undefined) labels.set(at, label);
  }
  return labels;
}

function foldLabels(labelAt: ReadonlyMap<number, string>, fold: FoldIn): void {
  const first = new Map<string, number>();
  for (const [at, label] of labelAt) {
    const known = first.get(label);
    if (known === undefined) first.set(label, at);
    else fold(at, 'person', known);
  }
}

/**
 * Maximum recent occurrences checked per entity. If an entity had more within the window, the older ones are in the
 * same events.
 */
const LOOKED_AT = 8;

interface Sweep {
  readonly sets: { find(member: number): number };
  readonly fold: FoldIn;
  /** When the event of an occurrence was closed and reopened. */
  readonly closedAt: ReadonlyMap<number, number>;
  readonly reopenedAt: ReadonlyMap<number, number>;
}

/**
 * Joins each occurrence with the earliest fitting event: one of the same or a related entity, or one in which its fault
 * occurs again.
 */
function foldRelated(all: readonly Occurrence[], { sets, fold: foldIn, ...times }: Sweep): void {
  const lastOfFault = new Map<string, number>();
  const byName = new Map<string, number[]>();
  const byRelated = new Map<string, number[]>();
  const seen = new Set<number>();
  const closed = latestBySet(times.closedAt, sets);
  const reopened = latestBySet(times.reopenedAt, sets);
  const isOpenFor = (other: number, { beganMs }: Occurrence): boolean => {
    const closedMs = closed.get(sets.find(other));
    return closedMs === undefined || beganMs <= closedMs || (reopened.get(sets.find(other)) ?? 0) >= closedMs;
  };
  const fold: FoldIn = (at, because, other) => {
    const from = sets.find(at);
    foldIn(at, because, other);
    // Closing and reopening one event applies to the united event.
    for (const said of [closed, reopened]) {
      const ms = said.get(from);
      if (ms !== undefined) said.set(sets.find(at), Math.max(ms, said.get(sets.find(at)) ?? ms));
    }
  };

  for (let at = 0; at < all.length; at += 1) {
    const occurrence = all[at]!;
    const name = entityName(occurrence);
    const before = lastOfFault.get(faultKey(occurrence));
    // A set that a rule, recording or user created is joined as a whole by its first member.
    if (!seen.has(sets.find(at))) {
      /** Returns the earliest of the recently begun events that contain one of `others`. */
      const earliest = (others: readonly number[] | undefined, than?: number): number | undefined => {
        let found = than;
        const { length } = others ?? [];
        for (let place = length - 1; place >= Math.max(0, length - LOOKED_AT); place -= 1) {
          const other = others![place]!;
          // Earlier occurrences are older, and so are their events.
          if (occurrence.beganMs - all[other]!.beganMs > FOLD_WINDOW_MS) break;
          const first = sets.find(other);
          if (found !== undefined && first >= sets.find(found)) continue;
          if (occurrence.beganMs - all[first]!.beganMs <= FOLD_WINDOW_MS && isOpenFor(other, occurrence)) found = other;
        }
        return found;
      };
      if (before !== undefined && isOpenFor(before, occurrence) && lastsUntil(all[before]!, occurrence.beganMs)) {
        fold(at, 'again', before);
      } else if (name !== undefined) {
        const same = earliest(byName.get(name));
        let related = earliest(byRelated.get(name));
        for (const other of occurrence.related) {
          related = earliest(byName.get(other), related);
          if (other.startsWith('function:')) related = earliest(byRelated.get(other), related);
        }
        if (same !== undefined && (related === undefined || sets.find(same) <= sets.find(related)))
          fold(at, 'entity', same);
        else if (related !== undefined) fold(at, 'relation', related);
      }
    }
    seen.add(sets.find(at));
    lastOfFault.set(faultKey(occurrence), at);
    if (name !== undefined) listIn(byName, name).push(at);
    for (const other of occurrence.related) listIn(byRelated, other).push(at);
  }
}

function lastsUntil(occurrence: Occurrence, ms: number): boolean {
  return (endOf(occurrence) ?? Number.POSITIVE_INFINITY) >= ms - FOLD_WINDOW_MS;
}

function timesOf(keys: readonly string[], ms: ReadonlyMap<string, number>): ReadonlyMap<number, number> {
  if (ms.size === 0) return new Map();
  return new Map(keys.flatMap((key, at) => (ms.has(key) ? [[at, ms.get(key)!] as const] : [])));
}

function latestBySet(times: ReadonlyMap<number, number>, { find }: Sweep['sets']): Map<number, number> {
  const latest = new Map<number, number>();
  for (const [at, ms] of times) latest.set(find(at), Math.max(ms, latest.get(find(at)) ?? ms));
  return latest;
}

function groupsOf(
  all: readonly Occurrence[],
  find: (member: number) => number,
  folds: readonly (Fold | undefined)[],
): readonly Group[] {
  const groups: Group['members'][number][][] = [];
  const groupAt: (Group['members'][number][] | undefined)[] = new Array(all.length);
  for (let at = 0; at < all.length; at += 1) {
    const [occurrence, fold, first] = [all[at]!, folds[at], find(at)];
    const member = fold ? { occurrence, fold } : { occurrence };
    const group = groupAt[first];
    if (group) group.push(member);
    else {
      const made = [member];
      groupAt[first] = made;
      groups.push(made);
    }
  }
  return groups.map((members) => ({ members }));
}

function listIn<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const known = lists.get(key);
  if (known) return known;
  const made: Item[] = [];
  lists.set(key, made);
  return made;
}
