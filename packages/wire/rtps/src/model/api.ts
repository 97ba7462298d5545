import type { Clock, Datagrams, QuotaFigures, Random } from '@medkit/edges';
import type { IncompatiblePolicy, QosPolicies } from '../qos/policies.ts';
import type { Guid, GuidPrefix } from './guid.ts';
import type { NotUnderstood } from './not-understood.ts';
import type { RemoteEndpoint, RemoteParticipant } from './remote.ts';
import type { Sample, SampleIdentity } from './sample.ts';

export interface ParticipantOptions {
  /** 0 to 232. */
  readonly domainId: number;
  readonly clock: Clock;
  readonly datagrams: Datagrams;
  readonly random: Random;
  /** PID_ENTITY_NAME. */
  readonly name?: string;
  readonly userData?: Uint8Array;
  readonly properties?: Readonly<Record<string, string>>;
  /** Interface names or addresses to use; all but loopback when absent, loopback alone where there is no other. */
  readonly interfaces?: readonly string[];
  /** Announce to and listen on the domain's multicast group (default true). */
  readonly multicast?: boolean;
  /** Addresses to announce to by unicast, on the ports of participant ids 0 to `maxPeerParticipantId`. */
  readonly peers?: readonly string[];
  /** Default 32, as both stacks have it under `ROS_AUTOMATIC_DISCOVERY_RANGE`. */
  readonly maxPeerParticipantId?: number;
  /** How long others wait for a sign of life before they drop us (default 10 s). */
  readonly leaseMs?: number;
  /** Receive buffer to ask the system for, octets (default 4 MiB). */
  readonly receiveBufferBytes?: number;
  readonly listener?: ParticipantListener;
}

export interface ParticipantListener {
  participantAppeared?(participant: RemoteParticipant): void;
  /** `disposed`: it said goodbye; `lease`: it was silent for longer than its lease. Its endpoints were reported lost before. */
  participantLost?(participant: RemoteParticipant, reason: 'disposed' | 'lease'): void;
  endpointAppeared?(endpoint: RemoteEndpoint): void;
  /** The same endpoint announced other QoS or user data. */
  endpointChanged?(endpoint: RemoteEndpoint): void;
  endpointLost?(endpoint: RemoteEndpoint): void;
  incompatibleQos?(event: IncompatibleQos): void;
  /** This machine has other addresses, or a link of it went down or came up; the participant has announced itself anew. */
  interfacesChanged?(): void;
}

/** A local endpoint and a remote one of the same topic and type that cannot match. */
export interface IncompatibleQos {
  readonly local: Guid;
  readonly remote: RemoteEndpoint;
  readonly policies: readonly IncompatiblePolicy[];
}

interface EndpointOptions {
  readonly topicName: string;
  readonly typeName: string;
  /** What is not given has the DDS default of that kind of endpoint. */
  readonly qos?: Partial<QosPolicies>;
  readonly userData?: Uint8Array;
  /** The topic has a key (default false, as all ROS topics). */
  readonly keyed?: boolean;
  /** Match only remote endpoints for which this is true (default: all). */
  readonly accept?: (remote: RemoteEndpoint) => boolean;
  readonly onMatched?: (remote: RemoteEndpoint) => void;
  readonly onUnmatched?: (remote: RemoteEndpoint) => void;
  /** A participant has acknowledged the announcement of this endpoint: `isKnownTo` is true of it from now on. */
  readonly onKnownTo?: (participant: GuidPrefix) => void;
}

export interface ReaderOptions extends EndpointOptions {
  /** Called once per sample, in the writer's order for a reliable writer. What it throws is counted and goes no further. */
  readonly onSample: (sample: Sample) => void;
  /** Samples of a reliable writer were lost for good: the writer said so, or a limit was reached. */
  readonly onLost?: (writer: RemoteEndpoint, count: number) => void;
  /** A matched writer let its liveliness lease run out, or was heard again after that. */
  readonly onLivelinessChanged?: (writer: RemoteEndpoint, alive: boolean) => void;
}

export interface WriterOptions extends EndpointOptions {
  /** A reliable reader of another participant has sent its first ACKNACK: `hasAnswered` is true of it from now on. */
  readonly onAnswered?: (reader: RemoteEndpoint) => void;
}

