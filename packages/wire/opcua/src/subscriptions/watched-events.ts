import type { Log } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import { EVENT_QUEUE, MAX_EVENT_BURST, MAX_EVENTS_PER_S } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { PlcRefused, type PlcUnreachable } from '../plc-error.ts';
import type { EventSource, PlcEvent } from '../plc-event.ts';
import { qualifiedName } from '../services/browsing.ts';
import { type EventField, eventFields, eventOf } from '../values/event-fields.ts';
import { nodeIdOf } from '../values/node-ids.ts';
import { type MonitoredItem, monitorItems } from './monitored-items.ts';
import type { Publishing, SubscriptionListener } from './publishing.ts';
import { RateBound } from './rate-bound.ts';

interface WatchedSource extends EventSource {
  readonly onEvent: (event: PlcEvent) => void;
}

const EVENT_NOTIFIER = 12;
const VALUE = 13;
const NODE_ID = 1;
/** The Server object, and the event type of refresh events (OPC 10000-5, 8.3.2 and 6.4.30). */
const SERVER = 'i=2253';
const SYSTEM_EVENT = 'i=2130';
/** These events enclose the events of a refresh (OPC 10000-9, 5.11). */
const REFRESH_START = 'i=2787';
const REFRESH_END = 'i=2788';
const REFRESH_REQUIRED = 'i=2789';
/** Events of a notifier were lost (OPC 10000-4, 7.22.3). */
const EVENT_QUEUE_OVERFLOW = 'i=3035';
/** Interval at which the number of dropped events is logged, in milliseconds. */
const LOG_DROPPED_MS = 60_000;
/** Delay of the condition refresh after dropped events, in milliseconds. */
const REPAIR_MS = 10_000;
/** Timeout of a refresh in milliseconds; a plant with thousands of conditions needs time. */
const REFRESH_TIMEOUT_MS = 30_000;

/** Watches the events of notifiers in one subscription. */
export class WatchedEvents implements SubscriptionListener {
  readonly #session: SessionChannel;
  readonly #publishing: Publishing;
  readonly #intervalMs: number;
  readonly #log: Log;
  readonly #sources: (WatchedSource | undefined)[] = [];
  readonly #rate: RateBound;
  #subscription: Promise<number> | undefined;
  #refreshed: PromiseWithResolvers<void> | undefined;
  #onEvent: (event: PlcEvent) => void = () => undefined;
  /** The server has reported the end of the refresh, but events of other notifiers may still be pending. */
  #isRefreshTold = false;
  #repair: Timer | undefined;
  #end: PlcUnreachable | undefined;
  #leftOut = 0;
  #loggedMs = Number.NEGATIVE_INFINITY;

