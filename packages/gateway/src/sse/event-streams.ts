import { SovdError } from '@medkit/contract';
import { quotaBlock, type RuntimeHealth, reserveQuota } from '@medkit/core';
import { type Clock, Quota, type Timer } from '@medkit/edges';
import type { Admission, AdmissionEnd } from '../security/admission.ts';
import { EventStream } from './event-stream.ts';
import { WriteBatcher } from './write-batcher.ts';

/**
 * Interval of the keep-alive checks. A stream without a frame between two checks gets a comment. Thus none is silent
 * for longer than twice this time, and no proxy closes it.
 */
const LOOK_MS = 15_000;
/** Number of these checks after which access is checked again: once a minute. */
const LOOKS_TO_JUDGE = 4;

/** Kinds of event streams, by what they deliver. */
export const STREAM_KINDS = ['audit', 'entities', 'faults', 'live', 'peers', 'subscriptions', 'triggers'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

const BOUND = {
  what: 'event streams',
  remedy: 'close one, or raise sse.max_clients',
  parameter: 'max_clients',
} as const;

export interface EventStreamsOptions {
  readonly clock: Clock;
  /** `sse.max_clients`. */
  readonly maxClients: number;
  /** Whether to count the sent frames by kind of stream; false if absent. */
  readonly countsFrames?: boolean;
  /** Returns why the client of a stream has lost access; by default, none has. */
  readonly endOf?: (admission: Admission) => AdmissionEnd | undefined;
}

/** All event streams of the gateway. */
export class EventStreams {
  readonly #clock: Clock;
  readonly #quota: Quota;
  /** Streams with their owners, once they are known. */
  readonly #streams = new Map<EventStream, string | undefined>();
  readonly #writeBatcher = new WriteBatcher();
  /** Sent frames by kind of stream; absent if they are not counted. */
  readonly #frames: Map<StreamKind, { frames: number }> | undefined;
  #keepAlive: Timer | undefined;
  #closed = false;
  #cutOff = 0;
  #revoked = 0;
  #looks = 0;
  readonly #endOf: EventStreamsOptions['endOf'];

  constructor({ clock, maxClients, endOf, countsFrames = false }: EventStreamsOptions) {
    this.#frames = countsFrames ? new Map(STREAM_KINDS.map((kind) => [kind, { frames: 0 }])) : undefined;
    this.#clock = clock;
    this.#quota = new Quota(maxClients);
    this.#endOf = endOf;
  }

  /**
   * Opens a stream, which its client claims before anything is sent. Throws `service-unavailable` at the maximum number
   * of streams.
   */
  open(kind: StreamKind): EventStream {
    if (this.#closed) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
    reserveQuota(this.#quota, undefined, BOUND);
    const stream = new EventStream(
      this.#clock,
      this.#writeBatcher,
      this.#endOf,
      (owner) => this.#claim(stream, owner),
      this.#frames?.get(kind),
    );
    this.#streams.set(stream, undefined);
    stream.signal.addEventListener('abort', () => this.#forget(stream), { once: true });
    this.#keepAlive ??= this.#clock.every(LOOK_MS, () => this.#look());
    return stream;
  }

  /** Ends the streams of clients that have lost access. Called when a principal may have lost permissions. */
  judge(): void {
    for (const stream of this.#streams.keys()) stream.judge();
  }

  /** Ends the streams of clients with scopes that no longer include them. Called when the entities have changed. */
  judgeLimited(): void {
    for (const stream of this.#streams.keys()) if (stream.isLimited) stream.judge();
  }

  /** Ends all streams and opens no more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams.keys()) stream.end();
  }

  /**
   * Block `x-medkit-event-streams`; `cut_off` counts clients that were too slow or could not be served further,
   * `revoked` those that lost their access.
   */
  health(): RuntimeHealth {
    const figures = {
      clients: this.#streams.size,
      max_clients: this.#quota.capacity,
      cut_off: this.#cutOff,
      revoked: this.#revoked,
      ...(this.#frames && {
        frames: Object.fromEntries(Array.from(this.#frames, ([kind, { frames }]) => [kind, frames])),
      }),
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
    // The stream has already ended.
    if (!this.#streams.has(stream)) return;
    // Until now it counted without an owner.
    this.#quota.release(undefined);
    try {
      reserveQuota(this.#quota, owner, BOUND);
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
