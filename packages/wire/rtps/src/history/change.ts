import type { Sample, SampleIdentity } from '../model/sample.ts';

/** One change in a writer's history (RTPS 2.5, 8.2.1.2 CacheChange). */
export interface Change {
  readonly sequenceNumber: number;
  readonly change: Sample['change'];
  /** The serialised data, or the serialised key of a dispose. */
  readonly payload: Uint8Array;
  /** The encoded inline QoS it always carries (status, key hash, related identity), if any. */
  readonly inlineQos: Uint8Array | undefined;
  readonly keyHash: Uint8Array | undefined;
  readonly relatedIdentity: SampleIdentity | undefined;
  /** Its instance: the key hash as hex, empty for a topic without key. */
  readonly instance: string;
  readonly sourceMs: number;
  /** When it was written, monotonic milliseconds, for its lifespan. */
  readonly writtenMs: number;
  /** The only reader it is meant for, where there is one. */
  readonly to: string | undefined;
}
