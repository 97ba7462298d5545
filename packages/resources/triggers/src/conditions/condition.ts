import type { JsonObject, JsonValue } from '@medkit/core';
import type { Seen } from '../observation.ts';

/** A requested condition: its type and parameters. */
export interface RequestedCondition {
  readonly type: string;
  readonly parameters: JsonObject;
}

/**
 * When a trigger fires. Of each value, only its gist is stored: what is needed to judge the next value. For most
 * conditions the gist is tiny, and a persistent trigger is written only when its gist changes.
 */
export interface Condition {
  /** Returns the gist of a value; `undefined` if the condition skips this value. */
  gist(seen: Seen): JsonValue | undefined;
  /**
   * Returns whether the trigger fires; `before` is the gist of the previous value, `undefined` for the first. Rejects
   * if the evaluation fails.
   */
  fires(before: JsonValue | undefined, now: JsonValue): boolean | Promise<boolean>;
  /** True if the gist changes with nearly every value. It is then written periodically instead of on every change. */
  readonly restless: boolean;
}

/** Conditions of plugins, whose names begin with `x-`. */
export interface ConditionEvaluators {
  /** Returns `undefined` if no plugin provides the condition. */
  get(type: string): ConditionEvaluator | undefined;
  names(): readonly string[];
}

export interface ConditionEvaluator {
  /** Throws `invalid-parameter` for unsuitable parameters, or another `SovdError` if the plugin cannot check them. */
  check(parameters: JsonObject): Promise<void>;
  /** Returns whether the trigger fires; `previous` is absent for the first value. */
  evaluate(previous: JsonValue | undefined, value: JsonValue, parameters: JsonObject): Promise<boolean>;
}
