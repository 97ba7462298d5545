import { type JsonValue, stringifyJson } from '@medkit/core';
import { HIDDEN_VALUE, isSecretName } from '@medkit/services';

/**
 * A value that was written, as a note of the audit log has it: of a plain value, or of a message with one plain field, which is
 * what set points are. Of anything larger nothing: bodies of requests are not in the log.
 */
export function notedValue(name: string, value: JsonValue): string | undefined {
  const field = fieldOf(value);
  if (!field) return undefined;
  return isSecretName(name) || isSecretName(field.name) ? HIDDEN_VALUE : stringifyJson(value);
}

/** The one plain field of a value; without a name where it is plain itself. */
function fieldOf(value: JsonValue): { readonly name: string } | undefined {
  if (typeof value !== 'object' || value === null) return { name: '' };
  const entries = Array.isArray(value) ? [] : Object.entries(value);
  const [entry, ...others] = entries.length < 3 ? entries : [];
  if (!entry || others.length > 0 || typeof entry[1] === 'object') return undefined;
  return { name: entry[0] };
}
