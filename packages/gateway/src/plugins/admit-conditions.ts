import { callContext, type TriggerCondition } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { HostedPlugin } from '@medkit/plugin';
import type { ConditionEvaluators } from '@medkit/triggers';

/** Timeout for a condition that evaluates a value. */
const CONDITION_TIMEOUT_MS = 1000;

/** The conditions of plugins that can be used. */
export interface ConditionAdmission {
  readonly conditions: ConditionEvaluators;
  /** One line for each rejected condition. */
  readonly refusals: readonly string[];
}

/** Selects the conditions of plugins: the first plugin that provides a name serves it. */
export function admitConditions(
  plugins: readonly ({ readonly name: string } & Pick<HostedPlugin, 'conditions'>)[],
  clock: Clock,
): ConditionAdmission {
  const admitted = new Map<string, TriggerCondition>();
  const refusals: string[] = [];
  for (const plugin of plugins) {
    for (const [name, condition] of plugin.conditions) {
      const reason = !/^x-[\w.-]{1,62}$/.test(name)
        ? 'its name does not begin with x-'
        : admitted.has(name)
          ? 'another plugin has a condition with this name'
          : undefined;
      if (reason === undefined) admitted.set(name, condition);
      else refusals.push(`Condition ${name} of plugin ${plugin.name} is not served: ${reason}`);
    }
  }
  const call = () => callContext({ clock, timeoutMs: CONDITION_TIMEOUT_MS });
  return {
    conditions: {
      names: () => [...admitted.keys()],
      get: (type) => {
        const condition = admitted.get(type);
        return (
          condition && {
            check: (parameters) => condition.check(parameters, call()),
            evaluate: (previous, value, parameters) => condition.evaluate(previous, value, parameters, call()),
          }
        );
      },
    },
    refusals,
  };
}
