import type { Incident } from '@medkit/contract';
import { type CoreEvents, type EventBus, errorMessage } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { OutboxDatabase, Webhooks } from '@medkit/webhooks';
import { NOTHING_REPORTED } from './delivery-state/delivery-state.ts';
import { deliveryStateStatement } from './delivery-state/delivery-state-rows.ts';
import { DeliveryStateStore } from './delivery-state/delivery-state-store.ts';
import type { IncidentSource } from './incident-source.ts';
import { lineOf } from './message/content.ts';
import type { Receiver } from './receiver/receiver.ts';
import { reportIncidents } from './report-incidents.ts';
import { earlier, type Gatekeeper, gatekeepers } from './routing/gate.ts';
import type { IncidentPlaces } from './routing/incident-places.ts';
import { type BelongsTo, matchesRoute } from './routing/incident-scope.ts';
import { TrackedIncident } from './tracked-incident.ts';

/** Delay after a failure of the disk. */
const RETRY_MS = 1000;
/** Maximum delay of a timer, so that a change of the wall clock is noticed. */
const LONGEST_WAIT_MS = 60_000;
/** Maximum incidents in one transaction. */
const MAX_TOGETHER = 50;
/** Maximum incidents read at the start. */
const MAX_KNOWN = 5000;
/** Incidents that a crash hid began at most this long before the last state on disk. */
const SWALLOWED_MS = 600_000;

export interface NotifierOptions {
  readonly receivers: readonly Receiver[];
  readonly source: Pick<IncidentSource, 'recent'>;
  readonly events: Pick<EventBus<CoreEvents>, 'on'>;
  /** The database of the webhooks, with `NOTIFY_TABLES`. */
  readonly database: OutboxDatabase;
  readonly webhooks: Pick<Webhooks, 'outboxStatements' | 'wake'>;
  readonly clock: Clock;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  readonly belongsTo: BelongsTo;
  /** Present on a fleet hub. */
  readonly places?: IncidentPlaces | undefined;
  /** Delay before a new incident is reported, because the fault that explains it may arrive later. */
  readonly settleMs: number;
}

/** Counters and state of the notifications; totals since the start. */
export interface NotifierFacts {
  readonly sent: number;
  /** Incidents that wait: to settle, for a delay, or for the end of quiet hours. */
  readonly waiting: number;
  /** Why no notification can be sent now. */
  readonly problem: string | undefined;
}

