import type { EntityRef } from '../entity/entity.ts';
import type { CallContext } from '../runtime/call-context.ts';
import type { JsonValue } from '../runtime/data-provider.ts';

/** Says what a collection of entities holds at a moment, for cyclic subscriptions. Failures are thrown as `SovdError`. */
export interface Sampler {
  /** Parts of the collection can be asked for, by what follows it in an address (default: only all of it). */
  readonly takesPath?: boolean;
  /** `path` without a slash in front; empty where all of the collection is meant. */
  sample(entity: EntityRef, path: string, call: CallContext): Promise<JsonValue>;
}
