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
  /**
   * Interface names or addresses to use. If absent: every interface except loopback, or loopback if there is no other.
   */
  readonly interfaces?: readonly string[];
  /** Announce to and listen on the domain's multicast group (default true). */
  readonly multicast?: boolean;
  /** Addresses to announce to by unicast, on the ports of participant ids 0 to `maxPeerParticipantId`. */
  readonly peers?: readonly string[];
  /** Default 32, the value that Cyclone DDS and Fast DDS use under `ROS_AUTOMATIC_DISCOVERY_RANGE`. */
  readonly maxPeerParticipantId?: number;
  /**
   * Lease duration: remote participants drop this participant after this time without a sign of life (default 10 s).
   */
  readonly leaseMs?: number;
  /** Receive buffer size requested from the operating system, octets (default 4 MiB). */
  readonly receiveBufferBytes?: number;
  readonly listener?: ParticipantListener;
}

export interface ParticipantListener {
  participantAppeared?(participant: RemoteParticipant): void;
  /**
   * `disposed`: the participant sent a dispose. `lease`: its lease expired. Its endpoints were reported lost earlier.
   */
  participantLost?(participant: RemoteParticipant, reason: 'disposed' | 'lease'): void;
  endpointAppeared?(endpoint: RemoteEndpoint): void;
  /** The endpoint announced different QoS or user data. */
  endpointChanged?(endpoint: RemoteEndpoint): void;
  endpointLost?(endpoint: RemoteEndpoint): void;
  incompatibleQos?(event: IncompatibleQos): void;
  /**
   * An address was added or removed, or a link went up or down. The participant has already announced its new locators.
   */
  interfacesChanged?(): void;
}

/** A local and a remote endpoint of the same topic and type whose QoS policies do not match. */
export interface IncompatibleQos {
  readonly local: Guid;
  readonly remote: RemoteEndpoint;
  readonly policies: readonly IncompatiblePolicy[];
}

interface EndpointOptions {
  readonly topicName: string;
  readonly typeName: string;
  /** Policies that are absent have the DDS default of that kind of endpoint. */
  readonly qos?: Partial<QosPolicies>;
  readonly userData?: Uint8Array;
  /** The topic has a key. Default false: ROS topics have no key. */
  readonly keyed?: boolean;
  /** Match only remote endpoints for which this returns true (default: all). */
  readonly accept?: (remote: RemoteEndpoint) => boolean;
  readonly onMatched?: (remote: RemoteEndpoint) => void;
  readonly onUnmatched?: (remote: RemoteEndpoint) => void;
  /**
   * Called when a participant acknowledges the announcement of this endpoint. `isKnownTo` returns true from then on.
   */
  readonly onKnownTo?: (participant: GuidPrefix) => void;
}

export interface ReaderOptions extends EndpointOptions {
  /**
   * Called once per sample, in the writer's order if the writer is reliable. Exceptions are counted and not rethrown.
   */
  readonly onSample: (sample: Sample) => void;
  /** Samples of a reliable writer were lost permanently: the writer reported them as gone, or a limit was reached. */
  readonly onLost?: (writer: RemoteEndpoint, count: number) => void;
  /** The liveliness lease of a matched writer expired, or the writer became alive again. */
  readonly onLivelinessChanged?: (writer: RemoteEndpoint, alive: boolean) => void;
}

export interface WriterOptions extends EndpointOptions {
  /**
   * Called when a reliable reader of another participant sends its first ACKNACK. `hasAnswered` returns true from then
   * on.
   */
  readonly onAnswered?: (reader: RemoteEndpoint) => void;
}

export interface WriteOptions {
  /** Sends the change to this reader only. All other readers receive a GAP for it. */
  readonly to?: Guid;
  readonly relatedIdentity?: SampleIdentity;
  /** Source timestamp, wall clock milliseconds. Default: now. */
  readonly sourceMs?: number;
  /** 16 octets, for a keyed topic. */
  readonly keyHash?: Uint8Array;
}

