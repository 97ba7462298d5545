import type { LocalNode, Publisher, RosAdapter, RosMessage, ServiceHandler, SubscribeOptions } from '@medkit/ros2';

export interface RecordedPublisher {
  readonly node: string;
  readonly topic: string;
  readonly type: string;
  readonly messages: RosMessage[];
}

/** A graph that records published messages and delivers them to its subscriptions immediately. */
export class RecordingAdapter implements Pick<RosAdapter, 'node'> {
  readonly nodes: string[] = [];
  /** By full name. */
  readonly services = new Map<string, ServiceHandler>();
  readonly publishers: RecordedPublisher[] = [];
  readonly subscriptions: (SubscribeOptions & { readonly node: string })[] = [];

  async node({ name, namespace = '/' }: { readonly name: string; readonly namespace?: string }): Promise<LocalNode> {
    const fqn = namespace === '/' ? `/${name}` : `${namespace}/${name}`;
    this.nodes.push(fqn);
    return {
      fqn,
      publisher: async (topic, type) => this.#publisher(fqn, topic, type),
      subscribe: async (options) => {
        this.subscriptions.push({ ...options, node: fqn });
        return {
          topic: options.topic,
          type: options.type ?? '',
          qos: undefined as never,
          close: async () => undefined,
        };
      },
      client: async (service, type = '') => ({
        service,
        type,
        ready: async () => Number(this.services.has(service)),
        call: (request) => this.call(service, request),
        callSerialised: () => Promise.reject(new Error('this graph knows messages only')),
        close: async () => undefined,
      }),
      service: async (service, type, handler) => {
        this.services.set(service, handler);
        return { service, type, close: async () => void this.services.delete(service) };
      },
      close: async () => void this.nodes.splice(this.nodes.indexOf(fqn), 1),
    };
  }

  /** The messages of a topic, oldest first. */
  on(topic: string): readonly RosMessage[] {
    return this.publishers.filter((publisher) => publisher.topic === topic).flatMap(({ messages }) => messages);
  }

  /** Delivers a message as if another node had published it. */
  deliver(topic: string, message: RosMessage): void {
    for (const subscription of this.subscriptions) {
      if (subscription.topic === topic) subscription.onSample({ topic, message } as never);
    }
  }

  /** Calls a service like a client. Messages are not encoded, so absent fields stay absent. */
  async call(service: string, request: RosMessage = {}): Promise<RosMessage> {
    const handler = this.services.get(service);
    if (handler === undefined) throw new Error(`no node offers ${service}`);
    return handler(request);
  }

  #publisher(node: string, topic: string, type: string): Publisher {
    const recorded: RecordedPublisher = { node, topic, type, messages: [] };
    this.publishers.push(recorded);
    return {
      topic,
      type,
      matched: async () => 0,
      publish: async (message) => {
        recorded.messages.push(message as RosMessage);
        this.deliver(topic, message as RosMessage);
      },
      acknowledged: async () => true,
      close: async () => undefined,
    };
  }
}
