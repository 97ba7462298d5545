import type { QuotaFigures } from '@medkit/edges';
import type { InterfaceEvent, NotUnderstoodReason, ParticipantFacts } from '@medkit/rtps';
import type { Graph, GraphDiff, IncompatibleTopic, QosProfile } from '../graph.ts';
import type { JsonObject, JsonValue, RosMessage, TypeDescription } from '../types/message.ts';
import type { ServiceClient, ServiceHandler, ServiceServer } from './service.ts';

/** One sample of a topic. */
export interface TopicSample {
  readonly topic: string;
  readonly type: string;
  /** Serialised data with its 4-octet encapsulation header. */
  readonly cdr: Uint8Array;
  /** The decoded message. Absent on a raw subscription, or if the type's definition is unknown. */
  readonly message: RosMessage | undefined;
  /** GUID of the publisher. */
  readonly gid: string;
  readonly sequenceNumber: number;
  /**
   * Time of publication: whole seconds since the epoch (-1 if the publisher did not send it) and nanoseconds.
   * `sourceNsOf` combines them; most samples do not need it.
   */
  readonly sourceSeconds: number;
  readonly sourceNanoseconds: number;
  /** Time of arrival, milliseconds since the epoch. */
  readonly receivedMs: number;
}

export interface SubscribeOptions {
  readonly topic: string;
  /** If absent, the type is taken from the graph. */
  readonly type?: string;
  /**
   * `match-publishers` (default) requests the strictest QoS that every present publisher offers. If a new publisher
   * changes it, the topic is subscribed to again; stored samples of a publisher may then arrive twice.
   */
  readonly qos?: Partial<QosProfile> | 'match-publishers';
  /** Omit `message` from the samples (default false). */
  readonly raw?: boolean;
  /** Deliver only the newest of samples that arrive within some milliseconds (default false). */
  readonly latestOnly?: boolean;
  /** Ignore this program's own publications, like `ignore_local_publications` of rclcpp (default false). */
  readonly ignoreLocal?: boolean;
  readonly onSample: (sample: TopicSample) => void;
}

export interface Subscription {
  readonly topic: string;
  readonly type: string;
  /** The requested QoS. With `match-publishers` it may have changed since the subscription was opened. */
  readonly qos: QosProfile;
  close(): Promise<void>;
}

