/** Points that are kept of one value: a minute of it in a chart has no more. */
const CAPACITY = 64;
/** Of those as many are spare: a value seldom comes just when a moment ends, and the moments are shorter then. */
const SPARE = 8;
/** Room for as many at first, and twice as many each time that is not enough: most values of a PLC seldom change. */
const FIRST_ROOM = 4;

/** When a number was which. */
export type HistoryPoint = readonly [timeNs: bigint, value: number];

/**
 * The last numbers of one value in one block of memory, which is bounded. Of numbers that come more often than there is room for,
 * the last of each moment is kept.
 */
export class ValueHistory {
  readonly #spacingMs: number;
  /** Time, in milliseconds since the epoch, and value of each point by turns, in a ring. */
  #points = new Float64Array(2 * FIRST_ROOM);
  /** Where the next one goes, and how many there are. */
  #next = 0;
  #count = 0;

  constructor(seconds: number) {
    this.#spacingMs = (seconds * 1000) / (CAPACITY - SPARE);
  }

  add(timeMs: number, value: number): void {
    // The clock was set back: points that are yet to come would keep out all others until then.
    if (this.#count > 0 && timeMs < this.#points[2 * this.#at(1)]!) this.#count = 0;
    // The last one stands for its moment until another moment has begun.
    if (this.#count > 1 && timeMs - this.#points[2 * this.#at(2)]! < this.#spacingMs) {
      this.#set(this.#at(1), timeMs, value);
      return;
    }
    if (this.#count === this.#room && this.#room < CAPACITY) this.#grow();
    this.#set(this.#next, timeMs, value);
    this.#next = (this.#next + 1) % this.#room;
    this.#count = Math.min(this.#room, this.#count + 1);
  }

  /** Those since a time, milliseconds since the epoch, the oldest first. */
  since(timeMs: number): readonly HistoryPoint[] {
    const points: HistoryPoint[] = [];
    for (let age = this.#count; age > 0; age -= 1) {
      const at = 2 * this.#at(age);
      const pointMs = this.#points[at]!;
      if (pointMs >= timeMs) points.push([BigInt(Math.round(pointMs * 1e6)), this.#points[at + 1]!]);
    }
    return points;
  }

  get #room(): number {
    return this.#points.length / 2;
  }

  /** Where the point of this age is; that of age 1 is the newest. */
  #at(age: number): number {
    return (this.#next + this.#room - age) % this.#room;
  }

  #set(at: number, timeMs: number, value: number): void {
    this.#points[2 * at] = timeMs;
    this.#points[2 * at + 1] = value;
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(2 * CAPACITY, 2 * this.#points.length));
    for (let age = this.#count; age > 0; age -= 1) {
      const at = 2 * this.#at(age);
      grown.set(this.#points.subarray(at, at + 2), 2 * (this.#count - age));
    }
    this.#points = grown;
    this.#next = this.#count;
  }
}
