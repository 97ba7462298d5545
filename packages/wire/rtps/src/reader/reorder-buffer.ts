import type { MemoryBudget } from '../history/memory-budget.ts';
import type { Sample } from '../model/sample.ts';

/** Samples that wait for an earlier one. A full window of negative acknowledgements is 256; this is plenty of them. */
const MAX_HELD = 4096;
/** Ranges that a writer declared irrelevant ahead of what was received. Those dropped are asked for and told again. */
const MAX_RANGES = 256;
/** What an object and its entry take besides the payload. */
const SAMPLE_OVERHEAD_BYTES = 256;

interface Range {
  readonly start: number;
  readonly end: number;
}

const sizeOf = ({ payload }: Sample): number => payload.length + SAMPLE_OVERHEAD_BYTES;

/** Puts the samples of one reliable writer into order and hands each on exactly once. */
export class ReorderBuffer {
  readonly #deliver: (sample: Sample) => void;
  readonly #lost: (count: number) => void;
  readonly #budget: MemoryBudget;
  readonly #held = new Map<number, Sample>();
  readonly #irrelevant: Range[] = [];
  #closed = false;
  /** The lowest number neither handed on nor known to be irrelevant; 0 until the writer's first number is known. */
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

  /** Begins at `next`; samples held from before that number are handed on first. */
  start(next: number): void {
    this.next = 1;
    this.#skipTo(next);
    this.#advance();
  }

  /** Forgets everything, as if nothing had ever been received. */
  reset(): void {
    this.#drop();
    this.#irrelevant.length = 0;
    this.next = 0;
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  /** Received, held or irrelevant. */
  has(sequenceNumber: number): boolean {
    return (
      sequenceNumber < this.next ||
      this.#held.has(sequenceNumber) ||
      (this.#irrelevant.length > 0 && this.#irrelevantEnd(sequenceNumber) > sequenceNumber)
    );
  }

  /** Takes a sample; false where there is no room to hold it. */
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

  /** The writer will never send those from `start` up to, not including, `end`. */
  skip(start: number, end: number): void {
    if (end <= this.next || end <= start) return;
    if (this.isStarted && start <= this.next) {
      this.#skipTo(end);
      this.#advance();
    } else if (this.#irrelevant.length < MAX_RANGES && !this.#covered(start, end)) {
      this.#irrelevant.push({ start, end });
    }
  }

  /** The writer has nothing below `first` any more: what is missing there is lost. */
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

  /** Hands on what is held below `target`, in order, and moves there. Gives how many were neither held nor irrelevant. */
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
      // What came before its writer overwrote it is handed on, and in its turn.
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