export interface WriteOptions {
  /** Sends the change to this reader only; all others are told to skip it. */
  readonly to?: Guid;
  readonly relatedIdentity?: SampleIdentity;
  /** Source timestamp, wall milliseconds; now when absent. */
  readonly sourceMs?: number;
  /** 16 octets, for a keyed topic. */
  readonly keyHash?: Uint8Array;
}

export interface Reader {
  readonly guid: Guid;
  readonly qos: QosPolicies;
  /** The writers it is matched with. */
  matched(): readonly RemoteEndpoint[];
  /** Whether that participant has acknowledged the announcement of this reader. */
  isKnownTo(participant: GuidPrefix): boolean;
  close(): void;
}

export interface Writer {
  readonly guid: Guid;
  readonly qos: QosPolicies;
  matched(): readonly RemoteEndpoint[];
  /**
   * Writes one sample: `payload` starts with its encapsulation header and must not be changed afterwards. Gives its
   * sequence number. Never waits: keep-last history drops the oldest, keep-all is bounded and throws `HistoryFull`.
   */
  write(payload: Uint8Array, options?: WriteOptions): number;
  /** Disposes the instance with this key hash (a keyed topic). */
  dispose(keyHash: Uint8Array): void;
  unregister(keyHash: Uint8Array): void;
  /** Resolves true once every matched reliable reader has acknowledged all that was written, false after `timeoutMs`. */
  acknowledged(timeoutMs: number): Promise<boolean>;
  /** Whether that reliable reader has sent an ACKNACK, or is of this participant: it is matched on its side as well. */
  hasAnswered(reader: Guid): boolean;
  /** False while a matched reliable reader of another participant has not acknowledged all up to this number. */
  hasAcknowledged(reader: Guid, sequenceNumber: number): boolean;
  /** Whether that participant has acknowledged the announcement of this writer. */
  isKnownTo(participant: GuidPrefix): boolean;
  close(): void;
}

/** What happened to an interface in use, and how long ago. `refused`: no socket can be bound to it, for `reason`. */
export interface InterfaceEvent {
  readonly agoMs: number;
  readonly name: string;
  readonly address: string;
  readonly change: 'added' | 'removed' | 'down' | 'up' | 'refused';
  readonly reason?: string;
}

/** Counters and findings since start, for a person who asks why something is missing. */
export interface ParticipantFacts {
  readonly guidPrefix: GuidPrefix;
  readonly participantId: number;
  /** Addresses in use whose link is up; all of those in use if every link is down. */
  readonly interfaces: readonly string[];
  /** Addresses in use whose link is down. */
  readonly interfacesDown: readonly string[];
  /** The latest 32 changes, the oldest first. */
  readonly interfaceEvents: readonly InterfaceEvent[];
  /** Receive buffer asked for and the smallest one granted, octets. */
  readonly receiveBuffer: { readonly askedBytes: number; readonly grantedBytes: number };
  readonly datagrams: {
    readonly received: number;
    readonly sent: number;
    readonly sendFailures: number;
    /** Whether one could not be sent in the last minute. */
    readonly hasFailedLately: boolean;
  };
  /** Datagrams or submessages dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** What listeners threw, and our own defects, each once in words. */
  readonly failures: readonly string[];
  /** Participants heard lately that are of no use, the last one first; the latest 64. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** Counts of the bounded tables of what others announce, by name. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
}

/** A DDSI-RTPS participant. `openParticipant` makes one. */
export interface Participant {
  readonly guidPrefix: GuidPrefix;
  readonly domainId: number;
  readonly participantId: number;
  createReader(options: ReaderOptions): Reader;
  createWriter(options: WriterOptions): Writer;
  participants(): readonly RemoteParticipant[];
  endpoints(): readonly RemoteEndpoint[];
  /** Announces to these addresses by unicast from now on, instead of those given when it was opened. */
  announceTo(addresses: readonly string[]): void;
  facts(): ParticipantFacts;
  /** Says goodbye to everybody (dispose), then closes its sockets. */
  close(): Promise<void>;
}
