import type { RecordingOptions } from '@medkit/rtps';
import type { AdapterFacts, NodeOptions, SubscribeOptions } from '../adapter/adapter.ts';
import type { GraphDiff, QosProfile } from '../adapter/graph.ts';
import type { RosAdapterOptions } from '../adapter/open-ros-adapter.ts';
import type { KnownType } from '../types/type-store.ts';
import type { SampleBatch } from './sample-batch.ts';
import type { WireError } from './wire-error.ts';

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
  /** Calls a service. The client numbers its calls, so that it may give one up. */
  callService(client: number, call: number, request: Uint8Array, timeoutMs: number): Uint8Array;
  /** Requests come from then on, each to be responded to. */
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

export type CallName = keyof Calls;
export type Arguments<Name extends CallName> = Parameters<Calls[Name]>;
export type Result<Name extends CallName> = ReturnType<Calls[Name]>;

/** One call; `id` names it in the answer. */
export type Call = {
  [Name in CallName]: { readonly id: number; readonly name: Name; readonly args: Arguments<Name> };
}[CallName];

export type ToThread =
  | { readonly kind: 'call'; readonly call: Call }
  /** Samples of this weight were handed on, so as many more may come. */
  | { readonly kind: 'credit'; readonly bytes: number }
  /** A change of the graph was taken in. */
  | { readonly kind: 'graph-seen' }
  /** A call of a service is given up. */
  | { readonly kind: 'abort'; readonly call: number }
  /** What the handler of a request gave, or how it failed. */
  | { readonly kind: 'response'; readonly request: number; readonly response: Uint8Array }
  | { readonly kind: 'no-response'; readonly request: number; readonly error: WireError };

export type FromThread =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'graph'; readonly diff: GraphDiff }
  | { readonly kind: 'samples'; readonly batch: SampleBatch }
  /** A request to a server of the client; it is responded to by its number. */
  | { readonly kind: 'request'; readonly server: number; readonly request: number; readonly cdr: Uint8Array };
