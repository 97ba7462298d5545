import type { Guid } from './guid.ts';
import type { RemoteEndpoint } from './remote.ts';

/** PID_RELATED_SAMPLE_IDENTITY (DDS-RPC 1.0, 7.8.2): which request a reply answers. */
export interface SampleIdentity {
  readonly guid: Guid;
  /** -1 where it is unknown. */
  readonly sequenceNumber: number;
}

/** One change of a remote writer's history, as a reader hands it on. */
export interface Sample {
  /** What happened to the instance. */
  readonly change: 'alive' | 'disposed' | 'unregistered' | 'disposed-unregistered';
  /**
   * The serialised data with its 4-octet encapsulation header; of a dispose the serialised key, where it was sent. Never
   * written again: views may be kept. Up to three octets of padding may follow the data: DATA does not tell its length.
   */
  readonly payload: Uint8Array;
  readonly writer: RemoteEndpoint;
  readonly sequenceNumber: number;
  /** When the writer wrote it, whole seconds since the Unix epoch, or -1 where it did not say. */
  readonly sourceSeconds: number;
  readonly sourceNanoseconds: number;
  /** When its last datagram arrived, wall clock, milliseconds. */
  readonly receivedMs: number;
  readonly relatedIdentity: SampleIdentity | undefined;
  /** PID_KEY_HASH, where it was sent. */
  readonly keyHash: Uint8Array | undefined;
}
