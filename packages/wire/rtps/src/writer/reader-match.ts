import type { RemoteEndpoint } from '../model/remote.ts';
import type { Destination } from '../transport/outbox.ts';
import { entityIdOf } from '../wire/guid-octets.ts';
import { HeartbeatPace } from './heartbeat-pace.ts';

/** Requests a reader may have open: a full negative acknowledgement is 256 numbers. */
const MAX_REQUESTS = 1024;
/** The same number is not sent again to the same reader within this time: its request and our repair crossed. */
const REPAIR_HOLDOFF_MS = 5;

/** All fragments of a sample, or the sample itself where it is not fragmented. */
export const WHOLE: unique symbol = Symbol('whole');

/** What a local writer keeps of one remote reader it is matched with: RTPS 2.5, 8.4.7.5 calls it ReaderProxy. */
export class ReaderMatch {
  /** As it was announced last, and where. */
  reader: RemoteEndpoint;
  readonly readerId: number;
  destination: Destination;
  readonly reliable: boolean;
  readonly expectsInlineQos: boolean;
  /** The lowest number this reader has a claim to. */
  readonly start: number;
  /** The highest number it was sent or told to skip. */
  told: number;
  /** All up to here are acknowledged. */
  acknowledged: number;
  /** It has sent an ACKNACK: it knows this writer. */
  hasAnswered = false;
  /** When it was last sent a heartbeat because it asked for one, monotonic milliseconds. */
  askedMs = Number.NEGATIVE_INFINITY;
  /** When to remind it of what it has not acknowledged. */
  readonly pace = new HeartbeatPace();
  /** In the queue of repairs. */
  isQueued = false;
  readonly #requests = new Map<number, Set<number> | typeof WHOLE>();
  /** The requests stand in the order of their numbers, as a reader puts them; this is the last of them. */
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
    readonly told: number;
  }) {
    this.reader = options.reader;
    this.readerId = entityIdOf(options.reader.guid);
    this.destination = options.destination;
    this.reliable = options.reader.qos.reliability === 'reliable';
    this.expectsInlineQos = options.expectsInlineQos;
    this.start = options.start;
    this.told = options.told;
    this.acknowledged = options.start - 1;
  }

  get hasRequests(): boolean {
    return this.#requests.size > 0;
  }

  /** False for an ACKNACK that was overtaken. Counts wrap as 32-bit integers do. */
  acceptsAck(count: number): boolean {
    if (this.#ackCount !== undefined && ((count - this.#ackCount) | 0) <= 0) return false;
    this.#ackCount = count;
    return true;
  }

  /** It asks as one that knows nothing: matched just now, or restarted under the same GUID and counting from one again. */
  restart(count: number): void {
    this.#ackCount = count;
    this.#fragCount = undefined;
    this.acknowledged = this.start - 1;
  }

  /** Nothing counts that it has acknowledged, not even how often it has. */
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

  /** Everything up to `number` has arrived there. */
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
    this.#want(sequenceNumber, WHOLE);
  }

  requestFragments(sequenceNumber: number, fragments: readonly number[]): void {
    const open = this.#requests.get(sequenceNumber);
    if (open === WHOLE || (!open && this.#requests.size >= MAX_REQUESTS)) return;
    const wanted = open ?? new Set<number>();
    for (const fragment of fragments) wanted.add(fragment);
    this.#want(sequenceNumber, wanted);
  }

  /** What it was sent so far it may ask for at once: it may not have known the writer yet. */
  forgetRepairs(): void {
    this.#repairedMs.clear();
  }

  /** The lowest number asked for, and which of its fragments. */
  nextRequest(): readonly [number, Set<number> | typeof WHOLE] | undefined {
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

  #want(sequenceNumber: number, what: Set<number> | typeof WHOLE): void {
    const requests = this.#requests;
    if (requests.size === 0) this.#isInOrder = true;
    else if (sequenceNumber < this.#lastRequested && !requests.has(sequenceNumber)) this.#isInOrder = false;
    this.#lastRequested = requests.size === 0 ? sequenceNumber : Math.max(this.#lastRequested, sequenceNumber);
    requests.set(sequenceNumber, what);
  }
}
