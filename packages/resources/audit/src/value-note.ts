import { type JsonValue, stringifyJson } from '@medkit/core';
import { HIDDEN_VALUE, isSecretName } from '@medkit/entities';

/**
 * Returns a written value as an audit note: a plain value, or a message with one plain field, such as a set point.
 * Returns `undefined` for anything larger: the log does not contain request bodies.
 */
export function valueNote(name: string, value: JsonValue): string | undefined {
  const field = fieldOf(value);
  if (!field) return undefined;
  return isSecretName(name) || isSecretName(field.name) ? HIDDEN_VALUE : stringifyJson(value);
}

/** Returns the single plain field of a value; with an empty name if the value itself is plain. */
function fieldOf(value: JsonValue): { readonly name: string } | undefined {
  if (typeof value !== 'object' || value === null) return { name: '' };
  const entries = Array.isArray(value) ? [] : Object.entries(value);
  const [entry, ...others] = entries.length < 3 ? entries : [];
  if (!entry || others.length > 0 || typeof entry[1] === 'object') return undefined;
  return { name: entry[0] };
}
