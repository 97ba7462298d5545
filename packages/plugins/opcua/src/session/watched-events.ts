import type { Log } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import { EVENT_QUEUE, MAX_EVENT_BURST, MAX_EVENTS_PER_S } from './bounds.ts';
import { qualifiedName } from './browsing.ts';
import { type EventField, eventFields, eventOf } from './event-fields.ts';
import { type MonitoredItem, monitorItems } from './monitored-items.ts';
import { nodeIdOf } from './node-ids.ts';
import { PlcRefused, type PlcUnreachable } from './plc-error.ts';
import type { EventSource, PlcEvent } from './plc-event.ts';
import type { Publishing, SubscriptionListener } from './publishing.ts';
import { RateBound } from './rate-bound.ts';
import type { SessionChannel } from './session-channel.ts';

interface WatchedSource extends EventSource {
  readonly onEvent: (event: PlcEvent) => void;
}

const EVENT_NOTIFIER = 12;
const VALUE = 13;
const NODE_ID = 1;
/** The server itself, and the type of event that those of a refresh are of (OPC 10000-5, 8.3.2 and 6.4.30). */
const SERVER = 'i=2253';
const SYSTEM_EVENT = 'i=2130';
/** A refresh is between these events (OPC 10000-9, 5.11); what they bound is what it tells. */
const REFRESH_START = 'i=2787';
const REFRESH_END = 'i=2788';
const REFRESH_REQUIRED = 'i=2789';
/** Events of a notifier were lost (OPC 10000-4, 7.22.3). */
const EVENT_QUEUE_OVERFLOW = 'i=3035';
/** How often it is told how many events were left out, milliseconds. */
const TELL_LEFT_OUT_MS = 60_000;
/** How long after events were left out conditions are refreshed, milliseconds. */
const REPAIR_MS = 10_000;
/** A refresh of a plant with thousands of conditions takes its time, milliseconds. */
export const REFRESH_TIMEOUT_MS = 30_000;

/** The notifiers whose events a session watches, in one subscription. */
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
  /** The server said that it is at the end of a refresh, if not yet of what it has to tell of other notifiers. */
  #isRefreshTold = false;
  #repair: Timer | undefined;
  #end: PlcUnreachable | undefined;
  #leftOut = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

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
    // With the session ends all that it watches, also while its server answers.
    if (this.#end) throw this.#end;
    const refused = new Map<string, string>();
    for (const [handle, reason] of answers) {
      refused.set(this.#sources[handle]!.notifier, reason);
      this.#sources[handle] = undefined;
    }
    return refused;
  }

  /**
   * Of the server itself the events that begin and end a refresh: some servers tell of them there alone, and not at each notifier.
   * One that refuses this tells of them elsewhere.
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
      // What a server tells may come before its answer that it will: the handle is known from the start.
      clientHandle: this.#sources.push(source) - 1,
      samplingIntervalMs: 0,
      queueSize: EVENT_QUEUE,
      filter,
    };
  }

  /** Has `ask` refresh the conditions of this subscription. Resolves once all of them have been told. */
  async refresh(ask: (subscription: number) => Promise<void>): Promise<void> {
    if (this.#subscription === undefined) return;
    // A second refresh while one is under way is refused by servers; it would tell the same.
    if (this.#refreshed) return this.#refreshed.promise;
    const refreshed = Promise.withResolvers<void>();
    this.#refreshed = refreshed;
    const timer = this.#session.clock.after(REFRESH_TIMEOUT_MS, () =>
      refreshed.reject(
        new PlcRefused(`${this.#session.endpointUrl} did not end its refresh within ${REFRESH_TIMEOUT_MS / 1000} s`),
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

  /** The session is over: nothing is told any more, and no refresh comes to its end. */
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

  /** As if the queues of all notifiers had been too short; a refresh that is under way may lack something, and another one follows. */
  onLost(): void {
    for (const { notifier, onEvent } of this.#sources.filter((source) => source !== undefined)) {
      onEvent(this.#housekeeping(notifier, EVENT_QUEUE_OVERFLOW));
    }
    this.#refreshLater();
  }

  onValues(): void {
    this.#session.channel.fail(new Error('the server told of values where events are watched'));
  }

  #subscribed(): Promise<number> {
    const subscription = this.#subscription ?? this.#publishing.subscribe(this.#intervalMs, this);
    this.#subscription = subscription;
    // One that the server refused can be asked for again.
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
      // It comes at the server as well, whose events are none of those that are watched for.
      this.#onEvent(event);
      return;
    }
    const nowMs = this.#session.clock.monotonicMs();
    if (this.#rate.take(nowMs)) onEvent(event);
    else this.#leaveOut();
    if (this.#leftOut === 0 || nowMs - this.#toldMs < TELL_LEFT_OUT_MS) return;
    this.#log(
      'warn',
      `${this.#session.endpointUrl}: ${this.#leftOut} events were left out: it sends more than ${MAX_EVENTS_PER_S} a second`,
    );
    this.#toldMs = nowMs;
    this.#leftOut = 0;
  }

  /** Among those that are left out may be the end of an alarm: once the worst is over, all that stand are asked for. */
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

  /** An event of this side, which tells of no condition. */
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
