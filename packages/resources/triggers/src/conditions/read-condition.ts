import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import { BUILT_IN, badCondition } from './built-in.ts';
import type { Condition, ConditionEvaluators, RequestedCondition } from './condition.ts';

/**
 * Creates the condition of a trigger. A plugin condition is looked up for every value, since triggers outlive the
 * plugins that they depend on. Throws `invalid-parameter` for unsuitable parameters.
 */
export function conditionOf({ type, parameters }: RequestedCondition, evaluators: ConditionEvaluators): Condition {
  if (Object.hasOwn(BUILT_IN, type)) return BUILT_IN[type]!(parameters);
  return {
    gist: ({ value }) => value,
    fires: async (before: JsonValue | undefined, now: JsonValue) => {
      const evaluator = evaluators.get(type);
      if (!evaluator) throw new Error(`No plugin provides the condition ${type} at the moment`);
      return evaluator.evaluate(before, now, parameters);
    },
    restless: true,
  };
}

/** Throws `invalid-parameter` if the condition type is unknown or does not accept these parameters. */
export async function assertCondition(wanted: RequestedCondition, evaluators: ConditionEvaluators): Promise<void> {
  const { type, parameters } = wanted;
  const evaluator = evaluators.get(type);
  if (evaluator) {
    try {
      return await evaluator.check(parameters);
    } catch (error) {
      if (error instanceof SovdError && error.code === 'invalid-parameter') {
        throw badCondition(`${type}: ${error.message}`);
      }
      throw error;
    }
  }
  if (!Object.hasOwn(BUILT_IN, type)) {
    const known = [...Object.keys(BUILT_IN), ...evaluators.names()].join(', ');
    throw badCondition(`Unknown condition_type '${type}', use one of ${known}`);
  }
  conditionOf(wanted, evaluators);
}
