import type { Sample, SampleIdentity } from '../model/sample.ts';

/** One change in a writer's history (RTPS 2.5, 8.2.1.2 CacheChange). */
export interface Change {
  readonly sequenceNumber: number;
  readonly change: Sample['change'];
  /** The serialised data, or the serialised key for a dispose. */
  readonly payload: Uint8Array;
  /** The encoded inline QoS that is always sent with the change (status, key hash, related identity), if any. */
  readonly inlineQos: Uint8Array | undefined;
  readonly keyHash: Uint8Array | undefined;
  readonly relatedIdentity: SampleIdentity | undefined;
  /** Instance of the change: the key hash as hex, empty if the topic has no key. */
  readonly instance: string;
  readonly sourceMs: number;
  /** When the change was written, monotonic milliseconds. Used for its lifespan. */
  readonly writtenMs: number;
  /** The only reader that receives this change, if it is directed. */
  readonly to: string | undefined;
}
