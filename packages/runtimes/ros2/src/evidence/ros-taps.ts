import type { Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { Tap, TapOptions, TapProvider, TopicName } from '@medkit/faults';
import type { LocalNode, RosAdapter } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import { typeOf } from '../graph/topic-use.ts';
import { topicsOfNode } from './node-topics.ts';
import { TopicTap } from './topic-tap.ts';

/**
 * Changes within this time are reported together: a starting robot makes hundreds, and each report makes the listener
 * examine all topics.
 */
const NOTIFY_AFTER_MS = 50;

export interface RosTapsOptions {
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly adapter: Pick<RosAdapter, 'describeType'>;
  readonly view: GraphView;
  readonly clock: Clock;
  readonly log: Log;
}

/** The topics of the graph for the black box. */
export class RosTaps implements TapProvider {
  readonly #options: RosTapsOptions;
  readonly #taps = new Set<TopicTap>();
  readonly #listeners = new Set<() => void>();
  #notification: Timer | undefined;

  constructor(options: RosTapsOptions) {
    this.#options = options;
  }

  /** Returns the topics that have a publisher. */
  topics(): readonly TopicName[] {
    const { view } = this.#options;
    return [...view.topics].flatMap((name): readonly TopicName[] => {
      const use = view.topic(name);
      const type = use && use.publishers.length > 0 ? typeOf(use) : undefined;
      return type === undefined ? [] : [{ name, type }];
    });
  }

  onTopicsChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tap(topic: TopicName, options: TapOptions): Tap {
    const onClose = (closed: TopicTap) => void this.#taps.delete(closed);
    const tap = new TopicTap({ ...this.#options, ...options, topic, onClose });
    this.#taps.add(tap);
    return tap;
  }

  topicsOf(source: string): readonly string[] | undefined {
    return topicsOfNode(this.#options.view, source);
  }

  /** Called when the endpoints of these topics have changed. */
  topicsChanged(topics: ReadonlySet<string>): void {
    for (const tap of this.#taps) if (topics.has(tap.topic)) tap.look();
    if (topics.size === 0 || this.#listeners.size === 0) return;
    this.#notification ??= this.#options.clock.after(NOTIFY_AFTER_MS, () => {
      this.#notification = undefined;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  close(): void {
    this.#notification?.cancel();
    this.#listeners.clear();
    for (const tap of [...this.#taps]) tap.close();
  }
}
