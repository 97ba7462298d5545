import { VALUE_QUEUE } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import type { PlcReading } from '../plc-reading.ts';
import type { ChangedValues } from '../plc-session.ts';
import { ATTRIBUTES, type ReceivedValue, readAttributes, readingOf } from '../services/readings.ts';
import { type MonitoredItem, monitorItems } from './monitored-items.ts';
import type { Publishing, SubscriptionListener } from './publishing.ts';

interface Watched {
  readonly nodeId: string;
  readonly onValues: (values: ChangedValues) => void;
}

/** Watches the variables of a session with one subscription per interval, because servers support only a few. */
export class WatchedValues implements SubscriptionListener {
  readonly #session: SessionChannel;
  readonly #publishing: Publishing;
  readonly #subscriptions = new Map<number, Promise<number>>();
  /** By handle. */
  readonly #watched: (Watched | undefined)[] = [];
  #reading: Promise<void> | undefined;
  #isReadAgain = false;

  constructor(session: SessionChannel, publishing: Publishing) {
    this.#session = session;
    this.#publishing = publishing;
  }

  /** As `PlcSession.watch`. */
  async watch(
    nodeIds: readonly string[],
    intervalMs: number,
    onValues: (values: ChangedValues) => void,
  ): Promise<ReadonlyMap<string, string>> {
    const subscription = await this.#subscription(intervalMs);
    const items = nodeIds.map((nodeId): MonitoredItem => {
      // Notifications may arrive before the answer to the request, so the handle is assigned first.
      const clientHandle = this.#watched.push({ nodeId, onValues }) - 1;
      return {
        nodeId,
        attributeId: ATTRIBUTES.value,
        clientHandle,
        samplingIntervalMs: intervalMs,
        queueSize: VALUE_QUEUE,
      };
    });
    const refused = new Map<string, string>();
    for (const [handle, reason] of await monitorItems(this.#session, subscription, items)) {
      refused.set(this.#watched[handle]!.nodeId, reason);
      this.#watched[handle] = undefined;
    }
    return refused;
  }

  onValues(items: Parameters<SubscriptionListener['onValues']>[0]): void {
    const receivedNs = this.#session.clock.wallNs();
    const { library } = this.#session;
    const byListener = new Map<Watched['onValues'], [string, PlcReading][]>();
    let last: Watched['onValues'] | undefined;
    let values: [string, PlcReading][] = [];
    for (const { clientHandle, value } of items) {
      const watched = this.#watched[clientHandle];
      if (watched === undefined) continue;
      if (watched.onValues !== last) {
        last = watched.onValues;
        values = byListener.get(last) ?? [];
        byListener.set(last, values);
      }
      values.push([watched.nodeId, readingOf(library, value, receivedNs)]);
    }
    for (const [onValues, changed] of byListener) onValues(changed);
  }

  /**
   * Reads all variables, because any change may be lost. One read at a time; repeated if another loss occurs meanwhile.
   */
  onLost(): void {
    this.#isReadAgain = this.#reading !== undefined;
    this.#reading ??= this.#readAll()
      .catch((error: Error) => {
        this.#session.channel.fail(new Error(`cannot read lost values again: ${error.message}`));
      })
      .finally(() => {
        this.#reading = undefined;
        if (this.#isReadAgain) this.onLost();
      });
  }

  onEvents(): void {
    this.#session.channel.fail(new Error('the server sent events for a subscription of values'));
  }

  async #readAll(): Promise<void> {
    const handles = [...this.#watched.keys()].filter((handle) => this.#watched[handle] !== undefined);
    const items = handles.map((handle) => ({ nodeId: this.#watched[handle]!.nodeId, attribute: ATTRIBUTES.value }));
    const values: readonly ReceivedValue[] = await readAttributes(this.#session, items);
    this.onValues(values.map((value, at) => ({ clientHandle: handles[at]!, value })));
  }

  #subscription(intervalMs: number): Promise<number> {
    const subscription = this.#subscriptions.get(intervalMs) ?? this.#publishing.subscribe(intervalMs, this);
    this.#subscriptions.set(intervalMs, subscription);
    // After a refusal, the subscription can be requested again.
    subscription.catch(() => this.#subscriptions.delete(intervalMs));
    return subscription;
  }
}
