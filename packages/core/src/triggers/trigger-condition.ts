import type { JsonObject, JsonValue } from '../json/json-object.ts';
import type { CallContext } from '../providers/call-context.ts';

/** A custom trigger condition, provided by a plugin. Failures are thrown as `SovdError`. */
export interface TriggerCondition {
  /**
   * Checks the parameters, which are the members next to `condition_type`. Throws `invalid-parameter` with a readable
   * message if they are invalid.
   */
  check(parameters: JsonObject, call: CallContext): Promise<void>;
  /**
   * Returns whether a trigger fires for a value. `previous` is the previous value of the same source, `undefined` for
   * the first one.
   */
  evaluate(
    previous: JsonValue | undefined,
    value: JsonValue,
    parameters: JsonObject,
    call: CallContext,
  ): Promise<boolean>;
}
