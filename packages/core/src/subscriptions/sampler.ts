import type { EntityRef } from '../entity/entity.ts';
import type { JsonValue } from '../json/json-object.ts';
import type { CallContext } from '../providers/call-context.ts';

/**
 * Reads the current content of a collection of an entity, for cyclic subscriptions. Failures are thrown as `SovdError`.
 */
export interface Sampler {
  /**
   * Whether a client can subscribe to a part of the collection, by the rest of its path (default: only to the whole).
   */
  readonly takesPath?: boolean;
  /** Reads the collection. `path` has no leading slash and is empty for the whole collection. */
  sample(entity: EntityRef, path: string, call: CallContext): Promise<JsonValue>;
}
