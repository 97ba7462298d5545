import type { Sample } from '../../model/sample.ts';
import { MAX_SET_BITS } from '../../wire/number-set.ts';
import type { DataFragSubmessage } from '../../wire/submessages.ts';

/** Time before a NACK_FRAG is repeated, doubled each time, because a repair may be lost as well. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 640;

/** A sample that is being assembled from fragments (RTPS 2.5, 8.4.14.1). */
export class Reassembly {
  readonly sequenceNumber: number;
  readonly payload: Uint8Array;
  readonly #fragmentBytes: number;
  readonly #total: number;
  readonly #received: Uint8Array;
  #missing: number;
  /** Highest fragment known to have been sent. */
  #announced = 0;
  #lowestMissing = 1;
  #retryMs = FIRST_RETRY_MS;
  #nextRequestMs = 0;
  /** When its last new fragment arrived, monotonic milliseconds. */
  progressMs: number;
  /** Attributes of the sample from its fragments. */
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

  /** Returns the memory it occupies: the sample, and one octet per fragment. */
  static bytesFor(fragment: DataFragSubmessage): number {
    return fragment.sampleBytes + Math.ceil(fragment.sampleBytes / fragment.fragmentBytes) + 1;
  }

  get bytes(): number {
    return this.payload.length + this.#received.length;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Copies the fragments of a submessage. Returns false if its sizes differ from those of the first fragment. */
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

  /** Records that all fragments up to `lastFragment` have been sent (HEARTBEAT_FRAG, or one of them arrived). */
  announce(lastFragment: number): void {
    this.#announced = Math.max(this.#announced, Math.min(lastFragment, this.#total));
  }

  announceAll(): void {
    this.#announced = this.#total;
  }

  /** Milliseconds until the missing fragments may be requested again. */
  requestDueMs(quietMs: number, nowMs: number): number {
    return Math.max(this.progressMs + quietMs, this.#nextRequestMs) - nowMs;
  }

  /**
   * Returns the fragments to request now, at most as many as one NACK_FRAG holds. The delay of the next request is
   * doubled unless fragments have arrived.
   */
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
