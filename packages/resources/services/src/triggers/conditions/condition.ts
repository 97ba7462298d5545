import type { JsonObject, JsonValue } from '@medkit/core';
import type { Seen } from '../observation.ts';

/** A condition as the client asked for it: its type, and the parameters beside it. */
export interface WantedCondition {
  readonly type: string;
  readonly parameters: JsonObject;
}

/**
 * When a trigger fires. Of every value only its gist is kept: what has to be known of it to judge the next one. So it
 * is as good as nothing for most conditions, and a trigger that is kept on disk is written when its gist changes only.
 */
export interface Condition {
  /** The gist of a value; `undefined` for one that says nothing and is passed over. */
  gist(seen: Seen): JsonValue | undefined;
  /** Whether it fires; `before` is the gist of the value before, `undefined` where this is the first. Rejects where it fails. */
  fires(before: JsonValue | undefined, now: JsonValue): boolean | Promise<boolean>;
  /** The gist changes with nearly every value: to have it on disk is worth a write now and then, not one for each change. */
  readonly restless: boolean;
}

/** Conditions that others bring along, by names that begin with `x-`. */
export interface ConditionEvaluators {
  /** `undefined` where nobody brings this one. */
  get(type: string): ConditionEvaluator | undefined;
  names(): readonly string[];
}

export interface ConditionEvaluator {
  /** Throws `invalid-parameter` for parameters that do not fit, another `SovdError` where it cannot say. */
  check(parameters: JsonObject): Promise<void>;
  /** Whether it fires; `previous` is absent for the first value. */
  evaluate(previous: JsonValue | undefined, value: JsonValue, parameters: JsonObject): Promise<boolean>;
}
