import type { Guid } from './guid.ts';
import type { RemoteEndpoint } from './remote.ts';

/** PID_RELATED_SAMPLE_IDENTITY (DDS-RPC 1.0, 7.8.2): the request that a reply answers. */
export interface SampleIdentity {
  readonly guid: Guid;
  /** -1 if unknown. */
  readonly sequenceNumber: number;
}

/** One change of a remote writer's history, as delivered by a reader. */
export interface Sample {
  /** What happened to the instance. */
  readonly change: 'alive' | 'disposed' | 'unregistered' | 'disposed-unregistered';
  /**
   * The serialised data with its 4-octet encapsulation header. For a dispose: the serialised key, if it was sent. The
   * buffer is never overwritten, so views on it stay valid. Up to three octets of padding may follow the data, because
   * DATA does not state its length.
   */
  readonly payload: Uint8Array;
  readonly writer: RemoteEndpoint;
  readonly sequenceNumber: number;
  /** Source timestamp, whole seconds since the Unix epoch. -1 if the writer did not send one. */
  readonly sourceSeconds: number;
  readonly sourceNanoseconds: number;
  /** Arrival of the sample's last datagram, wall clock, milliseconds. */
  readonly receivedMs: number;
  readonly relatedIdentity: SampleIdentity | undefined;
  /** PID_KEY_HASH, if it was sent. */
  readonly keyHash: Uint8Array | undefined;
}
