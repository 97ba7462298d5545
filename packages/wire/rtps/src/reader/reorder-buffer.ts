import type { MemoryBudget } from '../history/memory-budget.ts';
import type { Sample } from '../model/sample.ts';

/** Maximum samples that wait for an earlier one: sixteen full windows of negative acknowledgements (256 each). */
const MAX_HELD = 4096;
/** Maximum ranges that a writer declared irrelevant ahead of the received samples. Dropped ones are requested again. */
const MAX_RANGES = 256;
/** Memory of a sample in addition to its payload. */
const SAMPLE_OVERHEAD_BYTES = 256;

interface Range {
  readonly start: number;
  readonly end: number;
}

const sizeOf = ({ payload }: Sample): number => payload.length + SAMPLE_OVERHEAD_BYTES;

/** Orders the samples of one reliable writer and delivers each exactly once. */
export class ReorderBuffer {
  readonly #deliver: (sample: Sample) => void;
  readonly #lost: (count: number) => void;
  readonly #budget: MemoryBudget;
  readonly #held = new Map<number, Sample>();
  readonly #irrelevant: Range[] = [];
  #closed = false;
  /** The lowest sequence number neither delivered nor irrelevant. 0 until the writer's first number is known. */
  next = 0;

  constructor(options: {
    readonly deliver: (sample: Sample) => void;
    readonly lost: (count: number) => void;
    readonly budget: MemoryBudget;
  }) {
    this.#deliver = options.deliver;
    this.#lost = options.lost;
    this.#budget = options.budget;
  }

  get isStarted(): boolean {
    return this.next > 0;
  }

  /** Starts at `next`. Held samples below that number are delivered first. */
  start(next: number): void {
    this.next = 1;
    this.#skipTo(next);
    this.#advance();
  }

  /** Resets the buffer as if nothing had been received. */
  reset(): void {
    this.#drop();
    this.#irrelevant.length = 0;
    this.next = 0;
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  /** Returns whether the sample was delivered, is held, or is irrelevant. */
  has(sequenceNumber: number): boolean {
    return (
      sequenceNumber < this.next ||
      this.#held.has(sequenceNumber) ||
      (this.#irrelevant.length > 0 && this.#irrelevantEnd(sequenceNumber) > sequenceNumber)
    );
  }

  /** Adds a sample. Returns false if there is no room to hold it. */
  put(sample: Sample): boolean {
    const { sequenceNumber } = sample;
    if (sequenceNumber === this.next) {
      this.next += 1;
      this.#deliver(sample);
      if (this.#held.size > 0 || this.#irrelevant.length > 0) this.#advance();
      return true;
    }
    if (sequenceNumber < this.next || this.#held.has(sequenceNumber)) return true;
    if (this.#held.size >= MAX_HELD || !this.#budget.take(sizeOf(sample))) return false;
    this.#held.set(sequenceNumber, sample);
    return true;
  }

  /** Marks the samples from `start` (inclusive) to `end` (exclusive) as irrelevant: the writer will never send them. */
  skip(start: number, end: number): void {
    if (end <= this.next || end <= start) return;
    if (this.isStarted && start <= this.next) {
      this.#skipTo(end);
      this.#advance();
    } else if (this.#irrelevant.length < MAX_RANGES && !this.#covered(start, end)) {
      this.#irrelevant.push({ start, end });
    }
  }

  /** The writer no longer has samples below `first`: missing ones are lost. */
  loseBelow(first: number): void {
    if (first <= this.next) return;
    const missing = this.#skipTo(first);
    if (missing > 0) this.#lost(missing);
    this.#advance();
  }

  #covered(start: number, end: number): boolean {
    return this.#irrelevant.some((range) => range.start <= start && range.end >= end);
  }

  #irrelevantEnd(sequenceNumber: number): number {
    for (const { start, end } of this.#irrelevant) {
      if (start <= sequenceNumber && sequenceNumber < end) return end;
    }
    return sequenceNumber;
  }

  /**
   * Delivers the held samples below `target` in order and continues there. Returns the number neither held nor
   * irrelevant.
   */
  #skipTo(target: number): number {
    let missing = target - this.next;
    for (const { start, end } of this.#irrelevant) {
      missing -= Math.max(0, Math.min(end, target) - Math.max(start, this.next));
    }
    if (this.#held.size > 0) {
      const ready = [...this.#held.keys()].filter((number) => number < target).sort((a, b) => a - b);
      for (const number of ready) {
        if (this.#closed) return 0;
        this.next = number + 1;
        this.#release(number);
      }
      missing -= ready.length;
    }
    this.next = target;
    return Math.max(0, missing);
  }

  #advance(): void {
    while (!this.#closed) {
      const end = this.#irrelevantEnd(this.next);
      // Samples that arrived before the writer overwrote them are delivered in order.
      if (end > this.next) this.#skipTo(end);
      else if (this.#held.has(this.next)) {
        this.next += 1;
        this.#release(this.next - 1);
      } else break;
    }
    if (this.#irrelevant.length > 0) this.#forgetRanges();
  }

  #forgetRanges(): void {
    for (let index = this.#irrelevant.length - 1; index >= 0; index -= 1) {
      if (this.#irrelevant[index].end <= this.next) this.#irrelevant.splice(index, 1);
    }
  }

  #release(sequenceNumber: number): void {
    const sample = this.#held.get(sequenceNumber);
    if (!sample) return;
    this.#held.delete(sequenceNumber);
    this.#budget.give(sizeOf(sample));
    this.#deliver(sample);
  }

  #drop(): void {
    for (const sample of this.#held.values()) this.#budget.give(sizeOf(sample));
    this.#held.clear();
  }
}
