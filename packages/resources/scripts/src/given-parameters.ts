import { SovdError } from '@medkit/contract';
import { type JsonValue, type ScriptArgument, stringifyJson, toEntityId } from '@medkit/core';

/** Octets of the parameters of one execution, as JSON. A pipe and an environment take as much. */
export const MAX_PARAMETER_BYTES = 64 * 1024;

/** Parameters on the ways by which a script can have them. */
export interface GivenParameters {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What it reads as its standard input, where it has no arguments. */
  readonly input: string | undefined;
}

/**
 * The parameters of an execution as arguments, where the script declares some, and else as JSON on its standard input; as
 * `MEDKIT_PARAMETERS` and `MEDKIT_PARAM_<NAME>` always. Throws `invalid-request` for those that cannot be given.
 */
export function givenParameters(
  declared: readonly ScriptArgument[],
  parameters: JsonValue | undefined,
): GivenParameters {
  if (parameters === undefined) return { args: [], environment: {}, input: undefined };
  const json = stringifyJson(parameters);
  if (Buffer.byteLength(json) > MAX_PARAMETER_BYTES) {
    throw wrong(`The parameters have more than ${MAX_PARAMETER_BYTES} octets as JSON`);
  }
  const isObject = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters);
  const members = new Map<string, JsonValue>(isObject ? Object.entries(parameters) : []);
  if (declared.length === 0) return { args: [], environment: environmentOf(members, json), input: json };
  if (!isObject) throw wrong('The parameters of this script must be a JSON object');
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
      throw wrong(
        `The parameter "${name.slice(0, 64)}" and another one make the same variable ${variable}: rename one`,
      );
    }
    environment[variable] = textOf(name, value);
  }
  return environment;
}

/** A text as it is, everything else as JSON. */
function textOf(name: string, value: JsonValue): string {
  const text = typeof value === 'string' ? value : stringifyJson(value);
  // The system ends arguments and variables there.
  if (text.includes('\0')) throw wrong(`The parameter "${name.slice(0, 64)}" has a NUL character`);
  return text;
}

function wrong(message: string): SovdError {
  return new SovdError({ code: 'invalid-request', message, parameters: { parameter: 'parameters' } });
}
