import type { TriggerCondition } from '@medkit/core';
import type { PluginParts } from '../plugin-parts.ts';
import type { Serve } from './guarded-subscriptions.ts';

/** Returns the trigger conditions of a plugin with every call going through `serve`. */
export function guardedConditions(
  { conditions = {} }: Pick<PluginParts, 'conditions'>,
  serve: Serve,
): ReadonlyMap<string, TriggerCondition> {
  const guarded = ([name, condition]: readonly [string, TriggerCondition]): readonly [string, TriggerCondition] => [
    name,
    {
      check: (parameters, call) => serve(`condition ${name}`, call, () => condition.check(parameters, call)),
      evaluate: (previous, value, parameters, call) =>
        serve(`condition ${name}`, call, () => condition.evaluate(previous, value, parameters, call)),
    },
  ];
  return new Map(Object.entries(conditions).map(guarded));
}
