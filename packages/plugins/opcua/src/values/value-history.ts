/** Points that are kept of one value: a minute of it in a chart has no more. */
const CAPACITY = 64;
/** Of those as many are spare: a value seldom comes just when a moment ends, and the moments are shorter then. */
const SPARE = 8;
/** Room for as many at first, and twice as many each time that is not enough: most values of a PLC seldom change. */
const FIRST_ROOM = 4;

/** When a number was which. */
export type HistoryPoint = readonly [timeNs: bigint, value: number];

/**
 * The last numbers of one value, as many as its seconds have, up to a bound. Of numbers that come more often than there is room
 * for, the last of each moment is kept.
 */
export class ValueHistory {
  readonly #spacingMs: number;
  readonly #keptForMs: number;
  /** Time, in milliseconds since the epoch, and value of each point by turns, in a ring. */
  #points = pointsFor(FIRST_ROOM);
  /** Where the next one goes, and how many there are. */
  #next = 0;
  #count = 0;
  /** What was told until then did not hold any longer: it is not known what came behind it. */
  #brokenMs = Number.NEGATIVE_INFINITY;
  /** The last one is to stay, and when one was to the last time. */
  #isLastKept = false;
  #keptMs = Number.NEGATIVE_INFINITY;

  constructor(seconds: number) {
    this.#spacingMs = (seconds * 1000) / (CAPACITY - SPARE);
    this.#keptForMs = seconds * 1000;
  }

  add(timeMs: number, value: number): void {
    // The clock was set back: points that are yet to come would keep out all others until then.
    if (this.#count > 0 && timeMs < this.#points[2 * this.#at(1)]!) {
      this.#count = 0;
      this.#brokenMs = Number.NEGATIVE_INFINITY;
      this.#keptMs = Number.NEGATIVE_INFINITY;
    }
    const isKept = this.#isLastKept;
    this.#isLastKept = false;
    // The last one stands for its moment until another moment has begun.
    if (!isKept && this.#count > 1 && timeMs - this.#points[2 * this.#at(2)]! < this.#spacingMs) {
      this.#set(this.#at(1), timeMs, value);
      return;
    }
    if (this.#count === this.#room && this.#room < CAPACITY && this.#isOldestOfUse(timeMs)) this.#grow();
    this.#set(this.#next, timeMs, value);
    this.#next = (this.#next + 1) % this.#room;
    this.#count = Math.min(this.#room, this.#count + 1);
  }

  /** Something followed from the last number: it stays, at most one of each moment, though others come within that. */
  keepLast(): void {
    const lastMs = this.#points[2 * this.#at(1)]!;
    if (this.#count === 0 || lastMs - this.#keptMs < this.#spacingMs) return;
    this.#isLastKept = true;
    this.#keptMs = lastMs;
  }

  /** What comes next does not follow from what was told last, as behind a connection that was lost. */
  breakOff(): void {
    if (this.#count > 0) this.#brokenMs = this.#points[2 * this.#at(1)]!;
  }

  /**
   * Those since a time, milliseconds since the epoch, the oldest first; of what lies behind its seconds some may be left out. A
   * number that was told earlier and held until then stands at the beginning: of one that seldom changes that is what it was
   * before it did.
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

  /** Where the point of this age is; that of age 1 is the newest. */
  #at(age: number): number {
    return (this.#next + this.#room - age) % this.#room;
  }

  #set(at: number, timeMs: number, value: number): void {
    this.#points[2 * at] = timeMs;
    this.#points[2 * at + 1] = value;
  }

  /** The oldest one still holds within the seconds that lie behind now: until the one behind it. Nobody is told of more. */
  #isOldestOfUse(nowMs: number): boolean {
    return this.#points[2 * this.#at(this.#count - 1)]! > nowMs - this.#keptForMs;
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

/** A plain list: ten thousand typed arrays take three times the memory, as each has a block of its own besides. */
function pointsFor(room: number): number[] {
  return new Array<number>(2 * room).fill(0);
}

function pointOf(timeMs: number, value: number): HistoryPoint {
  return [BigInt(Math.round(timeMs * 1e6)), value];
}
