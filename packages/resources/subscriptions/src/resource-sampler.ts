import type { CallContext, DataWatch, EntityRef, JsonValue } from '@medkit/core';

/** The value of a resource. */
export interface Sampled {
  readonly payload: JsonValue;
  /** A part of the payload that is shared and immutable: the value of a channel. */
  readonly lasting?: JsonValue;
  /** Time of the value, nanoseconds; absent if unknown. */
  readonly atNs?: number;
}

/** Receives the values of a resource. Until a returned promise settles, only the newest value waits. */
export type SampledListener = (sampled: Sampled) => void | Promise<void>;

/** Reads a collection for subscriptions. */
export interface ResourceSampler {
  /** `required`: the collection can only be read item by item. */
  readonly path: 'none' | 'allowed' | 'required';
  /** Throws `resource-not-found` for an unknown path. If absent, the first read detects it. */
  assertPath?(entity: EntityRef, path: string, call: CallContext): Promise<void>;
  sample(entity: EntityRef, path: string, call: CallContext): Promise<Sampled>;
  /**
   * Watches a resource that pushes its changes. If absent, or if it returns `undefined`, the resource must be polled.
   */
  watch?(
    entity: EntityRef,
    path: string,
    onSampled: SampledListener,
    call: CallContext,
  ): Promise<DataWatch | undefined>;
}
