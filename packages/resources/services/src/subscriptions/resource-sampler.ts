import type { CallContext, DataWatch, EntityRef, JsonValue } from '@medkit/core';

/** What a resource holds at a moment. */
export interface Sampled {
  readonly payload: JsonValue;
  /** A part of the payload that is given to others, too, and never changes: the value of a channel. */
  readonly lasting?: JsonValue;
  /** When that came, nanoseconds. Absent where nobody can say. */
  readonly atNs?: number;
}

/** Hears of a resource; while a promise that it gave is not settled, the newest waits for it. */
export type SampledListener = (sampled: Sampled) => void | Promise<void>;

/** How a collection is read for subscriptions. */
export interface ResourceSampler {
  /** `required`: only parts of the collection can be asked for. */
  readonly path: 'none' | 'allowed' | 'required';
  /** Throws `resource-not-found` for a path that leads nowhere. Absent: that is seen when it is sampled. */
  assertPath?(entity: EntityRef, path: string, call: CallContext): Promise<void>;
  sample(entity: EntityRef, path: string, call: CallContext): Promise<Sampled>;
  /**
   * Tells what the resource holds whenever that is another, where it does so by itself; absent, or `undefined`, where it has
   * to be asked.
   */
  watch?(
    entity: EntityRef,
    path: string,
    onSampled: SampledListener,
    call: CallContext,
  ): Promise<DataWatch | undefined>;
}
