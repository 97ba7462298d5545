import { SovdError } from '@medkit/contract';
import { isJsonObject, type JsonObject, type JsonValue } from '@medkit/core';
import { equalData } from '@medkit/core/merge';
import { primaryNumber, toStrictNumber } from '@medkit/entities';
import { aboutOf } from '../observation.ts';
import type { Condition } from './condition.ts';

/** The gateway's own conditions, by type. Each throws `invalid-parameter` for unsuitable parameters. */
export const BUILT_IN: Readonly<Record<string, (parameters: JsonObject) => Condition>> = {
  OnChange: () => ({
    gist: ({ value }) => value,
    fires: (before, now) => before === undefined || !equalData(before, now),
    restless: true,
  }),
  OnChangeTo: (parameters) => {
    const { target_value: target } = parameters;
    if (target === undefined) throw badCondition('OnChangeTo needs a "target_value"');
    // A message never equals a plain number or text, so compares the message's primary value instead.
    const compared = isJsonObject(target) || Array.isArray(target) ? undefined : aboutOf;
    return {
      gist: (seen) => equalData(compared ? compared(seen) : seen.value, target),
      fires: (before, now) => now === true && before !== true,
      restless: false,
    };
  },
  EnterRange: (parameters) =>
    rangeCondition('EnterRange', parameters, (before, now) => before === false && now === true),
  LeaveRange: (parameters) =>
    rangeCondition('LeaveRange', parameters, (before, now) => before === true && now === false),
};

/** Creates a range condition. The gist of a value is whether it is within the range, both bounds included. */
function rangeCondition(type: string, parameters: JsonObject, fires: Condition['fires']): Condition {
  const [lower, upper] = ['lower_bound', 'upper_bound'].map((name) => boundOf(type, parameters, name)) as [
    number,
    number,
  ];
  if (lower > upper) throw badCondition(`${type}: lower_bound ${lower} is above upper_bound ${upper}`);
  return {
    gist: ({ value, type: messageType }) => {
      const number = primaryNumber(messageType, value, toStrictNumber);
      return number === undefined ? undefined : lower <= number && number <= upper;
    },
    fires,
    restless: false,
  };
}

function boundOf(type: string, parameters: JsonObject, name: string): number {
  const bound: JsonValue | undefined = parameters[name];
  const number = typeof bound === 'bigint' ? Number(bound) : bound;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw badCondition(`${type} needs a finite number as "${name}"`);
}

/** Creates the error for an invalid condition. */
export function badCondition(message: string): SovdError {
  return new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'trigger_condition' } });
}
