import type { ConfigurationList } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { type FieldKind, fieldOf } from '../forms/field-of.ts';
import { type InputProblem, parseInput } from '../forms/parse-input.ts';

export type Parameter = NonNullable<NonNullable<ConfigurationList['x-medkit']>['parameters']>[number];

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

/** Returns the form field for a parameter, derived from its type and range. */
export function parameterField({ type, range }: Pick<Parameter, 'type' | 'range'>): FieldKind {
  const [minimum, maximum] = [range?.from, range?.to];
  switch (type) {
    case 'bool':
      return { is: 'flag' };
    case 'int': {
      const { is, ...bounds } = fieldOf({ type: 'integer', minimum, maximum }) as Extract<FieldKind, { is: 'integer' }>;
      return { is, ...INT64, ...bounds };
    }
    case 'double':
      return fieldOf({ type: 'number', minimum, maximum });
    case 'string':
      return { is: 'text' };
    default:
      return { is: 'json' };
  }
}

/** Returns the editable text of a parameter value: JSON for lists, otherwise the value itself. */
export function parameterText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? stringifyJson(value) : String(value);
}

/** Checks of list items by parameter type. */
const ITEMS: Readonly<Record<string, (item: unknown) => boolean>> = {
  byte_array: (item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) <= 255,
  bool_array: (item) => typeof item === 'boolean',
  int_array: (item) => typeof item === 'bigint' || Number.isInteger(item),
  double_array: (item) => typeof item === 'number' || typeof item === 'bigint' || item === null,
  string_array: (item) => typeof item === 'string',
};

/** Parses the text typed for a parameter. Returns the value or the reason for refusal. */
export function parseParameter(
  parameter: Pick<Parameter, 'type' | 'range'>,
  text: string,
):
  | { readonly value: unknown }
  | { readonly problem: InputProblem | { readonly is: 'no-list'; readonly type: string } } {
  const parsed = parseInput(parameterField(parameter), text);
  const fits = Object.hasOwn(ITEMS, parameter.type) ? ITEMS[parameter.type] : undefined;
  if ('problem' in parsed || fits === undefined) return parsed;
  const isList = Array.isArray(parsed.value) && parsed.value.every(fits);
  return isList ? parsed : { problem: { is: 'no-list', type: parameter.type } };
}

/** Returns whether two parameter values are equal; 10 and 10.0 are. */
export function isSame(one: unknown, other: unknown): boolean {
  return parameterText(one) === parameterText(other);
}
