import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import { BUILT_IN, badCondition } from './built-in.ts';
import type { Condition, ConditionEvaluators, WantedCondition } from './condition.ts';

/**
 * The condition that a trigger asks for. One that the gateway has not itself is looked for with every value: a plugin comes
 * and goes, and its triggers stay. Throws `invalid-parameter` for parameters that do not fit.
 */
export function conditionOf({ type, parameters }: WantedCondition, evaluators: ConditionEvaluators): Condition {
  if (Object.hasOwn(BUILT_IN, type)) return BUILT_IN[type]!(parameters);
  return {
    gist: ({ value }) => value,
    fires: async (before: JsonValue | undefined, now: JsonValue) => {
      const evaluator = evaluators.get(type);
      if (!evaluator) throw new Error(`No plugin brings the condition ${type} at the moment`);
      return evaluator.evaluate(before, now, parameters);
    },
    restless: true,
  };
}

/** Throws `invalid-parameter` where there is no condition of this type, or it does not take these parameters. */
export async function assertCondition(wanted: WantedCondition, evaluators: ConditionEvaluators): Promise<void> {
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
    throw badCondition(`Unknown condition_type '${type}', there are ${known}`);
  }
  conditionOf(wanted, evaluators);
}
