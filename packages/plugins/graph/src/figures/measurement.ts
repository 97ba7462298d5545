import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { RosAccess } from '@medkit/plugin';
import { DEFAULT_PROFILE, type LocalNode, type QosProfile, type Subscription } from '@medkit/ros2';
import type { MeasureLimits } from '../options/graph-options.ts';
import { beginsWithStamp } from './header-stamp.ts';
import { isHeavy } from './heavy-types.ts';
import { TopicMeter } from './topic-meter.ts';

/** Why a topic is not measured. */
export type Unmeasured = 'large_messages' | 'too_many_topics' | 'too_many_bytes' | 'failed';

/** The meter of a topic, or the reason why it is not measured. */
export type Measured = TopicMeter | Unmeasured;

export interface MeasuredTopic {
  readonly topic: string;
  readonly type: string;
}

export interface MeasurementOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly ros: Pick<RosAccess, 'describeType'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: MeasureLimits;
}

/** How long a topic is measured after the last request: clients poll every few seconds. */
const LINGER_MS = 30_000;
/** How long a topic is not measured again after it exceeded the limits or could not be subscribed to. */
const LEFT_ALONE_MS = 600_000;
const MAX_LEFT_ALONE = 4096;
const TICK_MS = 1000;

/**
 * Matches every publisher at minimal cost: without acknowledgements publishers neither wait for the gateway nor repeat
 * messages, and stored samples are not requested.
 */
const OBSERVER_QOS: Partial<QosProfile> = { ...DEFAULT_PROFILE, reliability: 'best_effort' };

interface Running {
  readonly meter: TopicMeter;
  wantedUntilMs: number;
  close(): void;
}

/** Measures topics while clients request them, by subscribing to them. */
export class Measurement {
  readonly #options: MeasurementOptions;
  readonly #running = new Map<string, Running>();
  readonly #leftAlone = new Map<string, { readonly reason: Unmeasured; readonly untilMs: number }>();
  #timer: Timer | undefined;
  #tickedMs = 0;
  #stopped = false;

  constructor(options: MeasurementOptions) {
    this.#options = options;
  }

  /** Number of measured topics. */
  get size(): number {
    return this.#running.size;
  }

  get leftAlone(): number {
    return this.#leftAlone.size;
  }

  /** Starts measuring a topic, and continues for a while after the last call. */
  want(wanted: MeasuredTopic): Measured {
    const nowMs = this.#options.clock.monotonicMs();
    const key = `${wanted.topic} ${wanted.type}`;
    const running = this.#running.get(key);
    if (running) {
      running.wantedUntilMs = nowMs + LINGER_MS;
      return running.meter;
    }
    const reason = this.#whyNot(wanted, key, nowMs);
    if (reason !== undefined) return reason;
    const started = this.#start(wanted, key, nowMs);
    this.#running.set(key, started);
    if (!this.#timer) {
      this.#tickedMs = nowMs;
      this.#timer = this.#options.clock.every(TICK_MS, () => this.#tick());
    }
    return started.meter;
  }

  /** Stops all measurements permanently. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const { close } of this.#running.values()) close();
    this.#running.clear();
  }

  #whyNot({ type }: MeasuredTopic, key: string, nowMs: number): Unmeasured | undefined {
    const { limits } = this.#options;
    if (this.#stopped) return 'failed';
    if (isHeavy(type) && !limits.largeMessages) return 'large_messages';
    const left = this.#leftAlone.get(key);
    if (left && left.untilMs > nowMs) return left.reason;
    this.#leftAlone.delete(key);
    return this.#running.size >= limits.maxTopics ? 'too_many_topics' : undefined;
  }

  #start({ topic, type }: MeasuredTopic, key: string, nowMs: number): Running {
    const { node, ros, clock, log } = this.#options;
    const meter = new TopicMeter(nowMs);
    let isOpen = true;
    const opened = node.subscribe({
      topic,
      type,
      raw: true,
      qos: OBSERVER_QOS,
      onSample: (sample) => {
        if (isOpen) meter.take(sample, clock.monotonicMs());
      },
    });
    opened.catch((error: unknown) => {
      log('warn', `Cannot measure ${topic}, because the subscription failed: ${errorMessage(error)}`);
      if (isOpen) this.#leave(key, 'failed');
    });
    ros
      .describeType(type)
      .then((described) => {
        meter.isStamped = described !== undefined && beginsWithStamp(described.definition);
      })
      .catch((error: unknown) => log('warn', `Cannot measure the age of data on ${topic}: ${errorMessage(error)}`));
    const close = (): void => {
      isOpen = false;
      ended(opened).catch((error: unknown) =>
        log('warn', `Cannot stop the measurement of ${topic}: ${errorMessage(error)}`),
      );
    };
    return { meter, wantedUntilMs: nowMs + LINGER_MS, close };
  }

  /** Stops measurements that are no longer requested or exceed the limits. */
  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [key, { wantedUntilMs }] of this.#running) if (wantedUntilMs < nowMs) this.#end(key);
    this.#keepWithinBytes(nowMs);
    if (this.#running.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Stops measuring the largest topics until the others are within the limit. */
  #keepWithinBytes(nowMs: number): void {
    const seconds = (nowMs - this.#tickedMs) / 1000;
    this.#tickedMs = nowMs;
    const loads = [...this.#running].map(([key, { meter }]) => ({ key, octets: meter.takeOctets() }));
    let excess = loads.reduce((sum, { octets }) => sum + octets, 0) - this.#options.limits.maxBytesPerSec * seconds;
    if (excess <= 0) return;
    for (const { key, octets } of loads.sort((a, b) => b.octets - a.octets)) {
      if (excess <= 0) return;
      excess -= octets;
      this.#leave(key, 'too_many_bytes');
    }
  }

  #leave(key: string, reason: Unmeasured): void {
    this.#end(key);
    if (this.#leftAlone.size >= MAX_LEFT_ALONE) this.#leftAlone.clear();
    this.#leftAlone.set(key, { reason, untilMs: this.#options.clock.monotonicMs() + LEFT_ALONE_MS });
  }

  #end(key: string): void {
    this.#running.get(key)?.close();
    this.#running.delete(key);
  }
}

/** Closes a subscription; a failure to open was logged before, and there is nothing to close. */
async function ended(opened: Promise<Subscription>): Promise<void> {
  const subscription = await opened.catch(() => undefined);
  await subscription?.close();
}