export interface Publisher {
  readonly topic: string;
  readonly type: string;
  /** Returns the number of subscriptions that would receive a message now: matched, on their side too. */
  matched(): Promise<number>;
  /**
   * Returns whether no subscription receives a message published now or later, so that none need be created. Absent if
   * that is not known immediately, because the publisher is in another thread.
   */
  readonly isUnheard?: () => boolean;
  /** Publishes a message (missing fields get their defaults), or CDR with its encapsulation header. */
  publish(message: RosMessage | Uint8Array): Promise<void>;
  /**
   * Waits until every matched reliable subscription has acknowledged everything. Resolves to false after `timeoutMs`.
   */
  acknowledged(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** The node that a program opens in the graph. */
export interface NodeOptions {
  readonly name: string;
  readonly namespace?: string;
  /** Offer `~/get_type_description`, so that others can retrieve the types known here (default false). */
  readonly typeDescriptions?: boolean;
}

/** A medkit node in the graph, with its publishers, subscriptions, clients and services. */
export interface LocalNode {
  readonly fqn: string;
  publisher(topic: string, type: string, qos?: Partial<QosProfile>): Promise<Publisher>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /**
   * Opens a client of a service. If absent, the type is taken from the graph (`TopicTypeUnknown` if it is not there).
   */
  client(service: string, type?: string): Promise<ServiceClient>;
  /** Offers a service. Requests are handled concurrently, up to `MAX_PENDING_REQUESTS`. */
  service(name: string, type: string, handler: ServiceHandler): Promise<ServiceServer>;
  close(): Promise<void>;
}

/** Number of discovered participants of one DDS implementation and version. */
export interface ParticipantCount {
  /** `Cyclone DDS`, `Fast DDS`, …, or the vendor id in hex. */
  readonly vendor: string;
  /** `0.10.2`. Empty if the vendor does not announce it, such as Fast DDS before version 3. */
  readonly version: string;
  readonly count: number;
}

/** A participant whose announcements arrive but cannot be decoded, or that cannot be reached. */
export interface NotUnderstoodParticipant {
  readonly address: string;
  readonly vendor: string;
  readonly reason: NotUnderstoodReason;
  /** Number of announcements rejected for this reason. */
  readonly count: number;
  readonly lastReceivedAgoMs: number;
}

/** Facts about the ROS side for the doctor and `/health`: why something may be missing. */
export interface AdapterFacts {
  readonly domainId: number;
  /** `SUBNET`, `LOCALHOST`, `OFF` or `SYSTEM_DEFAULT`. */
  readonly discoveryRange: string;
  readonly interfaces: readonly string[];
  /** Addresses in use whose link is down. */
  readonly interfacesDown: readonly string[];
  /** The latest changes of the interfaces, oldest first. */
  readonly interfaceEvents: readonly InterfaceEvent[];
  readonly receiveBuffer: { readonly requestedBytes: number; readonly grantedBytes: number };
  readonly datagrams: ParticipantFacts['datagrams'];
  readonly dropped: Readonly<Record<string, number>>;
  /** Unexpected exceptions during input processing. Each distinct message is listed once. */
  readonly failures: readonly string[];
  /** Kinds of participants, most frequent first. Beyond 32 kinds, the rest is one entry of vendor `others`. */
  readonly participants: readonly ParticipantCount[];
  /** The latest 64, newest first. */
  readonly notUnderstood: readonly NotUnderstoodParticipant[];
  /** Participants that announce a role in a Fast DDS Discovery Server: servers, and clients of one. */
  readonly discoveryServer: { readonly servers: number; readonly clients: number };
  /** Participants that use DDS security (SROS2). */
  readonly securedParticipants: number;
  /** Topics with publishers and subscriptions that cannot match, including medkit's own subscriptions. */
  readonly incompatible: readonly IncompatibleTopic[];
  /** Types in the graph for which no definition was found. */
  readonly unknownTypes: readonly string[];
  /** One sentence for each environment setting that medkit does not support: Discovery Server, SROS2, another RMW. */
  readonly unsupported: readonly string[];
  /** Counters of the bounded discovery tables, by table name. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
}

/**
 * The interface to the ROS 2 graph. Every call is asynchronous and every value can be structured-cloned, so an
 * implementation may live in another thread or use another middleware.
 */
export interface RosAdapter {
  graph(): Promise<Graph>;
  /**
   * Calls `listener` with every later change, in order; simultaneous changes are combined. Returns a function that
   * stops it.
   */
  onGraphChange(listener: (diff: GraphDiff) => void): () => void;
  /** Opens a node. One adapter may have many. */
  node(options: NodeOptions): Promise<LocalNode>;
  describeType(type: string): Promise<TypeDescription | undefined>;
  /**
   * Converts serialised data (with its encapsulation header) to JSON, for raw subscriptions that decode on demand.
   * Returns `undefined` if there is no definition of the type. Throws `MalformedMessage` if the data is not of that
   * type.
   */
  decode(type: string, cdr: Uint8Array): Promise<JsonValue | undefined>;
  /**
   * Converts JSON to serialised data for `Publisher.publish`. Missing fields get their defaults. Throws `UnknownType`,
   * or `InvalidMessage` with the path: `ranges[3]: expected a number, found "x"`.
   */
  encode(type: string, json: JsonValue): Promise<Uint8Array>;
  /** Converts a decoded message to JSON. Returns `undefined` if there is no definition of the type. */
  toJson(type: string, message: RosMessage): Promise<JsonObject | undefined>;
  facts(): Promise<AdapterFacts>;
  close(): Promise<void>;
}