/**
 * Notifies receivers of changes of incidents that they do not know yet. Stores what each receiver knows in one
 * transaction with the notification in the outbox. So each change is reported exactly once, even after a crash.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #deliveries: DeliveryStateStore;
  readonly #gates: ReadonlyMap<string, (zone?: string) => Gatekeeper>;
  readonly #entries = new Map<string, TrackedIncident>();
  readonly #due = new Set<TrackedIncident>();
  #stopListening: (() => void) | undefined;
  #working: Promise<void> | undefined;
  #timer: Timer | undefined;
  #closed = false;
  #sent = 0;
  #problem: string | undefined;
  /** Ends the wait for the next attempt. */
  #tryNow: (() => void) | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#deliveries = new DeliveryStateStore(options.database);
    this.#gates = new Map(options.receivers.map((receiver) => [receiver.name, gatekeepers(receiver)] as const));
  }

  /** Subscribes to events, and catches up on changes since the last run. */
  start(): void {
    this.#stopListening = this.#options.events.on('incident.changed', ({ incident, mergedIds = [] }) => {
      for (const id of mergedIds) this.#onMerged(id, incident.id);
      this.#onIncident(incident);
    });
    this.#working = this.#catchUp().then(() => this.#work());
  }

  facts(): NotifierFacts {
    const waiting = [...this.#entries.values()].filter(({ isOpen, againMs, deliveries }) => {
      if (isOpen) return againMs !== undefined && ![...deliveries.values()].some(({ state }) => state === 'open');
      return [...deliveries.values()].some(({ state }) => state === 'missed');
    }).length;
    return { sent: this.#sent, waiting, problem: this.#problem };
  }

  /** Stops after pending writes. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening?.();
    this.#timer?.cancel();
    this.#tryNow?.();
    await this.#working;
  }

  #onIncident(incident: Incident): void {
    const entry = this.#entry(incident.id);
    const wasOpen = entry.isOpen;
    entry.incident = incident;
    entry.isMerged = false;
    if (entry.isOpen && !wasOpen) this.#begin(entry);
    this.#schedule(entry);
  }

  #begin(entry: TrackedIncident): void {
    const { clock, settleMs } = this.#options;
    entry.openSinceMs = clock.wallMs();
    entry.settlesAtMs = clock.monotonicMs() + settleMs;
    entry.isSettled = false;
  }

  #onMerged(id: string, into: string | undefined): void {
    const entry = this.#entry(id);
    entry.isMerged = true;
    entry.into = into;
    this.#schedule(entry);
  }

  #entry(id: string): TrackedIncident {
    const entry = this.#entries.get(id) ?? new TrackedIncident(id);
    this.#entries.set(id, entry);
    return entry;
  }

  #schedule(entry: TrackedIncident): void {
    this.#due.add(entry);
    if (!this.#working && !this.#closed) this.#working = this.#work();
  }

  /** Compares the incidents with what was reported; retries until neither disk nor source fails. */
  async #catchUp(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#compare();
        this.#problem = undefined;
        return;
      } catch (error) {
        await this.#failed(error);
      }
    }
  }

  async #compare(): Promise<void> {
    const { source, clock } = this.#options;
    const nowMs = clock.wallMs();
    const startMs = await this.#deliveries.begin(nowMs);
    const known = await this.#deliveries.known(MAX_KNOWN);
    const observedSinceMs = Math.max(startMs, (known[0]?.updatedMs ?? startMs) - SWALLOWED_MS);
    const sinceMs = known.reduce(
      (least, { updatedMs }) => Math.min(least, updatedMs),
      Math.min(observedSinceMs, nowMs),
    );
    const recent = await source.recent(sinceMs);
    const ids = new Set(recent.map(({ id }) => id));
    const swallowed: Statement[] = [];
    for (const incident of recent) swallowed.push(...(await this.#loadAtStart(incident, observedSinceMs)));
    if (swallowed.length > 0) await this.#deliveries.write(swallowed);
    for (const { id } of known) {
      if (ids.has(id)) continue;
      const entry = await this.#load(this.#entry(id));
      // The incident was merged into another one while the gateway was not running. An incident that only waits for a
      // summary is still reported.
      entry.isMerged ||= entry.incident === undefined;
      this.#due.add(entry);
    }
  }

  /**
   * Loads an incident at the start. Returns the statements to store an incident that ended before any receiver was
   * notified.
   */
  async #loadAtStart(incident: Incident, observedSinceMs: number): Promise<readonly Statement[]> {
    const entry = await this.#load(this.#entry(incident.id));
    this.#due.add(entry);
    // An event that arrived meanwhile is newer.
    entry.incident ??= incident;
    if (entry.isOpen && entry.storedOpen !== true) this.#begin(entry);
    else entry.isSettled = true;
    const endedMs = Date.parse(incident.healed_at ?? incident.closed_at ?? incident.began);
    return entry.storedOpen === undefined && !entry.isOpen && endedMs >= observedSinceMs
      ? this.#missedAtStart(entry, incident)
      : [];
  }

  /**
   * The incident began and ended while no receiver could be notified. It is reported in a summary, since it is in the
   * past.
   */
  #missedAtStart(entry: TrackedIncident, incident: Incident): readonly Statement[] {
    const { receivers, belongsTo, places, clock } = this.#options;
    return receivers.flatMap((receiver) => {
      if (receiver.afterMs > 0 || !receiver.notifiesHealed || incident.acknowledged_at != null) return [];
      if (!matchesRoute(receiver, incident, belongsTo, places)) return [];
      const line = lineOf(incident, receiver.zone);
      const delivery = { ...NOTHING_REPORTED, state: 'missed', lastMs: clock.wallMs(), line } as const;
      entry.deliveries.set(receiver.name, delivery);
      return [deliveryStateStatement(entry.id, receiver.name, delivery)];
    });
  }

  async #load(entry: TrackedIncident): Promise<TrackedIncident> {
    if (entry.isLoaded) return entry;
    const { known, deliveries } = await this.#deliveries.of(entry.id);
    if (entry.isLoaded) return entry;
    for (const [receiver, delivery] of deliveries) entry.deliveries.set(receiver, delivery);
    entry.storedOpen = known?.isOpen;
    if (known?.isOpen === true) entry.openSinceMs = known.openSinceMs;
    entry.isLoaded = true;
    return entry;
  }

  async #work(): Promise<void> {
    // Lets the caller continue first.
    await undefined;
    while (this.#due.size > 0 && !this.#closed) {
      const entries = [...this.#due].slice(0, MAX_TOGETHER);
      for (const entry of entries) this.#due.delete(entry);
      try {
        for (const entry of entries) await this.#load(entry);
        await this.#report(entries);
        this.#problem = undefined;
      } catch (error) {
        for (const entry of entries) this.#due.add(entry);
        await this.#failed(error);
      }
    }
    this.#working = undefined;
    this.#wait();
  }

  /** Reports these incidents. Marks them as reported only after the write succeeded. */
  async #report(entries: readonly TrackedIncident[]): Promise<void> {
    const options = { ...this.#options, gates: this.#gates };
    const { statements, sent, apply } = reportIncidents(options, entries, () => this.#entries.values());
    if (statements.length > 0) {
      await this.#deliveries.write(statements);
      this.#options.webhooks.wake();
    }
    this.#sent += sent;
    apply();
    for (const entry of entries) if (entry.isDone && !this.#due.has(entry)) this.#entries.delete(entry.id);
  }

  /** Sets the timer for the next time at which a notification may be due. */
  #wait(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#closed) return;
    const { clock } = this.#options;
    const nowMs = clock.wallMs();
    const nextMs = [...this.#entries.values()].reduce<number | undefined>(
      (next, { againMs }) => earlier(next, againMs),
      undefined,
    );
    if (nextMs === undefined) return;
    this.#timer = clock.after(Math.min(Math.max(0, nextMs - nowMs), LONGEST_WAIT_MS), () => {
      this.#timer = undefined;
      const dueMs = clock.wallMs();
      // A millisecond clock may lag by a fraction.
      for (const entry of this.#entries.values()) if ((entry.againMs ?? Infinity) <= dueMs + 1) this.#due.add(entry);
      if (!this.#working) this.#working = this.#work();
    });
  }

  async #failed(error: unknown): Promise<void> {
    const { clock, log } = this.#options;
    const reason = errorMessage(error);
    if (this.#problem === undefined)
      log('warn', `Notifications of incidents cannot be sent now and are queued: ${reason}`);
    this.#problem = reason;
    if (this.#closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tryNow = resolve;
    const timer = clock.after(RETRY_MS, resolve);
    await promise;
    timer.cancel();
    this.#tryNow = undefined;
  }
}
