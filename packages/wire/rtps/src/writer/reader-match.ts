import type { RemoteEndpoint } from '../model/remote.ts';
import type { Destination } from '../transport/outbox.ts';
import { entityIdOf } from '../wire/guid-octets.ts';
import { HeartbeatPace } from './heartbeat-pace.ts';

/** Maximum open requests per reader. A full negative acknowledgement has 256 numbers. */
const MAX_REQUESTS = 1024;
/** Minimum time between repairs of the same number to the same reader, for requests that crossed with a repair. */
const REPAIR_HOLDOFF_MS = 5;

/** All fragments of a sample, or the sample itself if it is not fragmented. */
export const WHOLE_SAMPLE: unique symbol = Symbol('whole');

/** A local writer's state of one matched remote reader. RTPS 2.5, 8.4.7.5 calls it ReaderProxy. */
export class ReaderMatch {
  /** The latest announcement. */
  reader: RemoteEndpoint;
  readonly readerId: number;
  destination: Destination;
  readonly reliable: boolean;
  readonly expectsInlineQos: boolean;
  /** The lowest sequence number that this reader is entitled to. */
  readonly start: number;
  /** The highest number that was sent to it or covered by a GAP. */
  lastSent: number;
  /** All samples up to this number are acknowledged. */
  acknowledged: number;
  /** Whether it has sent an ACKNACK, and thus knows this writer. */
  hasAnswered = false;
  /** When it was last sent a requested heartbeat, monotonic milliseconds. */
  requestedHeartbeatMs = Number.NEGATIVE_INFINITY;
  /** Schedule of the heartbeats for unacknowledged samples. */
  readonly pace = new HeartbeatPace();
  /** Whether it is in the repair queue. */
  isQueued = false;
  readonly #requests = new Map<number, Set<number> | typeof WHOLE_SAMPLE>();
  /** Whether the requests are ordered by number, as readers normally send them; then the highest requested number. */
  #isInOrder = true;
  #lastRequested = 0;
  readonly #repairedMs = new Map<number, number>();
  #ackCount: number | undefined;
  #fragCount: number | undefined;

  constructor(options: {
    readonly reader: RemoteEndpoint;
    readonly destination: Destination;
    readonly expectsInlineQos: boolean;
    readonly start: number;
    readonly lastSent: number;
  }) {
    this.reader = options.reader;
    this.readerId = entityIdOf(options.reader.guid);
    this.destination = options.destination;
    this.reliable = options.reader.qos.reliability === 'reliable';
    this.expectsInlineQos = options.expectsInlineQos;
    this.start = options.start;
    this.lastSent = options.lastSent;
    this.acknowledged = options.start - 1;
  }

  get hasRequests(): boolean {
    return this.#requests.size > 0;
  }

  /** Returns false for an outdated ACKNACK. Counts wrap around as 32-bit integers. */
  acceptsAck(count: number): boolean {
    if (this.#ackCount !== undefined && ((count - this.#ackCount) | 0) <= 0) return false;
    this.#ackCount = count;
    return true;
  }

  /** The reader was just matched, or was restarted under the same GUID and counts from one again. */
  restart(count: number): void {
    this.#ackCount = count;
    this.#fragCount = undefined;
    this.acknowledged = this.start - 1;
  }

  /** Discards its acknowledgements and their counts. */
  forget(): void {
    this.#ackCount = undefined;
    this.#fragCount = undefined;
    this.acknowledged = this.start - 1;
  }

  acceptsNackFrag(count: number): boolean {
    if (this.#fragCount !== undefined && ((count - this.#fragCount) | 0) <= 0) return false;
    this.#fragCount = count;
    return true;
  }

  /** Records that all samples up to `number` have arrived. */
  acknowledge(number: number): void {
    if (number <= this.acknowledged) return;
    this.acknowledged = number;
    for (const requested of this.#requests.keys()) if (requested <= number) this.#requests.delete(requested);
    for (const repaired of this.#repairedMs.keys()) if (repaired <= number) this.#repairedMs.delete(repaired);
  }

  request(sequenceNumber: number, nowMs: number): void {
    if (this.#requests.size >= MAX_REQUESTS) return;
    const repairedMs = this.#repairedMs.get(sequenceNumber);
    if (repairedMs !== undefined && nowMs - repairedMs < REPAIR_HOLDOFF_MS) return;
    this.#want(sequenceNumber, WHOLE_SAMPLE);
  }

  requestFragments(sequenceNumber: number, fragments: readonly number[]): void {
    const open = this.#requests.get(sequenceNumber);
    if (open === WHOLE_SAMPLE || (!open && this.#requests.size >= MAX_REQUESTS)) return;
    const wanted = open ?? new Set<number>();
    for (const fragment of fragments) wanted.add(fragment);
    this.#want(sequenceNumber, wanted);
  }

  /** Lets the reader request what it was just sent, because it may not have known the writer yet. */
  forgetRepairs(): void {
    this.#repairedMs.clear();
  }

  /** Returns the lowest requested number and its requested fragments. */
  nextRequest(): readonly [number, Set<number> | typeof WHOLE_SAMPLE] | undefined {
    if (this.#isInOrder) for (const first of this.#requests) return first;
    let lowest = Number.POSITIVE_INFINITY;
    for (const number of this.#requests.keys()) if (number < lowest) lowest = number;
    const found = this.#requests.get(lowest);
    return found && [lowest, found];
  }

  replaceRequest(sequenceNumber: number, fragments: Set<number>): void {
    this.#requests.set(sequenceNumber, fragments);
  }

  fulfilled(sequenceNumber: number, nowMs: number): void {
    this.#requests.delete(sequenceNumber);
    if (this.#repairedMs.size >= MAX_REQUESTS) this.#repairedMs.clear();
    this.#repairedMs.set(sequenceNumber, nowMs);
  }

  #want(sequenceNumber: number, what: Set<number> | typeof WHOLE_SAMPLE): void {
    const requests = this.#requests;
    if (requests.size === 0) this.#isInOrder = true;
    else if (sequenceNumber < this.#lastRequested && !requests.has(sequenceNumber)) this.#isInOrder = false;
    this.#lastRequested = requests.size === 0 ? sequenceNumber : Math.max(this.#lastRequested, sequenceNumber);
    requests.set(sequenceNumber, what);
  }
}
