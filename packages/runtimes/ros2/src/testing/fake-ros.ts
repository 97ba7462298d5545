import { splitNodeName } from '@medkit/core/discovery';
import type {
  AdapterFacts,
  Graph,
  GraphDiff,
  JsonObject,
  JsonValue,
  LocalNode,
  Publisher,
  QosProfile,
  RosAdapter,
  RosEndpoint,
  RosMessage,
  RosNode,
  RosParticipant,
  ServiceClient,
  ServiceHandler,
  SubscribeOptions,
  TopicSample,
  TypeDescription,
} from '@medkit/ros2';
import { CallAborted, InvalidMessage, ServiceUnavailable, UnknownType } from '@medkit/ros2';

export const DEFAULT_QOS: QosProfile = {
  reliability: 'reliable',
  durability: 'volatile',
  history: 'keep_last',
  depth: 10,
  deadlineMs: null,
  lifespanMs: null,
  liveliness: 'automatic',
  livelinessLeaseMs: null,
};

export const QUIET_FACTS: AdapterFacts = {
  domainId: 42,
  discoveryRange: 'SUBNET',
  interfaces: ['10.0.0.2'],
  interfacesDown: [],
  interfaceEvents: [],
  receiveBuffer: { requestedBytes: 4_194_304, grantedBytes: 4_194_304 },
  datagrams: { received: 0, sent: 0, sendFailures: 0, hasFailedLately: false },
  dropped: {},
  failures: [],
  participants: [],
  notUnderstood: [],
  quotas: {},
  discoveryServer: { servers: 0, clients: 0 },
  securedParticipants: 0,
  incompatible: [],
  unknownTypes: [],
  unsupported: [],
};

/** Returns a node by its FQN. */
export function rosNode(fqn: string, participants: readonly string[] = ['p1']): RosNode {
  return { fqn, ...splitNodeName(fqn), participants };
}

/** Returns an endpoint with the fields that matter to a test. */
export function rosEndpoint(fields: Pick<RosEndpoint, 'gid' | 'role' | 'name'> & Partial<RosEndpoint>): RosEndpoint {
  return {
    type: 'std_msgs/msg/String',
    typeHash: undefined,
    node: undefined,
    participant: 'p1',
    qos: DEFAULT_QOS,
    ...fields,
  };
}

