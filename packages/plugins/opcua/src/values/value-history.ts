/** Maximum points per value: sufficient for a chart of one minute. */
const CAPACITY = 64;
/** Spare points: values rarely arrive at the end of an interval, so the intervals are shorter than a point's share. */
const SPARE = 8;
/** Initial capacity, doubled when it is exceeded: most values of a PLC rarely change. */
const FIRST_ROOM = 4;

/** A number with its time. */
export type HistoryPoint = readonly [timeNs: bigint, value: number];

/**
 * The last numbers of a value within a time span, with bounded size. If numbers arrive too frequently, the last one of
 * each interval is stored.
 */
export class ValueHistory {
  readonly #spacingMs: number;
  readonly #retentionMs: number;
  /** Ring buffer with alternating time, in milliseconds since the epoch, and value. */
  #points = pointsFor(FIRST_ROOM);
  /** Index of the next point, and number of points. */
  #next = 0;
  #count = 0;
  /** Points up to this time are followed by a gap: the values after it are unknown. */
  #brokenMs = Number.NEGATIVE_INFINITY;
  /** Whether the last point must be kept, and the time of the last kept one. */
  #isLastRetained = false;
  #retainedMs = Number.NEGATIVE_INFINITY;

  constructor(seconds: number) {
    this.#spacingMs = (seconds * 1000) / (CAPACITY - SPARE);
    this.#retentionMs = seconds * 1000;
  }

  add(timeMs: number, value: number): void {
    // The clock was set back: points in the future would block all others until then.
    if (this.#count > 0 && timeMs < this.#points[2 * this.#at(1)]!) {
      this.#count = 0;
      this.#brokenMs = Number.NEGATIVE_INFINITY;
      this.#retainedMs = Number.NEGATIVE_INFINITY;
    }
    const isRetained = this.#isLastRetained;
    this.#isLastRetained = false;
    // The last point represents its interval until the next one starts.
    if (!isRetained && this.#count > 1 && timeMs - this.#points[2 * this.#at(2)]! < this.#spacingMs) {
      this.#set(this.#at(1), timeMs, value);
      return;
    }
    if (this.#count === this.#room && this.#room < CAPACITY && this.#isOldestOfUse(timeMs)) this.#grow();
    this.#set(this.#next, timeMs, value);
    this.#next = (this.#next + 1) % this.#room;
    this.#count = Math.min(this.#room, this.#count + 1);
  }

  /** Keeps the last number even if others arrive in the same interval; at most one per interval. */
  keepLast(): void {
    const lastMs = this.#points[2 * this.#at(1)]!;
    if (this.#count === 0 || lastMs - this.#retainedMs < this.#spacingMs) return;
    this.#isLastRetained = true;
    this.#retainedMs = lastMs;
  }

  /** Marks a gap after the last point, such as a lost connection. */
  breakOff(): void {
    if (this.#count > 0) this.#brokenMs = this.#points[2 * this.#at(1)]!;
  }

  /**
   * Returns the points since a time, in milliseconds since the epoch, oldest first; points beyond the time span may be
   * missing. Starts with an earlier number if it was still valid at that time: for a rarely changing value this is the
   * value before the change.
   */
  since(timeMs: number): readonly HistoryPoint[] {
    const points: HistoryPoint[] = [];
    let held: number | undefined;
    for (let age = this.#count; age > 0; age -= 1) {
      const at = 2 * this.#at(age);
      const pointMs = this.#points[at]!;
      if (pointMs > timeMs && held !== undefined) points.push(pointOf(timeMs, held));
      held = undefined;
      if (pointMs >= timeMs) points.push(pointOf(pointMs, this.#points[at + 1]!));
      else if (pointMs > this.#brokenMs) held = this.#points[at + 1]!;
    }
    return held === undefined ? points : [pointOf(timeMs, held)];
  }

  get #room(): number {
    return this.#points.length / 2;
  }

  /** Returns the index of the point with this age; age 1 is the newest. */
  #at(age: number): number {
    return (this.#next + this.#room - age) % this.#room;
  }

  #set(at: number, timeMs: number, value: number): void {
    this.#points[2 * at] = timeMs;
    this.#points[2 * at + 1] = value;
  }

  /** Returns whether the oldest point is still needed: it is valid until the next one. Older points are never read. */
  #isOldestOfUse(nowMs: number): boolean {
    return this.#points[2 * this.#at(this.#count - 1)]! > nowMs - this.#retentionMs;
  }

  #grow(): void {
    const grown = pointsFor(Math.min(CAPACITY, 2 * this.#room));
    for (let age = this.#count; age > 0; age -= 1) {
      const [from, to] = [2 * this.#at(age), 2 * (this.#count - age)];
      grown[to] = this.#points[from]!;
      grown[to + 1] = this.#points[from + 1]!;
    }
    this.#points = grown;
    this.#next = this.#count;
  }
}

/** A plain array: ten thousand typed arrays take three times the memory because of their separate buffers. */
function pointsFor(room: number): number[] {
  return new Array<number>(2 * room).fill(0);
}

function pointOf(timeMs: number, value: number): HistoryPoint {
  return [BigInt(Math.round(timeMs * 1e6)), value];
}
