import { errorMessage, type Log, oncePerKey } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { LocalNode, RosMessage, Subscription, TopicSample } from '@medkit/ros2';
import type { TfStale } from '../detectors/tf-stale.ts';
import type { TopicEndpoints } from '../graph/topic-table.ts';
import { closeInBackground } from './close-in-background.ts';

const TF_TYPE = 'tf2_msgs/msg/TFMessage';

/** Maximum topics with transforms: one for each robot in the graph. */
const MAX_TF_TOPICS = 8;

export interface TfWatchOptions {
  readonly node: LocalNode;
  readonly clock: Clock;
  readonly log: Log;
  readonly frames: TfStale;
}

/** Receives the transforms of `/tf` and `<namespace>/tf` as soon as they have a publisher. */
export class TfWatch {
  readonly #options: TfWatchOptions;
  readonly #subscriptions = new Map<string, Promise<Subscription | undefined>>();
  readonly #isNewFailure = oncePerKey();
  #failed = new Set<string>();

  constructor(options: TfWatchOptions) {
    this.#options = options;
  }

  /** Processes the current state of a topic. A topic without publishers makes room for another robot's. */
  update({ name, publishers }: TopicEndpoints): void {
    const [publisher] = publishers.values();
    if (!publisher) this.#leave(name);
    if (!name.endsWith('/tf') || publisher?.type !== TF_TYPE) return;
    if (this.#subscriptions.has(name) || this.#subscriptions.size >= MAX_TF_TOPICS) return;
    const { node, log } = this.#options;
    const onSample = ({ message, gid }: TopicSample): void => {
      if (message) this.#take(name, gid, message);
    };
    const subscription = node.subscribe({ topic: name, type: TF_TYPE, onSample }).catch((error: unknown) => {
      const failure = `${name} cannot be watched: ${errorMessage(error)}`;
      if (this.#isNewFailure(failure)) log('warn', failure);
      if (this.#subscriptions.get(name) === subscription && this.#subscriptions.delete(name)) this.#failed.add(name);
      return undefined;
    });
    this.#subscriptions.set(name, subscription);
  }

  /** Topics that could not be subscribed to since the last call; the caller passes them again. */
  takeFailed(): Iterable<string> {
    const failed = this.#failed;
    this.#failed = new Set();
    return failed;
  }

  async stop(): Promise<void> {
    const subscriptions = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    await Promise.all(subscriptions.map(async (subscription) => (await subscription)?.close()));
  }

  #leave(topic: string): void {
    const subscription = this.#subscriptions.get(topic);
    if (!subscription) return;
    this.#subscriptions.delete(topic);
    closeInBackground(topic, subscription, this.#options.log);
  }

  #take(topic: string, gid: string, message: RosMessage): void {
    const { frames, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    // Robots in different namespaces may have frames of the same names.
    const prefix = topic === '/tf' ? '' : `${topic} `;
    for (const transform of message['transforms'] as readonly RosMessage[]) {
      const { frame_id: parent } = transform['header'] as RosMessage;
      frames.observe(`${prefix}${transform['child_frame_id']}`, String(parent), gid, nowMs);
    }
  }
}
