import type { ReplayedOccurrence } from '@medkit/faults/replay';
import { type IncidentEntry, type Occurrence, occurrenceKey } from '@medkit/incidents';
import { type OccurrencePair, pairOccurrences } from './pair-occurrences.ts';
import type { Outcome } from './replay-outcome.ts';
import type { ReplayedNotification } from './replayed-notifications.ts';

/** A difference of one occurrence of a fault. Times are milliseconds since 1970. */
export interface FaultDifference {
  readonly is: 'more' | 'fewer' | 'earlier' | 'later' | 'ends_earlier' | 'ends_later' | 'muted' | 'unmuted';
  readonly code: string;
  /** When the fault was confirmed, or ended for `ends_earlier` and `ends_later`; `null` for never. */
  readonly beforeMs: number | null;
  readonly afterMs: number | null;
}

/** A difference of incidents. `regrouped`: the faults of `before` are in the incidents `after`. */
export interface IncidentDifference {
  readonly is: 'more' | 'fewer' | 'regrouped';
  /** Incidents, each with the codes of its faults, the root first. */
  readonly before: readonly IncidentSummary[];
  readonly after: readonly IncidentSummary[];
}

export interface IncidentSummary {
  readonly beganMs: number;
  readonly codes: readonly string[];
}

/** Notifications of a receiver of one kind about one root fault whose number differs. */
export interface NotificationDifference {
  readonly receiver: string;
  readonly kind: ReplayedNotification['kind'];
  readonly root: string;
  readonly before: number;
  readonly after: number;
}

export interface OutcomeDifference {
  readonly faults: readonly FaultDifference[];
  readonly incidents: readonly IncidentDifference[];
  readonly notifications: readonly NotificationDifference[];
}

/** Times that differ by less are equal, in nanoseconds: recorded times are whole microseconds. */
const SAME_NS = 1_000_000n;

/**
 * Returns what differs between the outcomes of two sets of rules.
 * @param sinceMs ignores faults that ended, incidents and notifications earlier than this
 */
export function difference(before: Outcome, after: Outcome, sinceMs = 0): OutcomeDifference {
  const isLate = ({ before: one, after: other }: OccurrencePair) =>
    [one, other].some((each) => each !== undefined && Number(endNs(each)) / 1e6 >= sinceMs);
  const pairs = pairOccurrences(before.faults.occurrences, after.faults.occurrences).filter(isLate);
  return {
    faults: pairs.flatMap(faultDifferences),
    incidents: incidentDifferences(before.incidents, after.incidents, pairs, sinceMs),
    notifications: notificationDifferences(
      before.notifications.filter(({ atMs }) => atMs >= sinceMs),
      after.notifications.filter(({ atMs }) => atMs >= sinceMs),
    ),
  };
}

/** Returns whether two outcomes are equal. */
export function isSameOutcome({ faults, incidents, notifications }: OutcomeDifference): boolean {
  return faults.length + incidents.length + notifications.length === 0;
}

const ms = (ns: bigint): number | null => (ns === 0n ? null : Number(ns / 1000n) / 1000);

function faultDifferences({ before, after }: OccurrencePair): readonly FaultDifference[] {
  const one = before ?? after;
  if (one === undefined) return [];
  const { code } = one;
  const confirmed = { code, beforeMs: ms(before?.confirmedAtNs ?? 0n), afterMs: ms(after?.confirmedAtNs ?? 0n) };
  if (before === undefined) return [{ is: 'more', ...confirmed }];
  if (after === undefined) return [{ is: 'fewer', ...confirmed }];
  const found: FaultDifference[] = [];
  const shiftNs = after.confirmedAtNs - before.confirmedAtNs;
  if (shiftNs >= SAME_NS) found.push({ is: 'later', ...confirmed });
  if (shiftNs <= -SAME_NS) found.push({ is: 'earlier', ...confirmed });
  const ended = { code, beforeMs: ms(before.endedNs), afterMs: ms(after.endedNs) };
  const [endBefore, endAfter] = [endNs(before), endNs(after)];
  if (endAfter - endBefore >= SAME_NS) found.push({ is: 'ends_later', ...ended });
  if (endBefore - endAfter >= SAME_NS) found.push({ is: 'ends_earlier', ...ended });
  if (before.announced && !after.announced) found.push({ is: 'muted', ...confirmed });
  if (!before.announced && after.announced) found.push({ is: 'unmuted', ...confirmed });
  return found;
}

/** Later than any time, for a fault that is active at the end of the record. */
const NEVER_NS = 1n << 63n;
const endNs = ({ endedNs }: ReplayedOccurrence): bigint => (endedNs === 0n ? NEVER_NS : endedNs);

