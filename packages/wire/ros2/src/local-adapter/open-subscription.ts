import { prefixOf, type Reader, type RemoteEndpoint, type Sample } from '@medkit/rtps';
import type { SubscribeOptions, Subscription, TopicSample } from '../adapter/adapter.ts';
import type { AdapterContext } from '../adapter/context.ts';
import type { DdsTopic } from '../adapter/local-endpoints.ts';
import { ddsTopic, type TopicOfNode } from '../adapter/topic-endpoint.ts';
import type { MessageCodec } from '../codec/message-codec.ts';
import { MalformedMessage } from '../errors.ts';
import type { GraphDiff, QosProfile, RosEndpoint } from '../graph.ts';
import { completeProfile, policiesOf } from '../qos/policies.ts';
import { matchingProfile } from '../qos/profiles.ts';

/** Opens a subscription. `onClose` is called once when it is closed. */
export async function openSubscription(
  context: AdapterContext,
  of: TopicOfNode,
  options: SubscribeOptions,
  onClose: (subscription: Subscription) => void,
): Promise<Subscription> {
  const announced = await ddsTopic(context, of);
  const codec = options.raw ? undefined : await context.types.codec(of.type);
  const subscription = new TopicSubscription({ context, of, options, announced, codec, onClose });
  subscription.open();
  return subscription;
}

interface Dependencies {
  readonly context: AdapterContext;
  readonly of: TopicOfNode;
  readonly options: SubscribeOptions;
  readonly announced: DdsTopic;
  readonly codec: MessageCodec | undefined;
  readonly onClose: (subscription: Subscription) => void;
}

class TopicSubscription implements Subscription {
  readonly #deps: Dependencies;
  #reader: Reader | undefined;
  #qos: QosProfile;
  #stopFollowing: (() => void) | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { qos } = deps.options;
    this.#qos = completeProfile(qos === undefined || qos === 'match-publishers' ? {} : qos);
  }

  get topic(): string {
    return this.#deps.of.topic;
  }

  get type(): string {
    return this.#deps.of.type;
  }

  get qos(): QosProfile {
    return this.#qos;
  }

  open(): void {
    const { context, options } = this.#deps;
    if (options.qos === undefined || options.qos === 'match-publishers') {
      this.#qos = matchingProfile(this.#offered(context.watch.current().endpoints));
      this.#stopFollowing = context.watch.onChange((diff) => this.#follow(diff));
    }
    this.#openReader();
  }

  async close(): Promise<void> {
    if (!this.#reader) return;
    this.#stopFollowing?.();
    this.#closeReader();
    this.#deps.onClose(this);
  }

  #openReader(): void {
    const { context, of, announced, options } = this.#deps;
    const { participant } = context;
    const isForeign = ({ guid }: RemoteEndpoint) => prefixOf(guid) !== participant.guidPrefix;
    this.#reader = participant.createReader({
      ...announced,
      ...(options.ignoreLocal && { accept: isForeign }),
      qos: policiesOf(this.#qos),
      onSample: (sample) => this.#take(sample),
    });
    context.endpoints.add({ node: of.node, kind: 'reader', endpoint: this.#reader, announced });
  }

  #closeReader(): void {
    if (!this.#reader) return;
    this.#deps.context.endpoints.remove(this.#reader.guid);
    this.#reader.close();
    this.#reader = undefined;
  }

  #offered(endpoints: readonly RosEndpoint[]): readonly QosProfile[] {
    return endpoints
      .filter(({ role, name, type }) => role === 'publisher' && name === this.topic && type === this.type)
      .map(({ qos }) => qos);
  }

  /**
   * Reopens the reader if its QoS must change: a publisher that offers less would not match, and one that stores
   * samples would not deliver them.
   */
  #follow({ endpoints }: GraphDiff): void {
    if (this.#offered(endpoints.added).length === 0) return;
    const wanted = matchingProfile(this.#offered(this.#deps.context.watch.current().endpoints));
    if (wanted.reliability === this.#qos.reliability && wanted.durability === this.#qos.durability) return;
    this.#qos = wanted;
    this.#closeReader();
    this.#openReader();
  }

  #take(sample: Sample): void {
    if (sample.change !== 'alive') return;
    const { codec, options, context } = this.#deps;
    try {
      options.onSample(this.#sampleOf(sample, codec));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      context.drops.count('malformed-message');
    }
  }

  #sampleOf(sample: Sample, codec: MessageCodec | undefined): TopicSample {
    const { payload, sourceSeconds, sourceNanoseconds } = sample;
    return {
      topic: this.topic,
      type: this.type,
      // The payload from a socket is a Buffer, whose `slice` does not copy and which a structured clone does not
      // preserve.
      cdr: new Uint8Array(payload.buffer, payload.byteOffset, payload.length),
      message: codec?.decode(payload),
      gid: sample.writer.guid,
      sequenceNumber: sample.sequenceNumber,
      sourceSeconds,
      sourceNanoseconds,
      receivedMs: sample.receivedMs,
    };
  }
}
