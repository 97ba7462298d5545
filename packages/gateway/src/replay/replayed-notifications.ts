import type { Incident } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import { buildIncident, endOf, evaluateRecords, type IncidentEntry, type Occurrence } from '@medkit/incidents';
import {
  type DeliveryState,
  decide,
  type Gatekeeper,
  gatekeeper,
  matchesRoute,
  NOTHING_REPORTED,
  type NotificationKind,
  RECEIVER_KINDS,
  type Receiver,
  wantsNews,
} from '@medkit/notify/routing';

/** A notification of an incident, or the summary after quiet hours. */
export interface ReplayedNotification {
  readonly receiver: string;
  readonly kind: NotificationKind | 'summary';
  /** Code of the root fault. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

export interface NotificationRules {
  readonly receivers: readonly Receiver[];
  /** `notify.settle_ms` */
  readonly settleMs: number;
}

/** Maximum occurrences of an incident whose notifications are computed: the time grows with their square. */
export const MAX_NOTIFIED_OCCURRENCES = 1000;
/** Maximum decisions about an incident without a new event, such as reminders and refreshes of an open alert. */
const MAX_DECISIONS = 20_000;

/**
 * Computes the notifications of incidents with the decisions of the gateway. It knows the final grouping: an incident
 * that was merged into another one counts as part of it from the beginning.
 * @param confirmedMs when an occurrence was confirmed
 * @param endMs time until which reminders are counted
 */
export function replayedNotifications(
  incidents: readonly IncidentEntry[],
  { receivers, settleMs }: NotificationRules,
  confirmedMs: (occurrence: Occurrence) => number,
  endMs: number,
): readonly ReplayedNotification[] {
  const found: ReplayedNotification[] = [];
  for (const receiver of receivers) {
    const gate = gatekeeper(receiver);
    const summaries = new Set<number>();
    for (const entry of incidents) {
      const course = new Course(entry, confirmedMs);
      found.push(...notificationsOf(course, { receiver, gate, settleMs, summaries, endMs }));
    }
    for (const atMs of summaries) found.push({ receiver: receiver.name, kind: 'summary', root: '', atMs });
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}

/** The states of an incident over time. */
class Course {
  readonly timesMs: readonly number[];
  readonly related: ReadonlySet<string>;
  readonly #entry: IncidentEntry;
  readonly #members: IncidentEntry['group']['members'];
  readonly #confirmedMs: (occurrence: Occurrence) => number;

  constructor(entry: IncidentEntry, confirmedMs: (occurrence: Occurrence) => number) {
    this.#entry = entry;
    this.#confirmedMs = confirmedMs;
    this.#members = entry.group.members.slice(0, MAX_NOTIFIED_OCCURRENCES);
    const times = this.#members.flatMap(({ occurrence }) => [confirmedMs(occurrence), endOf(occurrence) ?? Number.NaN]);
    const said = entry.said.map(({ atMs }) => atMs);
    this.timesMs = [...new Set([...times, ...said])].filter(Number.isFinite).sort((a, b) => a - b);
    this.related = new Set(this.#members.flatMap(({ occurrence }) => occurrence.related.map(idOfName)));
  }

  /** Returns the incident at a time; `undefined` before its first confirmation. */
  at(nowMs: number): Incident | undefined {
    const members = this.#members.flatMap(({ occurrence, ...rest }) =>
      this.#confirmedMs(occurrence) <= nowMs ? [{ occurrence: stateAt(occurrence, nowMs), ...rest }] : [],
    );
    if (members.length === 0) return undefined;
    const standing = evaluateRecords(this.#entry.said.filter(({ atMs }) => atMs <= nowMs));
    return buildIncident({ members }, { id: this.#entry.incident.id, standing, robotOf: () => LOCAL });
  }
}

function stateAt(occurrence: Occurrence, nowMs: number): Occurrence {
  const { healedMs, clearedMs, ...rest } = occurrence;
  return {
    ...rest,
    ...(healedMs !== undefined && healedMs <= nowMs && { healedMs }),
    ...(clearedMs !== undefined && clearedMs <= nowMs && { clearedMs }),
  };
}

/** Returns the id of a name such as `component:base`. */
const idOfName = (name: string): string => name.slice(name.indexOf(':') + 1);

interface Target {
  readonly receiver: Receiver;
  readonly gate: Gatekeeper;
  readonly settleMs: number;
  /** Times of the summaries of this receiver. */
  readonly summaries: Set<number>;
  readonly endMs: number;
}

function notificationsOf(
  course: Course,
  { receiver, gate, settleMs, summaries, endMs }: Target,
): readonly ReplayedNotification[] {
  const found: ReplayedNotification[] = [];
  const belongsTo = ({ entity_id }: Incident, wanted: string) => entity_id === wanted || course.related.has(wanted);
  const { refreshMs } = RECEIVER_KINDS[receiver.type];
  let delivery: DeliveryState = NOTHING_REPORTED;
  let openSinceMs: number | undefined;
  let isSettled = false;
  let decisions = 0;
  const times = [...course.timesMs, endMs];
  for (let at = 0; at + 1 < times.length; at += 1) {
    let nowMs = times[at]!;
    const untilMs = times[at + 1]!;
    const incident = course.at(nowMs);
    if (incident === undefined) continue;
    if (incident.state === 'open') openSinceMs ??= nowMs;
    for (let isDue = true; isDue && decisions < MAX_DECISIONS; decisions += 1) {
      const sinceMs = openSinceMs ?? nowMs;
      const isBrief = !isSettled && nowMs < sinceMs + settleMs;
      if (incident.state !== 'open' || nowMs >= sinceMs + settleMs) isSettled = true;
      const decision = decide(receiver, delivery, {
        incident,
        concerned: matchesRoute(receiver, incident, belongsTo),
        nowMs,
        openSinceMs: sinceMs,
        settlesMs: Math.max(nowMs, sinceMs + settleMs),
        isBrief,
        gate: (severity) => gate(severity, nowMs),
        refreshMs,
      });
      const { send, againMs } = decision;
      delivery = decision.delivery ?? delivery;
      const isCounted = send !== undefined && send !== 'refreshed' && wantsNews(receiver, send);
      if (isCounted) found.push({ receiver: receiver.name, kind: send, root: incident.root, atMs: nowMs });
      if (delivery.state === 'missed') {
        summaries.add(gate(-1, nowMs).untilMs ?? nowMs);
        delivery = { ...delivery, state: 'over' };
      }
      isDue = againMs !== undefined && againMs > nowMs && againMs < untilMs;
      if (isDue) nowMs = againMs!;
    }
    if (incident.state !== 'open') openSinceMs = undefined;
  }
  return found;
}
