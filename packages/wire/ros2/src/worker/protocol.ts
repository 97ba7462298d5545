import type { RecordingOptions } from '@medkit/rtps';
import type { AdapterFacts, NodeOptions, SubscribeOptions } from '../adapter/adapter.ts';
import type { GraphDiff, QosProfile } from '../adapter/graph.ts';
import type { RosAdapterOptions } from '../adapter/open-ros-adapter.ts';
import type { KnownType } from '../types/type-store.ts';
import type { SampleBatch } from './sample-batch.ts';

/** What a thread needs to know to join a graph: all that is plain data of `RosAdapterOptions`. */
export interface JoinOptions
  extends Omit<RosAdapterOptions, 'clock' | 'datagrams' | 'random' | 'files' | 'resolveHost'> {
  /** Writes what is on the wire to a pcap file (default: no). */
  readonly recording?: RecordingOptions;
}

/**
 * Every call that the client makes, its arguments and what it gives. The client numbers its nodes and what is on them
 * itself, so that it may name them before the thread has answered. Names of topics and services are full.
 */
export interface Calls {
  join(options: JoinOptions): void;
  openNode(id: number, options: NodeOptions): void;
  openPublisher(id: number, node: number, topic: string, type: string, qos: Partial<QosProfile>): void;
  matched(publisher: number): number;
  publish(publisher: number, cdr: Uint8Array): void;
  acknowledged(publisher: number, timeoutMs: number): boolean;
  /** Samples come as batches from then on, raw. */
  openSubscription(
    id: number,
    node: number,
    topic: string,
    type: string,
    options: Pick<SubscribeOptions, 'qos' | 'latestOnly' | 'ignoreLocal'>,
  ): QosProfile;
  openClient(id: number, node: number, service: string, type: string): void;
  readyServers(client: number): number;
  /** Calls a service, one of those servers if any are given. */
  callService(client: number, request: Uint8Array, timeoutMs: number, servers?: readonly string[]): Uint8Array;
  /** Requests come from then on, as calls of the thread. */
  openService(id: number, node: number, service: string, type: string): void;
  /** Closes a node with all that is on it, or one thing on it; does nothing where it is closed already. */
  closeEndpoint(id: number): void;
  /** All changes of the graph up to now are told before the answer. */
  settleGraph(): void;
  findType(type: string): KnownType | undefined;
  facts(): AdapterFacts;
  /** Leaves the graph. */
  leave(): void;
}

/** What the thread asks of the client. */
export interface RequestCalls {
  /** Handles a request to a server of the client. */
  handle(server: number, request: Uint8Array): Uint8Array;
}

/** What the thread tells the client of itself, with one argument each. */
export interface ThreadNotices {
  graph: GraphDiff;
  samples: SampleBatch;
}

/** What the client says it has taken in, with one argument each. */
export interface ClientNotices {
  /** Samples of this weight were handed on, so as many more may come. */
  credit: number;
  /** A change of the graph, by its generation. */
  graphSeen: number;
}
