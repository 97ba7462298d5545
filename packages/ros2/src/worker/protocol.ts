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
 * Every call that the client makes, its arguments and what it gives. The client numbers its nodes, publishers and
 * subscriptions itself, so that it may name them before the thread has answered. Names of topics are full.
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
    options: Pick<SubscribeOptions, 'qos' | 'latestOnly'>,
  ): QosProfile;
  /** Closes a node with all that is on it, a publisher or a subscription; does nothing where it is closed already. */
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
  | { readonly kind: 'graph-seen' };

export type FromThread =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'graph'; readonly diff: GraphDiff }
  | { readonly kind: 'samples'; readonly batch: SampleBatch };
