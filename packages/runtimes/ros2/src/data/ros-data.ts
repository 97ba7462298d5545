import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  type DataPicture,
  type DataProvider,
  type DataReading,
  type DataSample,
  type DataWatch,
  type DataWrite,
  type DataWriteResult,
  errorMessage,
  FIRST_DISCOVERY_MS,
  type TypeInfo,
} from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { CallLost, InvalidMessage, InvalidName, type RosAdapter, UnknownType } from '@medkit/ros2';
import { outcomeUnknown } from '../call-failure.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import { HOST_NATIVE_ID } from '../discovery/ros-contribution.ts';
import type { GraphView } from '../graph/graph-view.ts';
import type { NewNodes } from '../graph/new-nodes.ts';
import { isEndpointOf, type TopicUse, typeFor } from '../graph/topic-use.ts';
import { assertImageType, type Pictures } from '../pictures/pictures.ts';
import type { ColdWaitSettings, ColdWaits } from './cold-waits.ts';
import { dataEntries, endpointsOf } from './data-entries.ts';
import type { PublisherPool } from './publisher-pool.ts';
import { receivedNsOf } from './received-ns.ts';
import { subscribeFailed } from './subscribe-failed.ts';
import { topicOf } from './topic-name.ts';
import type { TopicPool } from './topic-pool.ts';
import type { TopicWatches } from './topic-watches.ts';
import type { TypeInfos } from './type-infos.ts';
import type { WarmTopic } from './warm-topic.ts';

export interface RosDataOptions {
  readonly adapter: Pick<RosAdapter, 'decode' | 'encode'>;
  readonly clock: Clock;
  readonly view: GraphView;
  readonly pool: TopicPool;
  readonly watches: TopicWatches;
  readonly coldWaits: ColdWaits;
  readonly publishers: PublisherPool;
  readonly pictures: Pictures;
  readonly typeInfos: TypeInfos;
  readonly newNodes: Pick<NewNodes, 'settlingMs'>;
  readonly settings: DataSettings;
}

export interface DataSettings extends Pick<ColdWaitSettings, 'sampleTimeoutMs'> {
  /** `data_provider.foreign_topics`: allows reading topics through a node that does not use them. */
  readonly foreignTopics: boolean;
}

/** The topics of the graph as data: each node has the topics that it publishes or subscribes to. */
export class RosData implements Required<Omit<DataProvider, 'recent'>> {
  readonly #options: RosDataOptions;
  readonly #startedMs: number;
  #hits = 0;
  #misses = 0;
  /** Resolves at the next change of the topics. */
  #changed = Promise.withResolvers<void>();

  constructor(options: RosDataOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
  }