  constructor(session: SessionChannel, publishing: Publishing, intervalMs: number, log: Log) {
    this.#session = session;
    this.#publishing = publishing;
    this.#intervalMs = intervalMs;
    this.#log = log;
    this.#rate = new RateBound({
      perSecond: MAX_EVENTS_PER_S,
      burst: MAX_EVENT_BURST,
      nowMs: session.clock.monotonicMs(),
    });
  }

  /** As `PlcSession.watchEvents`. */
  async watch(
    sources: readonly EventSource[],
    onEvent: (event: PlcEvent) => void,
  ): Promise<ReadonlyMap<string, string>> {
    this.#onEvent = onEvent;
    const subscription = await this.#subscribed();
    await this.#watchRefreshes(subscription);
    const items = sources.map((source) => {
      const filter = this.#filter(eventFields(source.associatedValues), []);
      return this.#item({ ...source, onEvent }, filter);
    });
    const answers = await monitorItems(this.#session, subscription, items);
    // All watches end with the session, even while its server still answers.
    if (this.#end) throw this.#end;
    const refused = new Map<string, string>();
    for (const [handle, reason] of answers) {
      refused.set(this.#sources[handle]!.notifier, reason);
      this.#sources[handle] = undefined;
    }
    return refused;
  }

  /**
   * Subscribes to refresh events at the Server object: some servers report them only there. A server that refuses this
   * reports them at each notifier.
   */
  async #watchRefreshes(subscription: number): Promise<void> {
    if (this.#sources.length > 0) return;
    const source = { notifier: SERVER, associatedValues: [], onEvent: () => undefined };
    const isOfSystem = this.#session.library.ofType(nodeIdOf(this.#session.library, SYSTEM_EVENT));
    await monitorItems(this.#session, subscription, [this.#item(source, this.#filter(eventFields([]), [isOfSystem]))]);
  }

  #item(source: WatchedSource, filter: object): MonitoredItem {
    return {
      nodeId: source.notifier,
      attributeId: EVENT_NOTIFIER,
      // Notifications may arrive before the answer to the request, so the handle is assigned first.
      clientHandle: this.#sources.push(source) - 1,
      samplingIntervalMs: 0,
      queueSize: EVENT_QUEUE,
      filter,
    };
  }

  /** Refreshes the conditions of this subscription through `ask`. Resolves after all of them were reported. */
  async refresh(ask: (subscription: number) => Promise<void>): Promise<void> {
    if (this.#subscription === undefined) return;
    // Servers refuse a second refresh while one is running; it would report the same conditions.
    if (this.#refreshed) return this.#refreshed.promise;
    const refreshed = Promise.withResolvers<void>();
    this.#refreshed = refreshed;
    const timer = this.#session.clock.after(REFRESH_TIMEOUT_MS, () =>
      refreshed.reject(
        new PlcRefused(
          `${this.#session.endpointUrl} did not complete ConditionRefresh within ${REFRESH_TIMEOUT_MS / 1000} s`,
        ),
      ),
    );
    try {
      refreshed.promise.catch(() => undefined);
      await ask(await this.#subscription);
      await refreshed.promise;
    } finally {
      timer.cancel();
      this.#refreshed = undefined;
    }
  }

  /** Called when the session has ended: nothing is reported any more, and pending refreshes end. */
  stop(error: PlcUnreachable): void {
    this.#end = error;
    this.#sources.length = 0;
    this.#repair?.cancel();
    this.#refreshed?.reject(error);
  }

  onEvents(events: Parameters<SubscriptionListener['onEvents']>[0]): void {
    for (const { clientHandle, eventFields: fields } of events) {
      const source = this.#sources[clientHandle];
      const event = source && fields && eventOf(source.notifier, fields, source.associatedValues);
      if (event) this.#take(event, source.onEvent);
    }
  }

  onCaughtUp(): void {
    if (this.#isRefreshTold) this.#refreshed?.resolve();
    this.#isRefreshTold = false;
  }

  /** Treated like a queue overflow of all notifiers. A running refresh may be incomplete, so another one follows. */
  onLost(): void {
    for (const { notifier, onEvent } of this.#sources.filter((source) => source !== undefined)) {
      onEvent(this.#housekeeping(notifier, EVENT_QUEUE_OVERFLOW));
    }
    this.#refreshLater();
  }

  onValues(): void {
    this.#session.channel.fail(new Error('the server sent values for a subscription of events'));
  }

  #subscribed(): Promise<number> {
    const subscription = this.#subscription ?? this.#publishing.subscribe(this.#intervalMs, this);
    this.#subscription = subscription;
    // After a refusal, the subscription can be requested again.
    subscription.catch(() => {
      this.#subscription = undefined;
    });
    return subscription;
  }

  #take(event: PlcEvent, onEvent: (event: PlcEvent) => void): void {
    if (event.eventType === REFRESH_START) return;
    if (event.eventType === REFRESH_END) {
      this.#isRefreshTold = true;
      return;
    }
    if (event.eventType === REFRESH_REQUIRED) {
      // Also arrives at the Server object, whose other events are not watched.
      this.#onEvent(event);
      return;
    }
    const nowMs = this.#session.clock.monotonicMs();
    if (this.#rate.take(nowMs)) onEvent(event);
    else this.#leaveOut();
    if (this.#leftOut === 0 || nowMs - this.#loggedMs < LOG_DROPPED_MS) return;
    this.#log(
      'warn',
      `${this.#session.endpointUrl}: ${this.#leftOut} events were dropped: it sends more than ${MAX_EVENTS_PER_S} a second`,
    );
    this.#loggedMs = nowMs;
    this.#leftOut = 0;
  }

  /** A dropped event may be the end of an alarm: after the burst, all active conditions are requested. */
  #leaveOut(): void {
    this.#leftOut++;
    this.#refreshLater();
  }

  #refreshLater(): void {
    this.#repair ??= this.#session.clock.after(REPAIR_MS, () => {
      this.#repair = undefined;
      this.#onEvent(this.#housekeeping(SERVER, REFRESH_REQUIRED));
    });
  }

  /** Creates a local event without a condition. */
  #housekeeping(notifier: string, eventType: string): PlcEvent {
    return {
      ...{ notifier, eventType, conditionId: undefined, eventId: new Uint8Array(), branchId: undefined },
      ...{ sourceNode: SERVER, sourceName: '', conditionName: '', message: '', severity: 1 },
      ...{ timeNs: this.#session.clock.wallNs(), enabled: true, active: undefined, shelved: false },
      ...{ acknowledged: true, confirmed: true, retain: false, associated: new Map<string, string>() },
    };
  }

  #filter(fields: readonly EventField[], elements: readonly object[]): object {
    const { library } = this.#session;
    return new library.EventFilter({
      selectClauses: fields.map(({ type, path }) => ({
        typeDefinitionId: nodeIdOf(library, type),
        browsePath: path.map(qualifiedName),
        attributeId: path.length === 0 ? NODE_ID : VALUE,
      })),
      whereClause: { elements: [...elements] },
    });
  }
}
