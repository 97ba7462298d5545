import { FAULT_SEVERITIES, type Incident } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { Webhooks } from '@medkit/webhooks';
import { type DeliveryState, NOTHING_REPORTED } from './delivery-state/delivery-state.ts';
import { deliveryStateStatement, knownStatement } from './delivery-state/delivery-state-rows.ts';
import { RECEIVER_KINDS } from './kinds/receiver-kinds.ts';
import { type NewNotification, notificationStatements } from './notification-outbox.ts';
import type { Receiver } from './receiver/receiver.ts';
import { decide } from './routing/decide.ts';
import { earlier, type Gatekeeper } from './routing/gate.ts';
import { type IncidentPlaces, NO_PLACES, zoneOfIncident } from './routing/incident-places.ts';
import { type BelongsTo, matchesRoute } from './routing/incident-scope.ts';
import type { TrackedIncident } from './tracked-incident.ts';

export interface ReportOptions {
  readonly receivers: readonly Receiver[];
  readonly webhooks: Pick<Webhooks, 'outboxStatements'>;
  readonly clock: Clock;
  readonly belongsTo: BelongsTo;
  /** Present on a fleet hub. */
  readonly places?: IncidentPlaces | undefined;
  /** Gatekeepers by receiver name. */
  readonly gates: ReadonlyMap<string, (zone?: string) => Gatekeeper>;
}

/** Notifications of incidents with what their receivers know then: to be stored together. */
export interface IncidentReport {
  readonly statements: readonly Statement[];
  /** Notifications in it. */
  readonly sent: number;
  /** Marks the incidents as reported. Call it after the statements are stored. */
  readonly apply: () => void;
}

/** What a receiver knows of an incident from now on. */
interface Change {
  readonly entry: TrackedIncident;
  readonly receiver: string;
  readonly delivery: DeliveryState;
}

/** The notifications and changes that the functions below add. */
interface Draft {
  readonly nowMs: number;
  readonly statements: Statement[];
  readonly changes: Change[];
  sent: number;
}

/**
 * Decides what to report of `entries` to each receiver. Sets their `againMs`.
 * @param all all incidents that are tracked: a summary names each one that its receiver missed
 */
export function reportIncidents(
  options: ReportOptions,
  entries: readonly TrackedIncident[],
  all: () => Iterable<TrackedIncident>,
): IncidentReport {
  const draft: Draft = { nowMs: options.clock.wallMs(), statements: [], changes: [], sent: 0 };
  const { nowMs, statements, changes } = draft;
  const toStore = new Map<TrackedIncident, boolean>();
  for (const entry of entries) {
    const isOpen = decideAll(options, entry, draft);
    if (isOpen !== undefined) toStore.set(entry, isOpen);
  }
  reportMissed(options, entries, all, draft);
  for (const { entry, receiver, delivery } of changes)
    statements.push(deliveryStateStatement(entry.id, receiver, delivery));
  for (const [{ id, openSinceMs }, isOpen] of toStore)
    statements.push(knownStatement({ id, isOpen, openSinceMs, updatedMs: nowMs }));
  const apply = () => {
    for (const { entry, receiver, delivery } of changes) entry.deliveries.set(receiver, delivery);
    for (const [entry, isOpen] of toStore) entry.storedOpen = isOpen;
  };
  return { statements, sent: draft.sent, apply };
}

/** Decides what to report to each receiver. Returns whether the incident is open if that has to be stored. */
function decideAll(options: ReportOptions, entry: TrackedIncident, draft: Draft): boolean | undefined {
  entry.againMs = undefined;
  if (entry.isMerged) return endMerged(options, entry, draft);
  if (!entry.incident) return undefined;
  const leftMs = Math.max(0, entry.settlesAtMs - options.clock.monotonicMs());
  const isBrief = !entry.isSettled && entry.storedOpen === undefined;
  if (entry.isOpen && leftMs === 0) entry.isSettled = true;
  for (const receiver of options.receivers) decideReceiver(options, entry, receiver, { leftMs, isBrief }, draft);
  if (entry.isOpen) return entry.isSettled && entry.storedOpen !== true ? true : undefined;
  entry.isSettled = true;
  return entry.storedOpen !== false ? false : undefined;
}