  /** Reads that found a sample (hits), and reads that had to wait for one (misses). */
  get reads(): { readonly hits: number; readonly misses: number } {
    return { hits: this.#hits, misses: this.#misses };
  }

  async list(nativeId: string): ReturnType<DataProvider['list']> {
    const { view, typeInfos } = this.#options;
    return dataEntries(view, typeInfos, nativeId);
  }

  async read(nativeId: string, dataId: string, call: CallContext): Promise<DataReading> {
    const { view } = this.#options;
    const { topic, use, type, untilMs } = await this.#published(nativeId, dataId, call);
    const pending = type === undefined ? undefined : this.#options.typeInfos.of(type);
    const typeInfo = pending instanceof Promise ? await pending : pending;
    if (!use || type === undefined || use.publishers.length === 0) return this.#metadata(topic, use, type, typeInfo);

    const warm = await this.#warm(topic, type, untilMs);
    const { sample } = warm;
    if (!sample) return this.#metadata(topic, view.topic(topic), type, typeInfo);
    const { value, warning } = await warm.decoded();
    // With several publishers, the publisher may differ from the requested node.
    const publisher = use.publishers.find(({ gid }) => gid === sample.gid)?.node;
    const isOneOfSeveral = use.publishers.length > 1 && publisher !== undefined;
    return {
      id: topic,
      value,
      timestampNs: receivedNsOf(sample),
      publisherCount: use.publishers.length,
      subscriberCount: use.subscriptions.length,
      type,
      terms: { ros2: { topic, type, ...(isOneOfSeveral && { publisher }) } },
      ...(typeInfo && { typeInfo }),
      ...(warning !== undefined && { warnings: [warning] }),
    };
  }

  async picture(nativeId: string, dataId: string, maxWidth: number, call: CallContext): Promise<DataPicture> {
    const { topic, use, type, untilMs } = await this.#published(nativeId, dataId, call);
    if (type !== undefined) assertImageType(topic, type);
    const isPublished = use !== undefined && type !== undefined && use.publishers.length > 0;
    const { sample } = isPublished ? await this.#warm(topic, type, untilMs) : {};
    if (sample) {
      const picture = await this.#options.pictures.of(sample, maxWidth, call);
      return { ...picture, timestampNs: receivedNsOf(sample) };
    }
    const message = `${topic} has no image: ${isPublished ? 'none arrived in time' : 'no node publishes it'}`;
    throw new SovdError({ code: 'x-medkit-ros2-topic-unavailable', message, parameters: { topic } });
  }

  async write(nativeId: string, dataId: string, write: DataWrite, call: CallContext): Promise<DataWriteResult> {
    const { adapter, view, publishers, typeInfos } = this.#options;
    const topic = this.#topicOf(nativeId, dataId);
    const known = view.topic(topic);
    const type = write.type ?? (known && typeFor(known, isEndpointOf(nativeId)));
    if (type === undefined) {
      const message = `No node uses ${topic}, so its type is unknown: set "type", such as "std_msgs/msg/Float32"`;
      throw new SovdError({ code: 'invalid-parameter', message, parameters: { topic } });
    }
    try {
      await typeInfos.assertMembers(type, write.value);
      await typeInfos.assertSomeField(type, write.value);
      const cdr = await adapter.encode(type, write.value);
      const use = view.topic(topic) ?? { topic, publishers: [], subscriptions: [] };
      const { matched, acknowledged } = await publishers.publish(use, type, cdr, {
        deadlineMs: call.deadlineMs,
        acknowledge: write.acknowledge === true,
      });
      const warnings = warningsOf(use, type, matched, acknowledged);
      // The published message, including the defaults of omitted fields.
      const value = (await adapter.decode(type, cdr)) ?? write.value;
      return { id: topic, value, terms: { ros2: { topic, type } }, ...(warnings.length > 0 && { warnings }) };
    } catch (error) {
      throw failedWrite(error, type);
    }
  }

  async watch(
    nativeId: string,
    dataId: string,
    onSample: (sample: DataSample) => void | Promise<void>,
    call: CallContext,
  ): Promise<DataWatch> {
    return this.#options.watches.watch({ topic: topicOf(dataId), nativeId }, onSample, call);
  }

  async arrivals(
    nativeId: string,
    dataId: string,
    onArrival: (receivedMs: number) => void,
    call: CallContext,
  ): Promise<DataWatch> {
    return this.#options.watches.arrivals({ topic: topicOf(dataId), nativeId }, onArrival, call);
  }

  async holders(nativeId: string, dataId: string): Promise<readonly string[]> {
    const use = this.#options.view.topic(this.#topicOf(nativeId, dataId));
    const endpoints = use ? [...use.publishers, ...use.subscriptions] : [];
    return [...new Set([nativeId, ...endpoints.map(({ node }) => node ?? HOST_NATIVE_ID)])];
  }

  async isIncomplete(nativeId: string): Promise<boolean> {
    return this.#isNew(nativeId);
  }

  /** Called when the publishers or subscribers of topics have changed. */
  topicsChanged(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves the topic of a data id. Throws `resource-not-found` if the node does not use it. */
  #topicOf(nativeId: string, dataId: string): string {
    const { view, settings } = this.#options;
    const topic = topicOf(dataId);
    if (settings.foreignTopics || isOf(view, nativeId, topic)) return topic;
    throw new SovdError({ code: 'resource-not-found', message: `${nativeId} has no topic ${topic}` });
  }

  /**
   * Returns whether discovery may be incomplete: for a recently announced node, and for all nodes shortly after the
   * gateway joined.
   */
  #isNew(nativeId: string): boolean {
    const { clock, newNodes } = this.#options;
    return clock.monotonicMs() - this.#startedMs < FIRST_DISCOVERY_MS || newNodes.settlingMs(nativeId) > 0;
  }