export function encodeFake(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

interface Change {
  readonly nodes?: readonly RosNode[];
  readonly endpoints?: readonly RosEndpoint[];
  readonly participants?: readonly RosParticipant[];
  readonly gone?: readonly string[];
}

/** A graph for tests, with JSON text as messages. */
export class FakeRos implements RosAdapter {
  readonly subscriptions: SubscribeOptions[] = [];
  readonly published: { readonly topic: string; readonly type: string; readonly value: unknown }[] = [];
  readonly publishers: { readonly topic: string; readonly qos: Partial<QosProfile>; closed: boolean }[] = [];
  /** Handlers that answer calls, by full name of the service. */
  readonly services = new Map<string, ServiceHandler>();
  openClients = 0;
  closedNodes = 0;
  decodings = 0;
  descriptions = 0;
  currentFacts = QUIET_FACTS;
  /** Types with a definition. */
  readonly knownTypes = new Set(['std_msgs/msg/String', 'sensor_msgs/msg/LaserScan', 'geometry_msgs/msg/Twist']);
  /** Members of types, by type; other types have no description. */
  readonly members = new Map<string, Readonly<Record<string, object>>>();
  /** Values for members that are omitted from an encoded message. */
  readonly defaults = new Map<string, JsonObject>();
  /** Set to make `subscribe` fail. */
  subscribeError: Error | undefined;
  /** Returns how many subscriptions publishers are matched with. */
  matched: () => number = () => 1;
  acknowledges: boolean | Promise<boolean> = true;
  readonly #nodes = new Map<string, RosNode>();
  readonly #endpoints = new Map<string, RosEndpoint>();
  readonly #participants = new Map<string, RosParticipant>();
  readonly #listeners = new Set<(diff: GraphDiff) => void>();
  #generation = 0;
  #delivered = 0;

  /** Changes the graph; `gone` names FQNs, GIDs and GUID prefixes. */
  change({ nodes = [], endpoints = [], participants = [], gone = [] }: Change): void {
    const removed = <T>(map: Map<string, T>) => gone.filter((id) => map.delete(id));
    const diff = {
      generation: ++this.#generation,
      nodes: { added: nodes, removed: removed(this.#nodes) },
      endpoints: { added: endpoints, removed: removed(this.#endpoints) },
      participants: { added: participants, removed: removed(this.#participants) },
    };
    for (const node of nodes) this.#nodes.set(node.fqn, node);
    for (const endpoint of endpoints) this.#endpoints.set(endpoint.gid, endpoint);
    for (const participant of participants) this.#participants.set(participant.guidPrefix, participant);
    for (const listener of this.#listeners) listener(diff);
  }

  /** Delivers a sample to the subscriptions of a topic, with the next sequence number unless one is given. */
  deliver(
    topic: string,
    value: unknown,
    {
      receivedMs = 1000,
      cdr = encodeFake(value),
      gid = 'g',
      sequenceNumber = ++this.#delivered,
      sourceSeconds = -1,
      sourceNanoseconds = 0,
    }: Partial<Omit<TopicSample, 'topic' | 'type' | 'message'>> = {},
  ): void {
    for (const { topic: subscribed, type = '', raw, onSample } of this.subscriptions) {
      if (subscribed !== topic) continue;
      const message = raw ? undefined : (value as RosMessage);
      onSample({ topic, type, cdr, message, gid, sequenceNumber, sourceSeconds, sourceNanoseconds, receivedMs });
    }
  }

  async graph(): Promise<Graph> {
    return {
      generation: this.#generation,
      nodes: [...this.#nodes.values()],
      endpoints: [...this.#endpoints.values()],
      participants: [...this.#participants.values()],
    };
  }

  onGraphChange(listener: (diff: GraphDiff) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async node({ name }: { readonly name: string }): Promise<LocalNode> {
    return {
      fqn: `/${name}`,
      publisher: async (topic, type, qos = {}) => this.#publisher(topic, type, qos),
      subscribe: async (options) => {
        if (this.subscribeError) throw this.subscribeError;
        this.subscriptions.push(options);
        return {
          topic: options.topic,
          type: options.type ?? '',
          qos: DEFAULT_QOS,
          close: async () => void this.subscriptions.splice(this.subscriptions.indexOf(options), 1),
        };
      },
      client: async (service, type = '') => this.#client(service, type),
      service: async (service, type, handler) => {
        this.services.set(service, handler);
        return { service, type, close: async () => void this.services.delete(service) };
      },
      close: async () => void this.closedNodes++,
    };
  }

  async toJson(_type: string, message: RosMessage): Promise<JsonObject | undefined> {
    return JSON.parse(JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
  }

  async describeType(type: string): Promise<TypeDescription | undefined> {
    this.descriptions++;
    if (!this.knownTypes.has(type)) return undefined;
    const properties = this.members.get(type);
    const schema = { type: 'object', ...(properties && { properties }) };
    const definition = `string of_${type.split('/').at(-1)}\n`;
    return { name: type, hash: 'RIHS01_', definition, schema, defaultValue: { data: '' }, source: 'bundled' };
  }

  async decode(type: string, cdr: Uint8Array): Promise<JsonValue | undefined> {
    this.decodings++;
    return this.knownTypes.has(type) ? JSON.parse(new TextDecoder().decode(cdr)) : undefined;
  }

  async encode(type: string, json: JsonValue): Promise<Uint8Array> {
    if (!this.knownTypes.has(type)) throw new UnknownType(`${type} has no definition`);
    if (typeof json !== 'object') throw new InvalidMessage(`expected an object, found ${typeof json}`);
    return encodeFake({ ...this.defaults.get(type), ...json });
  }

  async facts(): Promise<AdapterFacts> {
    return this.currentFacts;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #client(service: string, type: string): ServiceClient {
    this.openClients++;
    return {
      service,
      type,
      ready: async () => (this.services.has(service) ? 1 : 0),
      call: async (request, { signal }) => {
        const handler = this.services.get(service);
        if (!handler) throw new ServiceUnavailable(`no server of ${service}`);
        const aborted = new Promise<never>((_, reject) =>
          signal?.addEventListener('abort', () => reject(new CallAborted(service))),
        );
        return Promise.race([handler(request), aborted]);
      },
      callSerialised: async (request) => {
        const handler = this.services.get(service);
        if (!handler) throw new ServiceUnavailable(`no server of ${service}`);
        return encodeFake(await handler(JSON.parse(new TextDecoder().decode(request))));
      },
      close: async () => void this.openClients--,
    };
  }

  #publisher(topic: string, type: string, qos: Partial<QosProfile>): Publisher {
    const entry = { topic, qos, closed: false };
    this.publishers.push(entry);
    return {
      topic,
      type,
      matched: async () => this.matched(),
      publish: async (message) => {
        const value = message instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(message)) : message;
        this.published.push({ topic, type, value });
      },
      acknowledged: async () => this.acknowledges,
      close: async () => {
        entry.closed = true;
      },
    };
  }
}
