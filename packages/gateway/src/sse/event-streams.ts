import { SovdError } from '@medkit/contract';
import { quotaBlock, type RuntimeHealth, takePlace } from '@medkit/core';
import { type Clock, Quota, type Timer } from '@medkit/edges';
import type { Admission, AdmissionEnd } from '../security/admission.ts';
import { Corks } from './corks.ts';
import { EventStream } from './event-stream.ts';

/**
 * How often streams are looked at. One to which nothing was sent from one look to the next gets a comment, so that none is
 * silent for longer than twice that and no proxy takes it for dead.
 */
const LOOK_MS = 15_000;
/** With every so many looks it is judged anew who may follow: once a minute. */
const LOOKS_TO_JUDGE = 4;

const BOUND = {
  what: 'event streams',
  remedy: 'close one, or raise sse.max_clients',
  parameter: 'max_clients',
} as const;

export interface EventStreamsOptions {
  readonly clock: Clock;
  /** `sse.max_clients`. */
  readonly maxClients: number;
  /** Why whoever follows a stream would not be let in any more; nobody is refused unless given. */
  readonly endOf?: (admission: Admission) => AdmissionEnd | undefined;
}

/** All event streams of the gateway, whatever they tell of. */
export class EventStreams {
  readonly #clock: Clock;
  readonly #quota: Quota;
  /** Streams with their owners, once they are known. */
  readonly #streams = new Map<EventStream, string | undefined>();
  readonly #corks = new Corks();
  #keepAlive: Timer | undefined;
  #closed = false;
  #cutOff = 0;
  #revoked = 0;
  #looks = 0;
  readonly #endOf: EventStreamsOptions['endOf'];

  constructor({ clock, maxClients, endOf }: EventStreamsOptions) {
    this.#clock = clock;
    this.#quota = new Quota(maxClients);
    this.#endOf = endOf;
  }

  /**
   * Begins a stream, which its client claims before anything is sent. Throws `service-unavailable` if there are as many as
   * there may be.
   */
  open(): EventStream {
    if (this.#closed) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
    takePlace(this.#quota, undefined, BOUND);
    const stream = new EventStream(this.#clock, this.#corks, this.#endOf, (owner) => this.#claim(stream, owner));
    this.#streams.set(stream, undefined);
    stream.signal.addEventListener('abort', () => this.#forget(stream), { once: true });
    this.#keepAlive ??= this.#clock.every(LOOK_MS, () => this.#look());
    return stream;
  }

  /** Ends the streams of those who would not be let in any more; to be called where that is so of somebody. */
  judge(): void {
    for (const stream of this.#streams.keys()) stream.judge();
  }

  /** Ends all streams and begins no more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams.keys()) stream.end();
  }

  /** Block `x-medkit-event-streams`; `cut_off` counts the clients that read too slowly, or that could not be served on, `revoked` those that were not let in any more. */
  health(): RuntimeHealth {
    const figures = {
      clients: this.#streams.size,
      max_clients: this.#quota.capacity,
      cut_off: this.#cutOff,
      revoked: this.#revoked,
    };
    return {
      warnings: [],
      blocks: { 'x-medkit-event-streams': figures, ...quotaBlock({ event_streams: this.#quota }) },
    };
  }

  #look(): void {
    for (const open of this.#streams.keys()) open.keepAlive();
    this.#looks++;
    if (this.#looks % LOOKS_TO_JUDGE === 0) this.judge();
  }

  #claim(stream: EventStream, owner: string | undefined): void {
    // It has ended meanwhile.
    if (!this.#streams.has(stream)) return;
    // Until now it counted without an owner.
    this.#quota.release(undefined);
    try {
      takePlace(this.#quota, owner, BOUND);
    } catch (error) {
      this.#quota.add(undefined);
      throw error;
    }
    this.#streams.set(stream, owner);
  }

  #forget(stream: EventStream): void {
    if (this.#streams.has(stream)) this.#quota.release(this.#streams.get(stream));
    this.#streams.delete(stream);
    if (stream.isRevoked) this.#revoked++;
    else if (stream.isCutOff) this.#cutOff++;
    if (this.#streams.size > 0) return;
    this.#keepAlive?.cancel();
    this.#keepAlive = undefined;
  }
}