  /** Resolves a data id to its topic, and waits for a publisher. `untilMs` ends the wait for its first sample. */
  async #published(nativeId: string, dataId: string, call: CallContext) {
    const { view, clock, settings } = this.#options;
    const topic = this.#topicOf(nativeId, dataId);
    // One time limit for both: discovery of a publisher and the first sample.
    const untilMs = clock.monotonicMs() + timeLeftMs(clock, call.deadlineMs, settings.sampleTimeoutMs);
    await this.#untilPublished(nativeId, topic, untilMs);
    const use = view.topic(topic);
    return { topic, use, type: use && typeFor(use, isEndpointOf(nativeId)), untilMs };
  }

  /** Waits for a publisher while discovery may be incomplete. */
  async #untilPublished(nativeId: string, topic: string, untilMs: number): Promise<void> {
    const { view, clock } = this.#options;
    while (!view.topic(topic)?.publishers.length && this.#isNew(nativeId)) {
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs <= 0) return;
      await within(clock, leftMs, this.#changed.promise, () => undefined);
    }
  }

  /** Returns the topic with its last sample, after a wait if it has none yet; it may still have none. */
  async #warm(topic: string, type: string, untilMs: number): Promise<WarmTopic> {
    const warm = this.#options.pool.warm(topic, type);
    if (warm?.sample) {
      this.#hits++;
      return warm;
    }
    this.#misses++;
    return this.#warmedUp(topic, type, untilMs, warm);
  }

  /** Returns the topic after the wait for a first sample; it may still have none. */
  async #warmedUp(topic: string, type: string, untilMs: number, warm: WarmTopic | undefined): Promise<WarmTopic> {
    const { clock, coldWaits, pool } = this.#options;
    if (!warm) coldWaits.ensureRoom(topic);
    const opened = warm ?? pool.open(topic, type);
    const wait = coldWaits.of(opened);
    try {
      await within(clock, Math.max(0, untilMs - clock.monotonicMs()), wait, () => undefined);
    } catch (error) {
      throw subscribeFailed(topic, error);
    }
    return opened;
  }

  #metadata(
    topic: string,
    use: TopicUse | undefined,
    type: string | undefined,
    typeInfo: TypeInfo | undefined,
  ): DataReading {
    return {
      id: topic,
      value: undefined,
      timestampNs: this.#options.clock.wallNs(),
      publisherCount: use?.publishers.length ?? 0,
      subscriberCount: use?.subscriptions.length ?? 0,
      ...(type !== undefined && { type }),
      terms: { ros2: { topic, ...(type !== undefined && { type }) } },
      ...(typeInfo && { typeInfo }),
    };
  }
}

function isOf(view: GraphView, nativeId: string, topic: string): boolean {
  for (const { name } of endpointsOf(view, nativeId)) if (name === topic) return true;
  return false;
}

function warningsOf(use: TopicUse, type: string, matched: number, acknowledged: boolean): readonly string[] {
  const others = use.subscriptions.find((subscription) => subscription.type !== type);
  if (matched === 0 && others)
    return [`No subscriber received it: the subscriptions of ${use.topic} have the type ${others.type}, not ${type}`];
  if (matched === 0) return [`No subscriber received it: ${use.topic} has no matching subscription`];
  return acknowledged ? [] : ['Not every subscription has confirmed that it received the message'];
}

/** Converts errors that the client can fix: a message that does not match its type, or a type without a definition. */
function failedWrite(error: unknown, type: string): unknown {
  if (error instanceof SovdError) return error;
  if (error instanceof CallLost) return outcomeUnknown(error, `A ${type} was published`, { type });
  const parameters = { details: errorMessage(error), type };
  if (error instanceof InvalidMessage) {
    return new SovdError({ code: 'invalid-request', message: `Not a ${type}: ${error.message}`, parameters });
  }
  if (error instanceof UnknownType || error instanceof InvalidName) {
    return new SovdError({
      code: 'invalid-parameter',
      message: `Cannot publish a ${type}: ${error.message}`,
      parameters,
    });
  }
  return new SovdError({ code: 'internal-error', message: 'Failed to publish to topic', parameters });
}
