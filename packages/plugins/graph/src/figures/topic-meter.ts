import { type RosEndpoint, sourceMsOf, type TopicSample } from '@medkit/ros2';
import { stampMs } from './header-stamp.ts';
import { type MeasuredMessage, PublisherWindow, WINDOW_MS, type WindowFigures } from './publisher-window.ts';

/** Figures measured by the gateway for some publishers of a topic. */
export interface MeasuredFigures extends WindowFigures {
  /** Start of the measurement, monotonic. */
  readonly sinceMs: number;
  /** When the last message arrived; `undefined` if there is none. */
  readonly lastMs: number | undefined;
}

/** Maximum publishers of a topic that are distinguished; further ones are not measured. */
const MAX_PUBLISHERS = 16;
/** Larger differences indicate a wrong or simulated clock and give no latency. */
const MAX_PLAUSIBLE_MS = 60_000;

/** The messages of one topic, by publisher. */
export class TopicMeter {
  readonly sinceMs: number;
  /** Whether its messages begin with a stamp. */
  isStamped = false;
  /** Bytes received since the last query. */
  #octets = 0;
  readonly #windows = new Map<string, PublisherWindow>();

  constructor(sinceMs: number) {
    this.sinceMs = sinceMs;
  }

  take(sample: TopicSample, nowMs: number): void {
    const { cdr, gid, sequenceNumber, receivedMs } = sample;
    this.#octets += cdr.byteLength;
    const window = this.#windowOf(gid, nowMs);
    if (!window) return;
    const publishedMs = sourceMsOf(sample);
    const stamped = this.isStamped ? stampMs(cdr) : undefined;
    const message: MeasuredMessage = {
      arrivedMs: nowMs,
      publishedMs: publishedMs ?? receivedMs,
      sequenceNumber,
      latencyMs: plausible(receivedMs, publishedMs),
      dataAgeMs: plausible(receivedMs, stamped),
      octets: cdr.byteLength,
    };
    window.take(message);
  }

  takeOctets(): number {
    const octets = this.#octets;
    this.#octets = 0;
    return octets;
  }

  /** Returns whether there is a rate of each of these publishers. */
  isSettled(publishers: readonly RosEndpoint[]): boolean {
    return publishers.every(({ gid }) => (this.#windows.get(gid)?.taken ?? 0) > 2);
  }

  /** Returns the combined figures of these publishers; departed publishers are removed with their last message. */
  figures(publishers: readonly RosEndpoint[], nowMs: number): MeasuredFigures {
    const { sinceMs } = this;
    const windows = publishers.flatMap(({ gid }) => this.#windows.get(gid) ?? []);
    const each = windows.map((window) => window.figures(nowMs));
    const lasts = windows.flatMap(({ lastMs }) => lastMs ?? []);
    const lastMs = lasts.length === 0 ? undefined : Math.max(...lasts);
    const sum = (read: (figures: WindowFigures) => number | undefined): number | undefined => {
      const values = each.flatMap((figures) => read(figures) ?? []);
      return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
    };
    const max = (read: (figures: WindowFigures) => number | undefined): number | undefined => {
      const values = each.flatMap((figures) => read(figures) ?? []);
      return values.length === 0 ? undefined : Math.max(...values);
    };
    return {
      sinceMs,
      lastMs,
      messages: sum(({ messages }) => messages) ?? 0,
      missed: sum(({ missed }) => missed) ?? 0,
      frequencyHz: sum(({ frequencyHz }) => frequencyHz),
      bytesPerSec: sum(({ bytesPerSec }) => bytesPerSec) ?? 0,
      jitterMs: max(({ jitterMs }) => jitterMs),
      latencyMs: max(({ latencyMs }) => latencyMs),
      dataAgeMs: max(({ dataAgeMs }) => dataAgeMs),
    };
  }

  #windowOf(gid: string, nowMs: number): PublisherWindow | undefined {
    const known = this.#windows.get(gid);
    if (known) return known;
    if (this.#windows.size >= MAX_PUBLISHERS) {
      const silent = [...this.#windows].find(([, { lastMs = 0 }]) => nowMs - lastMs > WINDOW_MS);
      if (!silent) return undefined;
      this.#windows.delete(silent[0]);
    }
    const window = new PublisherWindow();
    this.#windows.set(gid, window);
    return window;
  }
}

function plausible(receivedMs: number, fromMs: number | undefined): number {
  if (fromMs === undefined) return Number.NaN;
  const ms = receivedMs - fromMs;
  return Math.abs(ms) <= MAX_PLAUSIBLE_MS ? ms : Number.NaN;
}
