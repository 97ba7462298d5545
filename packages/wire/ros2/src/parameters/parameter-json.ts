import { failValue } from '../codec/encode-context.ts';
import { INTEGER_RANGES } from '../definitions/integer-ranges.ts';
import { floatJson, specialFloat } from '../json/float-text.ts';
import { integerJson } from '../json/to-json.ts';
import type { JsonValue } from '../types/message.ts';
import type { ParameterType, ParameterValue } from './parameter.ts';

/**
 * Returns a value as JSON in the form used for messages: `bigint` only for integers that are no safe numbers, bytes as
 * numbers, `.nan`, `.inf` and `-.inf`. `null` if the parameter is not set.
 */
export function parameterToJson(value: ParameterValue): JsonValue {
  switch (value.type) {
    case 'not_set':
      return null;
    case 'int':
      return integerJson(value.value);
    case 'double':
      return floatJson(value.value);
    case 'byte_array':
      return [...value.value];
    case 'int_array':
      return value.value.map(integerJson);
    case 'double_array':
      return value.value.map(floatJson);
    default:
      return value.value;
  }
}

/**
 * Converts JSON to a value of `type`. A whole number is accepted as a double. Throws `InvalidMessage`: `[2]: expected a
 * number, found "x"`.
 */
export function parameterFromJson(json: JsonValue, type: ParameterType): ParameterValue {
  switch (type) {
    case 'bool':
      return { type, value: bool(json) };
    case 'int':
      return { type, value: integer(json) };
    case 'double':
      return { type, value: double(json) };
    case 'string':
      return { type, value: text(json) };
    case 'byte_array':
      return { type, value: Uint8Array.from(elements(json, 'integers from 0 to 255', byte)) };
    case 'bool_array':
      return { type, value: elements(json, 'true and false', bool) };
    case 'int_array':
      return { type, value: elements(json, 'integers', integer) };
    case 'double_array':
      return { type, value: elements(json, 'numbers', double) };
    case 'string_array':
      return { type, value: elements(json, 'strings', text) };
    case 'not_set':
      return inferParameter(json);
  }
}

/**
 * Converts JSON to a value whose type follows from the JSON. Whole numbers are integers, in a list only if all are.
 * Throws `InvalidMessage` if no parameter type fits: an object, `null`, an empty or a mixed list.
 */
export function inferParameter(json: JsonValue): ParameterValue {
  const [first] = Array.isArray(json) ? json : [];
  const scalar = scalarTypeOf(Array.isArray(json) ? first : json);
  if (!scalar) return failValue({ path: [] }, 'a value, or a list whose values determine its type', json);
  if (!Array.isArray(json)) return parameterFromJson(json, scalar);
  const fractions = scalar === 'int' && json.some((element) => scalarTypeOf(element) === 'double');
  return parameterFromJson(json, fractions ? 'double_array' : `${scalar}_array`);
}

function scalarTypeOf(json: JsonValue | undefined): 'bool' | 'int' | 'double' | 'string' | undefined {
  if (typeof json === 'boolean') return 'bool';
  if (typeof json === 'string') return 'string';
  if (typeof json === 'bigint' || Number.isSafeInteger(json)) return 'int';
  return typeof json === 'number' ? 'double' : undefined;
}

/** Index of a list element; empty for a single value. */
type Path = readonly number[];

function bool(json: JsonValue, path: Path = []): boolean {
  return typeof json === 'boolean' ? json : failValue({ path }, 'true or false', json);
}

function integer(json: JsonValue, path: Path = []): bigint {
  // A number beyond 2^53 may have been rounded earlier without notice.
  const exact = typeof json === 'number' && Number.isSafeInteger(json) ? BigInt(json) : json;
  const { min, max } = INTEGER_RANGES.int64;
  const fits = typeof exact === 'bigint' && exact >= min && exact <= max;
  return fits ? exact : failValue({ path }, 'an integer of 64 bits', json);
}

function double(json: JsonValue, path: Path = []): number {
  if (typeof json === 'number') return json;
  if (typeof json === 'bigint') return Number(json);
  const special = typeof json === 'string' ? specialFloat(json) : undefined;
  return special ?? failValue({ path }, 'a number', json);
}

function text(json: JsonValue, path: Path = []): string {
  if (typeof json !== 'string') return failValue({ path }, 'a string', json);
  return json.isWellFormed() ? json : failValue({ path }, 'text without lone surrogates', json);
}

function byte(json: JsonValue, path: Path): number {
  const fits = typeof json === 'number' && Number.isInteger(json) && json >= 0 && json <= 255;
  return fits ? json : failValue({ path }, 'an integer from 0 to 255', json);
}

function elements<T>(json: JsonValue, what: string, element: (json: JsonValue, path: Path) => T): T[] {
  if (!Array.isArray(json)) return failValue({ path: [] }, `a list of ${what}`, json);
  return json.map((each: JsonValue, at) => element(each, [at]));
}