export interface Reader {
  readonly guid: Guid;
  readonly qos: QosPolicies;
  /** The matched writers. */
  matched(): readonly RemoteEndpoint[];
  /** Returns whether the participant has acknowledged the announcement of this reader. */
  isKnownTo(participant: GuidPrefix): boolean;
  close(): void;
}

export interface Writer {
  readonly guid: Guid;
  readonly qos: QosPolicies;
  matched(): readonly RemoteEndpoint[];
  /**
   * Writes one sample and returns its sequence number. `payload` starts with its encapsulation header and must not be
   * changed afterwards. Never waits: keep-last history drops the oldest sample, keep-all is bounded and throws
   * `HistoryFull`.
   */
  write(payload: Uint8Array, options?: WriteOptions): number;
  /** Disposes the instance with this key hash (keyed topics). */
  dispose(keyHash: Uint8Array): void;
  unregister(keyHash: Uint8Array): void;
  /** Resolves to true when every matched reliable reader has acknowledged every sample, to false after `timeoutMs`. */
  acknowledged(timeoutMs: number): Promise<boolean>;
  /**
   * Returns whether the reliable reader is matched on its side too: it sent an ACKNACK or belongs to this participant.
   */
  hasAnswered(reader: Guid): boolean;
  /**
   * Returns false while a matched reliable reader of another participant has unacknowledged samples up to this number.
   */
  hasAcknowledged(reader: Guid, sequenceNumber: number): boolean;
  /** Returns whether the participant has acknowledged the announcement of this writer. */
  isKnownTo(participant: GuidPrefix): boolean;
  close(): void;
}

/** A change of an interface in use. `refused`: no socket could be bound to the interface, because of `reason`. */
export interface InterfaceEvent {
  readonly agoMs: number;
  readonly name: string;
  readonly address: string;
  readonly change: 'added' | 'removed' | 'down' | 'up' | 'refused';
  readonly reason?: string;
}

/** Counters and findings since start, for diagnosing missing participants or data. */
export interface ParticipantFacts {
  readonly guidPrefix: GuidPrefix;
  readonly participantId: number;
  /** Addresses in use whose link is up. If every link is down: all addresses in use. */
  readonly interfaces: readonly string[];
  /** Addresses in use whose link is down. */
  readonly interfacesDown: readonly string[];
  /** The latest 32 changes, oldest first. */
  readonly interfaceEvents: readonly InterfaceEvent[];
  /** Requested receive buffer size and the smallest size granted, octets. */
  readonly receiveBuffer: { readonly requestedBytes: number; readonly grantedBytes: number };
  readonly datagrams: {
    readonly received: number;
    readonly sent: number;
    readonly sendFailures: number;
    /** Whether a send failed in the last minute. */
    readonly hasFailedLately: boolean;
  };
  /** Datagrams or submessages dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Exceptions of listeners and internal errors. Each distinct message is listed once. */
  readonly failures: readonly string[];
  /** Participants that were recently received but cannot be used, newest first, at most 64. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** Counters of the bounded discovery tables, by table name. */
  readonly quotas: Readonly<Record<string, QuotaFigures>>;
}

/** A DDSI-RTPS participant, created by `openParticipant`. */
export interface Participant {
  readonly guidPrefix: GuidPrefix;
  readonly domainId: number;
  readonly participantId: number;
  createReader(options: ReaderOptions): Reader;
  createWriter(options: WriterOptions): Writer;
  participants(): readonly RemoteParticipant[];
  endpoints(): readonly RemoteEndpoint[];
  /** Replaces the addresses to which the participant announces itself by unicast. */
  announceTo(addresses: readonly string[]): void;
  facts(): ParticipantFacts;
  /** Disposes the participant on the network, then closes its sockets. */
  close(): Promise<void>;
}
