import type { QuotaFigures } from '@medkit/edges';
import type { InterfaceEvent, NotUnderstoodReason, ParticipantFacts } from '@medkit/rtps';
import type { Graph, GraphDiff, IncompatibleTopic, QosProfile } from './graph.ts';
import type { JsonObject, JsonValue, RosMessage, TypeDescription } from './message.ts';
import type { ServiceClient, ServiceHandler, ServiceServer } from './service.ts';

/** One sample of a topic. */
export interface TopicSample {
  readonly topic: string;
  readonly type: string;
  /** Serialised data with its 4-octet encapsulation header. */
  readonly cdr: Uint8Array;
  /** The decoded message; absent on a raw subscription, and where the type's definition is unknown. */
  readonly message: RosMessage | undefined;
  /** GUID of the publisher. */
  readonly gid: string;
  readonly sequenceNumber: number;
  /**
   * When the publisher published it: whole seconds since the epoch, -1 where it did not say, and nanoseconds beyond them.
   * Most samples are never asked for it; `sourceNsOf` gives it as one number.
   */
  readonly sourceSeconds: number;
  readonly sourceNanoseconds: number;
  /** When it arrived, milliseconds since the epoch. */
  readonly receivedMs: number;
}

export interface SubscribeOptions {
  readonly topic: string;
  /** Taken from the graph when absent. */
  readonly type?: string;
  /**
   * `match-publishers` (the default) asks for the most that every present publisher offers. Where a new one changes that, it is
   * asked for anew: what a publisher keeps may then come a second time.
   */
  readonly qos?: Partial<QosProfile> | 'match-publishers';
  /** Leave `message` out of the samples (default false). */
  readonly raw?: boolean;
  /** Only the newest sample counts: one that others follow within some milliseconds may be left out (default false). */
  readonly latestOnly?: boolean;
  /** Leave out what this program itself publishes, as `ignore_local_publications` of rclcpp does (default false). */
  readonly ignoreLocal?: boolean;
  readonly onSample: (sample: TopicSample) => void;
}

export interface Subscription {
  readonly topic: string;
  readonly type: string;
  /** What it asks for; where that follows the publishers, at least as it was when it was opened. */
  readonly qos: QosProfile;
  close(): Promise<void>;
}

export interface Publisher {
  readonly topic: string;
  readonly type: string;
  /** Subscriptions that would get what is published now: matched, and known to be so on their side too. */
  matched(): Promise<number>;
  /**
   * True while nobody at all hears what is published now, nor will be told of it later: no message need be made. Absent where
   * that is not known at once, since the publisher is in another thread.
   */
  readonly isUnheard?: () => boolean;
  /** Publishes a message (fields left out have their defaults), or CDR with its encapsulation header. */
  publish(message: RosMessage | Uint8Array): Promise<void>;
  /** Waits until every matched reliable subscription has all of it; false after `timeoutMs`. */
  acknowledged(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** The node that a program shows to the graph. */
export interface NodeOptions {
  readonly name: string;
  readonly namespace?: string;
  /** Offer `~/get_type_description`, by which others learn the types that are known here (default false). */
  readonly typeDescriptions?: boolean;
}

/** A node of ours in the graph: its publishers, subscriptions, clients and services are announced as its own. */
export interface LocalNode {
  readonly fqn: string;
  publisher(topic: string, type: string, qos?: Partial<QosProfile>): Promise<Publisher>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** A client of a service; its type is taken from the graph when absent (`TopicTypeUnknown` where it is not there). */
  client(service: string, type?: string): Promise<ServiceClient>;
  /** Offers a service. Requests are handled as they come, up to `MAX_REQUESTS_UNDER_WAY` at a time. */
  service(name: string, type: string, handler: ServiceHandler): Promise<ServiceServer>;
  close(): Promise<void>;
}

/** Participants that are heard, by what they run. */
export interface ParticipantCount {
  /** `Cyclone DDS`, `Fast DDS`, …, or the vendor id in hex. */
  readonly vendor: string;
  /** `0.10.2`; empty where the vendor does not announce it, as Fast DDS before 3. */
  readonly version: string;
  readonly count: number;
}

/** A participant that is heard but not understood, or that cannot be talked to. */
export interface NotUnderstoodParticipant {
  readonly address: string;
  readonly vendor: string;
  readonly reason: NotUnderstoodReason;
  /** Announcements of which this is true. */
  readonly count: number;
  readonly lastHeardAgoMs: number;
}

/** Why something may be missing: what the doctor and `/health` show. */
export interface AdapterFacts {
  readonly domainId: number;
  /** `SUBNET`, `LOCALHOST`, `OFF` or `SYSTEM_DEFAULT`. */
  readonly discoveryRange: string;
  readonly interfaces: readonly string[];
  /** Addresses in use whose link is down. */
  readonly interfacesDown: readonly string[];
  /** The latest changes of the interfaces, the oldest first. */
  readonly interfaceEvents: readonly InterfaceEvent[];
  readonly receiveBuffer: { readonly askedBytes: number; readonly grantedBytes: number };
  readonly datagrams: ParticipantFacts['datagrams'];
  readonly dropped: Readonly<Record<string, number>>;
  /** What threw while something was taken in and never should, each once in words. */
  readonly failures: readonly string[];
  /** The kinds of participants with most of them first; the rest of more than 32 as one of vendor `others`. */
  readonly participants: readonly ParticipantCount[];
  /** The latest 64, the last one first. */
  readonly notUnderstood: readonly NotUnderstoodParticipant[];
  /** Participants that announce a part in a Fast DDS Discovery Server: servers, and clients of one. */
  readonly discoveryServer: { readonly servers: number; readonly clients: number };
  /** Participants that use DDS security (SROS2). */
  readonly securedParticipants: number;
  /** Topics with publishers and subscriptions that cannot match, medkit's own subscriptions among them. */
  readonly incompatible: readonly IncompatibleTopic[];
  /** Types seen in the graph that no definition was found for. */
  readonly unknownTypes: readonly string[];
  /** Settings of the environment that medkit cannot serve, each as one sentence: Discovery Server, SROS2, another RMW. */
  readonly unsupported: readonly string[];
  /** Counts of the bounded tables of what others announce, by name. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
}

/**
 * The ROS 2 graph as everything above sees it. Every call is asynchronous and every value structured-cloneable, so that an
 * implementation may live in another thread or be another middleware.
 */
export interface RosAdapter {
  graph(): Promise<Graph>;
  /** Calls `listener` with every later change, in order, several changes of one moment as one. Gives a way to stop. */
  onGraphChange(listener: (diff: GraphDiff) => void): () => void;
  /** Opens a node; one adapter may have many. */
  node(options: NodeOptions): Promise<LocalNode>;
  describeType(type: string): Promise<TypeDescription | undefined>;
  /**
   * Turns serialised data (with its encapsulation header) into JSON: subscribe raw and decode only what is read.
   * `undefined` where there is no definition of the type. Throws `MalformedMessage` where the data is not of that type.
   */
  decode(type: string, cdr: Uint8Array): Promise<JsonValue | undefined>;
  /**
   * Turns JSON into serialised data, ready for `Publisher.publish`. Fields left out have their defaults. Throws
   * `UnknownType`, or `InvalidMessage` whose message names the path: `ranges[3]: expected a number, found "x"`.
   */
  encode(type: string, json: JsonValue): Promise<Uint8Array>;
  /** A decoded message of this type as JSON; `undefined` where there is no definition of the type. */
  toJson(type: string, message: RosMessage): Promise<JsonObject | undefined>;
  facts(): Promise<AdapterFacts>;
  close(): Promise<void>;
}
