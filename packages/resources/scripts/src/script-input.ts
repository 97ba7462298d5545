import { SovdError } from '@medkit/contract';
import { isJsonObject, type JsonValue, type ScriptArgument, stringifyJson, toEntityId } from '@medkit/core';

/** Maximum bytes of the parameters of one execution as JSON: fits into a pipe and an environment. */
export const MAX_PARAMETER_BYTES = 64 * 1024;

/** The parameters in the forms in which a script can receive them. */
export interface ScriptInput {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Text for standard input, if the script declares no arguments. */
  readonly input: string | undefined;
}

/**
 * Passes the parameters of an execution as arguments if the script declares any, otherwise as JSON on standard input.
 * In both cases also as `MEDKIT_PARAMETERS` and `MEDKIT_PARAM_<NAME>`. Throws `invalid-request` if they cannot be
 * passed.
 */
export function scriptInput(declared: readonly ScriptArgument[], parameters: JsonValue | undefined): ScriptInput {
  if (parameters === undefined) return { args: [], environment: {}, input: undefined };
  const json = stringifyJson(parameters);
  if (Buffer.byteLength(json) > MAX_PARAMETER_BYTES) {
    throw invalidParameters(`The parameters have more than ${MAX_PARAMETER_BYTES} bytes as JSON`);
  }
  const isObject = isJsonObject(parameters);
  const members = new Map<string, JsonValue>(isObject ? Object.entries(parameters) : []);
  if (declared.length === 0) return { args: [], environment: environmentOf(members, json), input: json };
  if (!isObject) throw invalidParameters('The parameters of this script must be a JSON object');
  const args = declared.flatMap((argument) => argumentsOf(argument, members.get(argument.name)));
  return { args, environment: environmentOf(members, json), input: undefined };
}

function argumentsOf({ name, type, flag = `--${name}` }: ScriptArgument, value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (type === 'flag') return value === true ? [flag] : [];
  return type === 'named' ? [flag, textOf(name, value)] : [textOf(name, value)];
}

function environmentOf(members: ReadonlyMap<string, JsonValue>, json: string): Readonly<Record<string, string>> {
  const environment: Record<string, string> = { MEDKIT_PARAMETERS: json };
  for (const [name, value] of members) {
    const variable = `MEDKIT_PARAM_${toEntityId(name).toUpperCase().replaceAll('-', '_')}`;
    if (variable in environment) {
      throw invalidParameters(
        `The parameter "${name.slice(0, 64)}" and another parameter map to the same variable ${variable}: rename one`,
      );
    }
    environment[variable] = textOf(name, value);
  }
  return environment;
}

/** Returns a text verbatim, and any other value as JSON. */
function textOf(name: string, value: JsonValue): string {
  const text = typeof value === 'string' ? value : stringifyJson(value);
  // The system ends arguments and variables at a NUL.
  if (text.includes('\0')) throw invalidParameters(`The parameter "${name.slice(0, 64)}" contains a NUL character`);
  return text;
}

function invalidParameters(message: string): SovdError {
  return new SovdError({ code: 'invalid-request', message, parameters: { parameter: 'parameters' } });
}
