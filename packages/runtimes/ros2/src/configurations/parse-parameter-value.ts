import { SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';
import {
  InvalidMessage,
  inferParameter,
  type KnownParameter,
  type ParameterValue,
  parameterFromJson,
} from '@medkit/ros2';

/**
 * Converts JSON to a value of the type that the node declares for `parameter`. With dynamic typing, keeps the current
 * type if the JSON fits it; otherwise derives the type from the JSON. Throws `invalid-parameter`.
 */
export function parseParameterValue({ name, value, descriptor }: KnownParameter, json: JsonValue): ParameterValue {
  const type = value.type === 'not_set' ? descriptor.type : value.type;
  try {
    return parameterFromJson(json, type);
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    if (descriptor.dynamicTyping) return guessedValue(name, json);
    throw setFailed(`${name} ${type === 'not_set' ? 'has no type' : `is of type ${type}`}: ${error.message}`);
  }
}

function guessedValue(name: string, json: JsonValue): ParameterValue {
  try {
    return inferParameter(json);
  } catch (error) {
    throw error instanceof InvalidMessage ? setFailed(`${name}: ${error.message}`) : error;
  }
}

/** Returns the error for a value that a parameter cannot have or that its node refused. */
export function setFailed(details: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Failed to set parameter: ${details}`,
    parameters: { details },
  });
}
