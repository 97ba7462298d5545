import type { JsonValue } from './json-object.ts';

/** Returns whether a text is a JSON Pointer (RFC 6901): empty, or `/` before every step. */
export function isPointer(text: string): boolean {
  return /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);
}

/** Returns the value at a JSON Pointer, or `undefined` if there is none. */
export function valueAt(value: JsonValue, pointer: string): JsonValue | undefined {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<JsonValue | undefined>((at, step) => memberOf(at, step), value);
}

function memberOf(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, JsonValue>>)[name] : undefined;
}
