import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import {
  guessedParameter,
  InvalidMessage,
  type KnownParameter,
  type ParameterValue,
  parameterFromJson,
} from '@medkit/ros2';

/**
 * The value that JSON stands for where `parameter` is to be set to it, in the type that its node declares. With dynamic
 * typing in the type that it has if the JSON fits that, else in the one that the JSON tells. Throws `invalid-parameter`.
 */
export function wantedValue({ name, value, descriptor }: KnownParameter, json: JsonValue): ParameterValue {
  const type = value.type === 'not_set' ? descriptor.type : value.type;
  try {
    return parameterFromJson(json, type);
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    if (descriptor.dynamicTyping) return guessedValue(name, json);
    throw notSet(`${name} ${type === 'not_set' ? 'has no type' : `is of type ${type}`}: ${error.message}`);
  }
}

function guessedValue(name: string, json: JsonValue): ParameterValue {
  try {
    return guessedParameter(json);
  } catch (error) {
    throw error instanceof InvalidMessage ? notSet(`${name}: ${error.message}`) : error;
  }
}

/** A value that a parameter cannot have, or that its node refused. */
export function notSet(details: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Failed to set parameter: ${details}`,
    parameters: { details },
  });
}
