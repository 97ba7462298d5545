import type { Notice } from '@medkit/documents';
import { type Clock, type Timer, within } from '@medkit/edges';
import type { RingSample, RingTopic, SampleRing } from '../ring/sample-ring.ts';
import { selectTopics } from '../selection/select-topics.ts';
import {
  type KeyedTopic,
  type Tap,
  type TapProvider,
  type TopicDescription,
  type TopicName,
  topicKey,
} from '../tap/tap-provider.ts';
import type { RecordingSettings } from './recording.ts';

/** Maximum subscribed topics. */
const MAX_TOPICS = 1024;
/** Timeout of a topic description: type definitions may be requested over the graph. */
const DESCRIBE_TIMEOUT_MS = 3000;

interface Dependencies {
  readonly taps: TapProvider;
  readonly ring: SampleRing;
  readonly settings: RecordingSettings;
  readonly clock: Clock;
  /** Called with each sample after it was added to the ring. */
  readonly onSample: (held: RingSample) => void;
  readonly notice: (notice: Notice) => void;
}

interface TappedTopic {
  readonly type: string;
  readonly tap: Tap;
  readonly ringTopic: RingTopic;
  /** Since when the graph does not have the topic, or has it with another type. */
  goneSinceMs: number | undefined;
}

/**
 * Subscribes to the recorded topics as they appear and disappear. A vanished topic is retained while the ring has
 * samples of it.
 */
export class TappedTopics {
  readonly #dependencies: Dependencies;
  /** By `topicKey`. */
  readonly #tapped = new Map<string, TappedTopic>();
  /** Topics whose failed subscription was already logged. */
  readonly #refused = new Set<string>();
  #stopWatching: (() => void) | undefined;
  /** Timer until a vanished topic can be released. */
  #farewell: Timer | undefined;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  get size(): number {
    return this.#tapped.size;
  }

  /** Returns the description of a topic; at least its name. */
  async describe({ key, name }: KeyedTopic): Promise<TopicDescription> {
    const tapped = this.#tapped.get(key);
    const undescribed = { name, type: tapped?.type ?? '', offeredQos: [], definition: undefined, typeHash: '' };
    if (!tapped) return undescribed;
    // A recording without type definitions is better than none.
    const described = tapped.tap.describe().catch(() => undescribed);
    return within(this.#dependencies.clock, DESCRIBE_TIMEOUT_MS, described, () => undescribed);
  }

  /** Returns a subscribed topic of the runtime, or one without a runtime; `undefined` if there is none. */
  named(name: string, runtime: string): { readonly type: string; readonly ringTopic: RingTopic } | undefined {
    return this.#tapped.get(topicKey({ name, runtime })) ?? this.#tapped.get(topicKey({ name }));
  }

  /** Starts listening, unless already started. */
  start(): void {
    if (this.#stopWatching) return;
    this.#stopWatching = this.#dependencies.taps.onTopicsChange(() => this.#update());
    this.#update();
  }

  /** Stops listening permanently. */
  close(): void {
    this.#stopWatching?.();
    this.#farewell?.cancel();
    for (const [key, tapped] of this.#tapped) this.#close(key, tapped);
  }

  #update(): void {
    const { taps, settings, clock } = this.#dependencies;
    const selected = new Map(selectTopics(taps.topics(), settings.selection).map((topic) => [topicKey(topic), topic]));
    const nowMs = clock.monotonicMs();
    for (const [key, tapped] of this.#tapped) {
      if (selected.get(key)?.type === tapped.type) tapped.goneSinceMs = undefined;
      else tapped.goneSinceMs ??= nowMs;
      if (tapped.goneSinceMs !== undefined && nowMs - tapped.goneSinceMs > settings.windowMs) this.#close(key, tapped);
      else tapped.ringTopic.latchedDepth = tapped.tap.latchedDepth();
    }
    for (const [key, topic] of selected) if (!this.#tapped.has(key)) this.#open(topic);
    const isOneGone = [...this.#tapped.values()].some(({ goneSinceMs }) => goneSinceMs !== undefined);
    this.#farewell?.cancel();
    this.#farewell = isOneGone ? clock.after(settings.windowMs + 1, () => this.#update()) : undefined;
  }

  #open(topic: TopicName): void {
    const { taps, ring, settings, clock, onSample } = this.#dependencies;
    if (this.#tapped.size >= MAX_TOPICS) {
      this.#refuse('further topics', `${MAX_TOPICS} topics are already recorded: exclude some`);
      return;
    }
    const ringTopic = ring.topic(topic.name, topic.runtime);
    try {
      const tap = taps.tap(topic, {
        matchQos: settings.matchQos,
        onSample: (sample) => {
          ring.push(ringTopic, sample, clock.monotonicMs());
          onSample({ topic: ringTopic, sample });
        },
      });
      ringTopic.latchedDepth = tap.latchedDepth();
      this.#tapped.set(ringTopic.key, { type: topic.type, tap, ringTopic, goneSinceMs: undefined });
    } catch (error) {
      this.#refuse(topic.name, (error as Error).message);
    }
  }

  #refuse(what: string, reason: string): void {
    if (this.#refused.has(what) || this.#refused.size >= MAX_TOPICS) return;
    this.#refused.add(what);
    this.#dependencies.notice({ level: 'warning', text: `${what} cannot be recorded: ${reason}` });
  }

  #close(key: string, { tap, ringTopic }: TappedTopic): void {
    tap.close();
    this.#dependencies.ring.forget(ringTopic);
    this.#tapped.delete(key);
  }
}
