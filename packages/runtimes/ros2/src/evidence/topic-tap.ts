import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { OfferedQos, Tap, TapOptions, TopicDescription, TopicName } from '@medkit/faults';
import { type LocalNode, type RosAdapter, type RosEndpoint, SENSOR_DATA_PROFILE } from '@medkit/ros2';
import type { GraphView } from '../graph/graph-view.ts';
import { openRaw, type RawSubscription } from './raw-subscription.ts';
import { TypeInquiry } from './type-inquiry.ts';

/** A vendor whose publishers do not announce their history depth. */
const RETICENT_VENDOR = 'Fast DDS';

export interface TopicTapOptions extends TapOptions {
  readonly topic: TopicName;
  readonly node: Pick<LocalNode, 'subscribe'>;
  readonly adapter: Pick<RosAdapter, 'describeType'>;
  readonly view: Pick<GraphView, 'participants' | 'topic'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onClose: (tap: TopicTap) => void;
}

/** A subscription of the black box, with the last known properties of the topic's publishers. */
export class TopicTap implements Tap {
  readonly #options: TopicTapOptions;
  readonly #subscription: RawSubscription;
  #offeredQos: readonly OfferedQos[] = [];
  /** As announced by a publisher. */
  #typeHash: string | undefined;
  readonly #type: TypeInquiry;
  #isPublished = false;

  constructor(options: TopicTapOptions) {
    this.#options = options;
    const { topic, node, adapter, clock, matchQos, onSample, log } = options;
    this.#type = new TypeInquiry({ type: topic.type, adapter, clock });
    this.#subscription = openRaw({
      node,
      log,
      topic: topic.name,
      type: topic.type,
      qos: matchQos ? 'match-publishers' : SENSOR_DATA_PROFILE,
      onSample,
    });
    this.#subscription.opened.catch((error: unknown) => {
      log('warn', `${topic.name} is not recorded, because the subscription failed: ${errorMessage(error)}`);
    });
    this.look();
  }

  get topic(): string {
    return this.#options.topic.name;
  }

  /** Called when the publishers of the topic have changed. If no publisher is left, the known properties remain. */
  look(): void {
    const { topic, view } = this.#options;
    const publishers = view.topic(topic.name)?.publishers.filter(({ type }) => type === topic.type) ?? [];
    if (publishers.length === 0) return;
    this.#offeredQos = publishers.map((each) => offeredQos(each, view.participants.get(each.participant)?.vendor));
    const typeHash = publishers.find((publisher) => publisher.typeHash !== undefined)?.typeHash;
    if (this.#isPublished && typeHash === this.#typeHash) return;
    this.#isPublished = true;
    this.#typeHash = typeHash;
    this.#type.renew();
  }

  latchedDepth(): number {
    const depths = this.#offeredQos.map(latchedDepthOf);
    return depths.includes(0) ? 0 : Math.max(0, ...depths);
  }

  async describe(): Promise<TopicDescription> {
    const type = await this.#type.answer();
    return {
      ...this.#options.topic,
      offeredQos: this.#offeredQos,
      definition: type?.definition,
      typeHash: this.#typeHash ?? type?.hash ?? '',
    };
  }

  close(): void {
    this.#options.onClose(this);
    this.#type.stop();
    this.#subscription.close();
  }
}

/**
 * Returns the QoS that a publisher offers. If it announces no history, DDS assumes keep last 1. A recording must not
 * claim that, or playback would use a lower depth than the original.
 */
function offeredQos({ qos }: Pick<RosEndpoint, 'qos'>, vendor: string | undefined): OfferedQos {
  const isAssumed = vendor === RETICENT_VENDOR && qos.history === 'keep_last' && qos.depth === 1;
  return isAssumed ? { ...qos, history: 'unknown', depth: 0 } : qos;
}

/**
 * Returns how many samples a publisher stores for late subscriptions. Assumes one, as most do, if the depth is unknown.
 */
function latchedDepthOf({ durability, history, depth }: OfferedQos): number {
  if (durability !== 'transient_local') return 0;
  if (history === 'unknown') return 1;
  return history === 'keep_all' ? Number.POSITIVE_INFINITY : depth;
}
