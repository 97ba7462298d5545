import { SovdError } from '@medkit/contract';
import type { RuntimeHealth } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
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
  readonly #maxClients: number;
  readonly #streams = new Set<EventStream>();
  readonly #corks = new Corks();
  #keepAlive: Timer | undefined;
  #closed = false;
  #cutOff = 0;
  #revoked = 0;
  #looks = 0;
  readonly #endOf: EventStreamsOptions['endOf'];

  constructor({ clock, maxClients, endOf }: EventStreamsOptions) {
    this.#clock = clock;
    this.#maxClients = maxClients;
    this.#endOf = endOf;
  }

  /** Begins a stream. Throws `service-unavailable` where there are as many as there may be. */
  open(): EventStream {
    if (this.#closed) throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
    if (this.#streams.size >= this.#maxClients) throw tooMany(this.#maxClients);
    const stream = new EventStream(this.#clock, this.#corks, this.#endOf);
    this.#streams.add(stream);
    stream.signal.addEventListener('abort', () => this.#forget(stream), { once: true });
    this.#keepAlive ??= this.#clock.every(LOOK_MS, () => this.#look());
    return stream;
  }

  /** Ends the streams of those who would not be let in any more; to be called where that is so of somebody. */
  judge(): void {
    for (const stream of this.#streams) stream.judge();
  }

  /** Ends all streams and begins no more. */
  close(): void {
    this.#closed = true;
    for (const stream of this.#streams) stream.end();
  }

  /** Block `x-medkit-event-streams`; `cut_off` counts the clients that read too slowly, or that could not be served on, `revoked` those that were not let in any more. */
  health(): RuntimeHealth {
    const figures = {
      clients: this.#streams.size,
      max_clients: this.#maxClients,
      cut_off: this.#cutOff,
      revoked: this.#revoked,
    };
    return { warnings: [], blocks: { 'x-medkit-event-streams': figures } };
  }

  #look(): void {
    for (const open of this.#streams) open.keepAlive();
    this.#looks++;
    if (this.#looks % LOOKS_TO_JUDGE === 0) this.judge();
  }

  #forget(stream: EventStream): void {
    this.#streams.delete(stream);
    if (stream.isRevoked) this.#revoked++;
    else if (stream.isCutOff) this.#cutOff++;
    if (this.#streams.size > 0) return;
    this.#keepAlive?.cancel();
    this.#keepAlive = undefined;
  }
}

function tooMany(maxClients: number): SovdError {
  const message = `${maxClients} event streams are open already: close one, or raise sse.max_clients`;
  return new SovdError({ code: 'service-unavailable', message, parameters: { max_clients: maxClients } });
}
