import type { DebugComponent } from '@medkit/edges';
import type { RecordingOptions } from '@medkit/rtps';
import type { AdapterFacts, NodeOptions, SubscribeOptions } from '../adapter/adapter.ts';
import type { GraphDiff, QosProfile } from '../graph.ts';
import type { RosAdapterOptions } from '../local-adapter/open-ros-adapter.ts';
import type { KnownType } from '../types/type-store.ts';
import type { SampleBatch } from './sample-batch.ts';

/** Options for joining a graph in a thread: the plain-data part of `RosAdapterOptions`. */
export interface JoinOptions
  extends Omit<RosAdapterOptions, 'clock' | 'datagrams' | 'random' | 'files' | 'resolveHost'> {
  /** Write the network traffic to a pcap file (default: no). */
  readonly recording?: RecordingOptions;
}

/**
 * The calls of the client, with arguments and results. The client assigns the ids of nodes and endpoints itself, so it
 * can use them before the thread has answered. Topic and service names are full names.
 */
export interface Calls {
  /** Joins the graph. The thread sends the lines of the given debug logs. */
  join(options: JoinOptions, debug: readonly DebugComponent[]): void;
  openNode(id: number, options: NodeOptions): void;
  openPublisher(id: number, node: number, topic: string, type: string, qos: Partial<QosProfile>): void;
  matched(publisher: number): number;
  publish(publisher: number, cdr: Uint8Array): void;
  acknowledged(publisher: number, timeoutMs: number): boolean;
  /** From then on, samples arrive as raw batches. */
  openSubscription(
    id: number,
    node: number,
    topic: string,
    type: string,
    options: Pick<SubscribeOptions, 'qos' | 'latestOnly' | 'ignoreLocal'>,
  ): QosProfile;
  openClient(id: number, node: number, service: string, type: string): void;
  readyServers(client: number): number;
  /** Calls a service, optionally restricted to the given servers. */
  callService(client: number, request: Uint8Array, timeoutMs: number, servers?: readonly string[]): Uint8Array;
  /** From then on, requests arrive as calls from the thread. */
  openService(id: number, node: number, service: string, type: string): void;
  /** Closes a node with all its endpoints, or a single endpoint. Does nothing if it is already closed. */
  closeEndpoint(id: number): void;
  /** Answers after all changes of the graph up to now have been sent. */
  settleGraph(): void;
  findType(type: string): KnownType | undefined;
  facts(): AdapterFacts;
  /** Leaves the graph. */
  leave(): void;
}

/** The calls of the thread to the client. */
export interface RequestCalls {
  /** Handles a request to one of the client's servers. */
  handle(server: number, request: Uint8Array): Uint8Array;
}

/** Notices of the thread to the client, with one argument each. */
export interface ThreadNotices {
  /** A line of a debug log. */
  debug: readonly [component: DebugComponent, message: string];
  graph: GraphDiff;
  samples: SampleBatch;
}

/** Confirmations of the client, with one argument each. */
export interface ClientNotices {
  /** Samples of this weight were delivered, so the thread may send as many more. */
  credit: number;
  /** Generation of a graph change that was applied. */
  graphSeen: number;
}
