import { SovdError } from '@medkit/contract';
import { type CallContext, callContext, errorMessage, type Log, type SubscriptionTransport } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LiveSubscription } from './live-subscriptions.ts';
import type { SerializedEvent } from './serialized-event.ts';
import type { SubscriptionViewer } from './subscription-feed.ts';

/** Timeout of a transport for delivering one event, and for stopping. */
const DELIVERY_TIMEOUT_MS = 5000;

export interface DeliveryOptions {
  readonly transport: SubscriptionTransport;
  readonly live: LiveSubscription;
  readonly clock: Clock;
  readonly log: Log;
}

/** Connects a transport to a subscription. Delivers one event at a time, always the newest. */
export class Delivery implements SubscriptionViewer {
  readonly #options: DeliveryOptions;
  readonly #id: string;
  #underWay = false;
  #newest: SerializedEvent | undefined;
  #isOver = false;
  #hasFailed = false;

  private constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#id = options.live.subscription.id;
  }

  /** Starts the transport. If that fails, ends the subscription with `service-unavailable`. */
  static async begin(options: DeliveryOptions, call: CallContext): Promise<void> {
    const { transport, live } = options;
    const { id, entity, resource, protocol } = live.subscription;
    const delivery = new Delivery(options);
    try {
      await transport.start({ id, entity, resource: resource.uri }, call);
    } catch (error) {
      live.end();
      const message = `The transport of the protocol "${protocol}" did not start`;
      const parameters = { protocol, ...(error instanceof SovdError && { details: error.message }) };
      throw new SovdError({ code: 'service-unavailable', message, parameters });
    }
    live.ended = () => void delivery.#stop();
    // The subscription may have been deleted, or the gateway closed, since.
    if (live.isOver) live.ended();
    else live.feed.join(delivery);
  }

  offer(statement: SerializedEvent): void {
    this.#newest = statement;
    if (!this.#underWay) void this.#deliver();
  }

  end(): void {
    this.#isOver = true;
    this.#newest = undefined;
  }

  async #deliver(): Promise<void> {
    const { transport, log } = this.#options;
    this.#underWay = true;
    for (let statement = this.#taken(); statement; statement = this.#taken()) {
      try {
        await transport.deliver(this.#id, statement.event, this.#call());
        this.#hasFailed = false;
      } catch (error) {
        // Logs once per series of failures.
        if (!this.#hasFailed) log('warn', `An event of ${this.#id} could not be delivered: ${errorMessage(error)}`);
        this.#hasFailed = true;
      }
    }
    this.#underWay = false;
  }

  #taken(): SerializedEvent | undefined {
    const newest = this.#isOver ? undefined : this.#newest;
    this.#newest = undefined;
    return newest;
  }

  async #stop(): Promise<void> {
    const { transport, log } = this.#options;
    await transport.stop(this.#id, this.#call()).catch((error: unknown) => {
      log('warn', `The transport of ${this.#id} did not stop: ${errorMessage(error)}`);
    });
  }

  #call(): CallContext {
    return callContext({ clock: this.#options.clock, timeoutMs: DELIVERY_TIMEOUT_MS });
  }
}
