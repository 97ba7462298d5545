/** What is counted of each message of a publisher. */
export interface MeasuredMessage {
  readonly arrivedMs: number;
  /** When it was published, ms on the publisher's clock; when it arrived where it does not say. */
  readonly publishedMs: number;
  readonly sequenceNumber: number;
  /** From publishing to arrival; NaN where that is not known. */
  readonly latencyMs: number;
  /** Age of what it tells of, from the stamp of its header to arrival; NaN where it has none. */
  readonly dataAgeMs: number;
  readonly octets: number;
}

/** What is measured of the messages of some seconds. `undefined` where there were too few to tell. */
export interface WindowFigures {
  readonly messages: number;
  /** Messages that were published and did not arrive. */
  readonly missed: number;
  readonly frequencyHz: number | undefined;
  /** Standard deviation of the time between two messages as they were published. */
  readonly jitterMs: number | undefined;
  readonly latencyMs: number | undefined;
  readonly dataAgeMs: number | undefined;
  readonly bytesPerSec: number;
}

/** Messages that figures are made of at most: a quarter of a second of a 1 kHz topic, the whole window of most others. */
const MAX_MESSAGES = 256;
/** How far back figures go. */
export const WINDOW_MS = 5000;
/** A rate is told of so many messages at least. */
const MIN_MESSAGES = 2;

/** The messages of one publisher of the last seconds, in a ring that is written without an allocation. */
export class PublisherWindow {
  readonly #arrivedMs = new Float64Array(MAX_MESSAGES);
  readonly #publishedMs = new Float64Array(MAX_MESSAGES);
  readonly #latencyMs = new Float64Array(MAX_MESSAGES);
  readonly #dataAgeMs = new Float64Array(MAX_MESSAGES);
  readonly #octets = new Float64Array(MAX_MESSAGES);
  /** Messages missing between each one and the one before it. */
  readonly #missing = new Float64Array(MAX_MESSAGES);
  #taken = 0;
  #lastSequenceNumber: number | undefined;

  get taken(): number {
    return this.#taken;
  }

  /** When the last one arrived; `undefined` where none did. */
  get lastMs(): number | undefined {
    return this.#taken === 0 ? undefined : this.#arrivedMs[(this.#taken - 1) % MAX_MESSAGES];
  }

  take(message: MeasuredMessage): void {
    const { sequenceNumber } = message;
    const last = this.#lastSequenceNumber;
    const late = last !== undefined && sequenceNumber <= last;
    const slot = this.#taken % MAX_MESSAGES;
    // One that was overtaken was counted as missing when the other arrived.
    this.#missing[slot] = last === undefined ? 0 : late ? -1 : sequenceNumber - last - 1;
    this.#arrivedMs[slot] = message.arrivedMs;
    this.#publishedMs[slot] = message.publishedMs;
    this.#latencyMs[slot] = message.latencyMs;
    this.#dataAgeMs[slot] = message.dataAgeMs;
    this.#octets[slot] = message.octets;
    this.#taken += 1;
    if (!late) this.#lastSequenceNumber = sequenceNumber;
  }

  figures(nowMs: number): WindowFigures {
    const first = this.#firstSince(nowMs - WINDOW_MS);
    const messages = this.#taken - first;
    if (messages === 0) return { ...NOTHING, frequencyHz: this.#taken > 0 ? 0 : undefined };
    const at = (values: Float64Array, index: number): number => values[index % MAX_MESSAGES];
    let missed = 0;
    let octets = 0;
    const latency = new Mean();
    const dataAge = new Mean();
    for (let index = first; index < this.#taken; index += 1) {
      // What is missing before the first of the window was missed before the window.
      if (index > first) missed += at(this.#missing, index);
      octets += at(this.#octets, index);
      latency.add(at(this.#latencyMs, index));
      dataAge.add(at(this.#dataAgeMs, index));
    }
    const comingMs = this.#comingMs(first);
    const periodMs = messages < MIN_MESSAGES ? undefined : comingMs / (messages - 1);
    // A topic that has fallen silent slows down with every period in which nothing comes.
    const silentMs = nowMs - at(this.#arrivedMs, first);
    const spanMs = periodMs === undefined ? 0 : Math.max(comingMs, silentMs - periodMs);
    return {
      messages,
      missed: Math.max(0, missed),
      frequencyHz: spanMs > 0 ? ((messages - 1) * 1000) / spanMs : undefined,
      jitterMs: this.#jitterMs(first),
      latencyMs: latency.value,
      dataAgeMs: dataAge.value,
      bytesPerSec: spanMs > 0 ? (octets * 1000 * (messages - 1)) / messages / spanMs : 0,
    };
  }

  /**
   * The time within which the messages from `first` on came. Those that were held up on the way arrive together, though they
   * were not published together: the longer of the two times counts, unless the publisher's clock was set meanwhile.
   */
  #comingMs(first: number): number {
    const span = (values: Float64Array): number =>
      values[(this.#taken - 1) % MAX_MESSAGES] - values[first % MAX_MESSAGES];
    const arrivedMs = span(this.#arrivedMs);
    const heldMs = span(this.#publishedMs) - arrivedMs;
    return heldMs > 0 && heldMs < WINDOW_MS ? arrivedMs + heldMs : arrivedMs;
  }

  #jitterMs(first: number): number | undefined {
    const intervals = this.#taken - first - 1;
    if (intervals < MIN_MESSAGES) return undefined;
    const interval = (index: number): number =>
      this.#publishedMs[index % MAX_MESSAGES] - this.#publishedMs[(index - 1) % MAX_MESSAGES];
    let sum = 0;
    for (let index = first + 1; index < this.#taken; index += 1) sum += interval(index);
    const mean = sum / intervals;
    let squares = 0;
    for (let index = first + 1; index < this.#taken; index += 1) squares += (interval(index) - mean) ** 2;
    return Math.sqrt(squares / intervals);
  }

  /** Index of the oldest message that is kept and arrived after `sinceMs`. */
  #firstSince(sinceMs: number): number {
    let first = Math.max(0, this.#taken - MAX_MESSAGES);
    while (first < this.#taken && this.#arrivedMs[first % MAX_MESSAGES] < sinceMs) first += 1;
    return first;
  }
}

const NOTHING: WindowFigures = {
  messages: 0,
  missed: 0,
  frequencyHz: undefined,
  jitterMs: undefined,
  latencyMs: undefined,
  dataAgeMs: undefined,
  bytesPerSec: 0,
};

/** The mean of those values that are numbers. */
class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#sum += value;
    this.#count += 1;
  }

  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}
