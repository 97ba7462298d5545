/** Measured properties of a message. */
export interface MeasuredMessage {
  readonly arrivedMs: number;
  /** Source time in ms on the publisher's clock; if absent, the arrival time. */
  readonly publishedMs: number;
  readonly sequenceNumber: number;
  /** From publication to arrival; NaN if unknown. */
  readonly latencyMs: number;
  /** Age of the data, from the stamp in its header to arrival; NaN if there is none. */
  readonly dataAgeMs: number;
  readonly octets: number;
}

/** Figures for the messages of some seconds. `undefined` if there were too few messages. */
export interface WindowFigures {
  readonly messages: number;
  /** Messages that were published but did not arrive. */
  readonly missed: number;
  readonly frequencyHz: number | undefined;
  /** Standard deviation of the time between two publications. */
  readonly jitterMs: number | undefined;
  readonly latencyMs: number | undefined;
  readonly dataAgeMs: number | undefined;
  readonly bytesPerSec: number;
}

/** Maximum messages in the figures: a quarter of a second of a 1 kHz topic, the whole window of most others. */
const MAX_MESSAGES = 256;
/** Length of the time window. */
export const WINDOW_MS = 5000;
/** Minimum messages for a rate. */
const MIN_MESSAGES = 2;

/** The messages of one publisher in the last seconds, in a ring buffer without allocations. */
export class PublisherWindow {
  readonly #arrivedMs = new Float64Array(MAX_MESSAGES);
  readonly #publishedMs = new Float64Array(MAX_MESSAGES);
  readonly #latencyMs = new Float64Array(MAX_MESSAGES);
  readonly #dataAgeMs = new Float64Array(MAX_MESSAGES);
  readonly #octets = new Float64Array(MAX_MESSAGES);
  /** Messages missing between each message and its predecessor. */
  readonly #missing = new Float64Array(MAX_MESSAGES);
  #taken = 0;
  #lastSequenceNumber: number | undefined;

  get taken(): number {
    return this.#taken;
  }

  /** When the last message arrived; `undefined` if there is none. */
  get lastMs(): number | undefined {
    return this.#taken === 0 ? undefined : this.#arrivedMs[(this.#taken - 1) % MAX_MESSAGES];
  }

  take(message: MeasuredMessage): void {
    const { sequenceNumber } = message;
    const last = this.#lastSequenceNumber;
    const late = last !== undefined && sequenceNumber <= last;
    const slot = this.#taken % MAX_MESSAGES;
    // A message that was overtaken was counted as missing when the later one arrived.
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
      // Messages missing before the first one were missed before the window.
      if (index > first) missed += at(this.#missing, index);
      octets += at(this.#octets, index);
      latency.add(at(this.#latencyMs, index));
      dataAge.add(at(this.#dataAgeMs, index));
    }
    const comingMs = this.#comingMs(first);
    const periodMs = messages < MIN_MESSAGES ? undefined : comingMs / (messages - 1);
    // The rate of a silent topic decreases with every period without a message.
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
   * Returns the time span of the messages since `first`. Delayed messages arrive together although they were not
   * published together: the longer of the arrival and source time spans is used, unless the publisher's clock was set.
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

  /** Returns the index of the oldest stored message that arrived after `sinceMs`. */
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

/** Mean of the values that are numbers. */
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