const keyOf = ({ code, number }: Pick<ReplayedOccurrence, 'code' | 'number'>): string => `${code} ${number}`;

function incidentDifferences(
  before: readonly IncidentEntry[],
  after: readonly IncidentEntry[],
  pairs: readonly OccurrencePair[],
  sinceMs: number,
): readonly IncidentDifference[] {
  /** The occurrence of `before` that an occurrence of `after` corresponds to. */
  const same = new Map(
    pairs.flatMap(({ before: one, after: other }) => (one && other ? [[keyOf(other), keyOf(one)] as const] : [])),
  );
  const nameOf = (occurrence: Occurrence) =>
    occurrence.origin === 'local' ? keyOf(occurrence) : occurrenceKey(occurrence);
  const membersBefore = (entry: IncidentEntry) => entry.group.members.map(({ occurrence }) => nameOf(occurrence));
  const membersAfter = (entry: IncidentEntry) =>
    entry.group.members.map(({ occurrence }) => {
      const name = nameOf(occurrence);
      return occurrence.origin === 'local' ? (same.get(name) ?? `new ${name}`) : name;
    });
  const nodes = [
    ...before.filter(isRecent(sinceMs)).map((entry) => ({ entry, isAfter: false, members: membersBefore(entry) })),
    ...after.filter(isRecent(sinceMs)).map((entry) => ({ entry, isAfter: true, members: membersAfter(entry) })),
  ];
  return connected(nodes).flatMap((group): readonly IncidentDifference[] => {
    const [old, now] = [group.filter(({ isAfter }) => !isAfter), group.filter(({ isAfter }) => isAfter)];
    const summary = {
      before: old.map(({ entry }) => summaryOf(entry)),
      after: now.map(({ entry }) => summaryOf(entry)),
    };
    if (old.length === 0) return [{ is: 'more', ...summary }];
    if (now.length === 0) return [{ is: 'fewer', ...summary }];
    const isEqual = old.length === 1 && now.length === 1 && isSameSet(old[0]!.members, now[0]!.members);
    return isEqual ? [] : [{ is: 'regrouped', ...summary }];
  });
}

/** Returns whether an incident has a fault that was active at `sinceMs` or later. */
export const isRecent =
  (sinceMs: number) =>
  ({ group }: IncidentEntry): boolean =>
    group.members.some(
      ({ occurrence: { beganMs, healedMs, clearedMs } }) =>
        beganMs >= sinceMs || (healedMs ?? clearedMs ?? Number.POSITIVE_INFINITY) >= sinceMs,
    );

function summaryOf({ group, incident }: IncidentEntry): IncidentSummary {
  const codes = [...new Set([incident.root, ...group.members.map(({ occurrence }) => occurrence.code)])];
  return { beganMs: group.members[0]!.occurrence.beganMs, codes };
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const all = new Set(one);
  return all.size === new Set(other).size && other.every((each) => all.has(each));
}

/** Puts nodes that share a member into one list, in the order of their first node. */
function connected<Node extends { readonly members: readonly string[] }>(nodes: readonly Node[]): readonly Node[][] {
  const groupOf = new Map<string, Set<Node>>();
  const groups = new Set<Set<Node>>();
  for (const node of nodes) {
    let group = new Set([node]);
    groups.add(group);
    for (const member of node.members) {
      const other = groupOf.get(member);
      if (other !== undefined && other !== group) {
        const [large, small] = other.size >= group.size ? [other, group] : [group, other];
        for (const each of small) {
          large.add(each);
          for (const name of each.members) if (groupOf.get(name) === small) groupOf.set(name, large);
        }
        groups.delete(small);
        group = large;
      }
      groupOf.set(member, group);
    }
  }
  return [...groups].map((group) => [...group]);
}

function notificationDifferences(
  before: readonly ReplayedNotification[],
  after: readonly ReplayedNotification[],
): readonly NotificationDifference[] {
  const counts = new Map<string, { readonly first: ReplayedNotification; before: number; after: number }>();
  const count = (all: readonly ReplayedNotification[], side: 'before' | 'after'): void => {
    for (const each of all) {
      const key = JSON.stringify([each.receiver, each.kind, each.root]);
      const known = counts.get(key) ?? { first: each, before: 0, after: 0 };
      known[side] += 1;
      counts.set(key, known);
    }
  };
  count(before, 'before');
  count(after, 'after');
  return [...counts.values()].flatMap(({ first: { receiver, kind, root }, ...numbers }) =>
    numbers.before === numbers.after ? [] : [{ receiver, kind, root, ...numbers }],
  );
}
