import { type Detector, type Finding, SEVERITY } from '../findings/finding.ts';
import type { TopicFlow } from './topic-flow.ts';

/** Number of expected messages over which a rate is measured, and the minimum time. */
const MESSAGES_IN_WINDOW = 5;
const MIN_WINDOW_MS = 5000;

/** Observation time after which the current rate becomes the expected one. */
const LEARNING_MS = 30_000;

/** Minimum rate that is learned. */
const MIN_LEARNED_HZ = 0.2;

export interface RateDropOptions {
  readonly grace: number;
  /** Fraction of the expected rate below which a topic is too slow. */
  readonly fraction: number;
  /** Expected rates in Hz, by topic. */
  readonly topics: ReadonlyMap<string, number>;
}

/** State of a topic at a tick. */
export interface WatchedTopic {
  readonly flow: TopicFlow;
  /** FQN of a publisher's node, if known. */
  readonly publisher: string | undefined;
}

/** Detects topics whose rate is below the configured or the learned rate. */
export class RateDrop implements Detector {
  readonly grace: number;
  readonly #options: RateDropOptions;
  readonly #learned = new Map<string, number>();
  readonly #watched: ReadonlyMap<string, WatchedTopic>;

  constructor(options: RateDropOptions, watched: ReadonlyMap<string, WatchedTopic>) {
    this.grace = options.grace;
    this.#options = options;
    this.#watched = watched;
  }

  /** Called when the last publisher of a topic left regularly: the learned rate no longer applies. */
  forget(topic: string): void {
    this.#learned.delete(topic);
  }

  findings(): readonly Finding[] {
    const found: Finding[] = [];
    for (const [topic, { flow, publisher }] of this.#watched) {
      const expectedHz = this.#expectedHz(topic, flow);
      if (expectedHz === undefined) continue;
      const rateHz = flow.rateHz(Math.max(MIN_WINDOW_MS, (MESSAGES_IN_WINDOW * 1000) / expectedHz));
      if (rateHz === undefined || rateHz >= expectedHz * this.#options.fraction) continue;
      const of = publisher === undefined ? '' : ` of ${publisher}`;
      found.push({
        code: 'GRAPH_RATE_DROP',
        key: topic,
        detail: `${topic}${of} arrives at ${hertz(rateHz)} instead of ${hertz(expectedHz)}`,
        severity: SEVERITY.warn,
        ...(publisher !== undefined && { node: publisher }),
      });
    }
    return found;
  }

  #expectedHz(topic: string, flow: TopicFlow): number | undefined {
    const known = this.#options.topics.get(topic) ?? this.#learned.get(topic);
    if (known !== undefined) return known;
    const rateHz = flow.rateHz(LEARNING_MS);
    if (rateHz === undefined || rateHz < MIN_LEARNED_HZ) return undefined;
    this.#learned.set(topic, rateHz);
    return rateHz;
  }
}

function hertz(rate: number): string {
  return `${Number(rate.toPrecision(2))} Hz`;
}
