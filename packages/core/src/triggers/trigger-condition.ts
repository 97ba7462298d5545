import type { CallContext } from '../runtime/call-context.ts';
import type { JsonObject, JsonValue } from '../runtime/data-provider.ts';

/** A condition of triggers, besides those of the gateway. Failures are thrown as `SovdError`. */
export interface TriggerCondition {
  /** Throws `invalid-parameter`, in words for a person, for parameters that do not fit: what stands beside `condition_type`. */
  check(parameters: JsonObject, call: CallContext): Promise<void>;
  /** Whether a trigger fires at a value; `previous` is the one before of the same source, `undefined` for the first. */
  evaluate(
    previous: JsonValue | undefined,
    value: JsonValue,
    parameters: JsonObject,
    call: CallContext,
  ): Promise<boolean>;
}
