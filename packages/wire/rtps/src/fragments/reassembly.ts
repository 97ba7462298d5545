import type { Sample } from '../model/sample.ts';
import { MAX_SET_BITS } from '../wire/number-set.ts';
import type { DataFragSubmessage } from '../wire/submessages.ts';

/** How long a NACK_FRAG is given before it is repeated, doubled each time: a repair may itself be lost. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 640;

/** One sample of which fragments have arrived (RTPS 2.5, 8.4.14.1). */
export class Reassembly {
  readonly sequenceNumber: number;
  readonly payload: Uint8Array;
  readonly #fragmentBytes: number;
  readonly #total: number;
  readonly #received: Uint8Array;
  #missing: number;
  /** Fragments up to here are known to have been sent. */
  #announced = 0;
  #lowestMissing = 1;
  #retryMs = FIRST_RETRY_MS;
  #nextRequestMs = 0;
  /** When its last new fragment came, monotonic. */
  progressMs: number;
  /** What its fragments said of it besides their numbers. */
  head: Sample;

  constructor(fragment: DataFragSubmessage, head: Sample, nowMs: number) {
    this.head = head;
    this.sequenceNumber = fragment.sequenceNumber;
    this.#fragmentBytes = fragment.fragmentBytes;
    this.#total = Math.ceil(fragment.sampleBytes / fragment.fragmentBytes);
    this.#received = new Uint8Array(this.#total + 1);
    this.#missing = this.#total;
    this.payload = new Uint8Array(fragment.sampleBytes);
    this.progressMs = nowMs;
  }

  /** What it occupies: the sample, and a mark per fragment. */
  static bytesFor(fragment: DataFragSubmessage): number {
    return fragment.sampleBytes + Math.ceil(fragment.sampleBytes / fragment.fragmentBytes) + 1;
  }

  get bytes(): number {
    return this.payload.length + this.#received.length;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Copies what a submessage brings. False where it does not belong to this sample as it was begun. */
  add(bytes: Uint8Array, fragment: DataFragSubmessage, nowMs: number): boolean {
    if (fragment.sampleBytes !== this.payload.length || fragment.fragmentBytes !== this.#fragmentBytes) return false;
    for (let index = 0; index < fragment.fragmentCount; index += 1) {
      const number = fragment.firstFragment + index;
      if (this.#received[number]) continue;
      const from = fragment.payloadStart + index * this.#fragmentBytes;
      const until = Math.min(from + this.#fragmentBytes, fragment.payloadEnd);
      this.payload.set(bytes.subarray(from, until), (number - 1) * this.#fragmentBytes);
      this.#received[number] = 1;
      this.#missing -= 1;
      this.progressMs = nowMs;
    }
    this.announce(fragment.firstFragment + fragment.fragmentCount - 1);
    return true;
  }

  /** All fragments up to `lastFragment` have been sent (HEARTBEAT_FRAG, or one of them arrived). */
  announce(lastFragment: number): void {
    this.#announced = Math.max(this.#announced, Math.min(lastFragment, this.#total));
  }

  announceAll(): void {
    this.#announced = this.#total;
  }

  /** Milliseconds until it may be asked for again. */
  requestDueMs(quietMs: number, nowMs: number): number {
    return Math.max(this.progressMs + quietMs, this.#nextRequestMs) - nowMs;
  }

  /** The fragments to ask for now, as many as one NACK_FRAG holds; the next request is due after a longer wait. */
  request(nowMs: number): readonly number[] {
    while (this.#lowestMissing <= this.#total && this.#received[this.#lowestMissing]) this.#lowestMissing += 1;
    const end = Math.min(this.#announced, this.#lowestMissing + MAX_SET_BITS - 1);
    const missing: number[] = [];
    for (let number = this.#lowestMissing; number <= end; number += 1) {
      if (!this.#received[number]) missing.push(number);
    }
    const hasProgressed = this.progressMs > this.#nextRequestMs - this.#retryMs;
    this.#retryMs = hasProgressed ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    this.#nextRequestMs = nowMs + this.#retryMs;
    return missing;
  }
}