function decideReceiver(
  { belongsTo, places = NO_PLACES, gates, webhooks }: ReportOptions,
  entry: TrackedIncident,
  receiver: Receiver,
  { leftMs, isBrief }: { readonly leftMs: number; readonly isBrief: boolean },
  draft: Draft,
): void {
  const { nowMs } = draft;
  const incident = entry.incident!;
  const before = entry.deliveries.get(receiver.name) ?? NOTHING_REPORTED;
  const gate = gates.get(receiver.name)!(zoneOfIncident(incident, places));
  const { send, delivery, againMs } = decide(receiver, before, {
    incident,
    concerned: matchesRoute(receiver, incident, belongsTo, places),
    nowMs,
    openSinceMs: entry.openSinceMs,
    settlesMs: nowMs + leftMs,
    isBrief,
    gate: (severity) => gate(severity, nowMs),
    refreshMs: RECEIVER_KINDS[receiver.type].refreshMs,
  });
  entry.againMs = earlier(entry.againMs, againMs);
  if (!delivery) return;
  draft.changes.push({ entry, receiver: receiver.name, delivery });
  if (!send) return;
  const { severity, rings: ring } = delivery;
  const was = send === 'worse' && severity > before.severity ? { was: before.severity } : {};
  enqueue(webhooks, receiver, { about: 'incident', news: send, ring, incident, severity, ...was, atMs: nowMs }, draft);
}

/** Ends a merged incident at every receiver. */
function endMerged({ receivers, webhooks }: ReportOptions, entry: TrackedIncident, draft: Draft): boolean | undefined {
  const { nowMs, changes, statements } = draft;
  for (const receiver of receivers) {
    const before = entry.deliveries.get(receiver.name);
    if (!before || before.state === 'over' || before.state === 'nothing' || before.state === 'missed') continue;
    changes.push({ entry, receiver: receiver.name, delivery: { ...before, state: 'over', lastMs: nowMs } });
    if (before.state !== 'open') continue;
    const incident = entry.incident ?? mergedIncident(entry, before);
    const into = entry.into === undefined ? {} : { into: entry.into };
    const { severity, rings: ring } = before;
    const notification = { about: 'incident', news: 'merged', ring, incident, severity, ...into, atMs: nowMs } as const;
    statements.push(...notificationStatements(receiver, notification, webhooks));
  }
  entry.incident = undefined;
  return entry.storedOpen === true ? false : undefined;
}

/** Sends the summary of incidents that were over before a receiver could be alerted, once it can. */
function reportMissed(
  { receivers, webhooks, gates }: ReportOptions,
  entries: readonly TrackedIncident[],
  all: () => Iterable<TrackedIncident>,
  draft: Draft,
): void {
  const { nowMs, changes } = draft;
  for (const receiver of receivers) {
    const { gate, untilMs } = gates.get(receiver.name)!()(-1, nowMs);
    const deliveryIn = (entry: TrackedIncident) =>
      changes.findLast((change) => change.entry === entry && change.receiver === receiver.name)?.delivery ??
      entry.deliveries.get(receiver.name);
    const missedIn = (some: Iterable<TrackedIncident>) =>
      [...some].filter((entry) => deliveryIn(entry)?.state === 'missed');
    if (gate !== 'open') {
      for (const entry of missedIn(entries)) entry.againMs = earlier(entry.againMs, untilMs);
      continue;
    }
    if (missedIn(entries).length === 0) continue;
    const missed = missedIn(all());
    const lines = missed.flatMap((entry) => deliveryIn(entry)?.line ?? []).sort();
    enqueue(webhooks, receiver, { about: 'meanwhile', lines, atMs: nowMs }, draft);
    for (const entry of missed) {
      const { line: _, ...delivery } = deliveryIn(entry)!;
      changes.push({ entry, receiver: receiver.name, delivery: { ...delivery, state: 'over', lastMs: nowMs } });
    }
  }
}

/** Adds a notification that counts as sent, unless the receiver does not want it. */
function enqueue(
  webhooks: ReportOptions['webhooks'],
  receiver: Receiver,
  notification: NewNotification,
  draft: Draft,
): void {
  const queued = notificationStatements(receiver, notification, webhooks);
  if (queued.length > 0) draft.sent += 1;
  draft.statements.push(...queued);
}

/** Reconstructs what is known of an incident that was merged before the start. */
function mergedIncident({ id, openSinceMs }: TrackedIncident, { severity }: DeliveryState): Incident {
  return {
    id,
    title: `incident ${id}`,
    state: 'closed',
    severity,
    severity_label: FAULT_SEVERITIES.labels[severity] ?? 'ERROR',
    robot: '',
    began: new Date(openSinceMs).toISOString(),
    root: '',
    fault_count: 1,
  };
}
