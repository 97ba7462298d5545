import { formatValue } from '../values/format-value.ts';

/** Limits of the shown members of a payload. */
const MAX_FIELDS = 200;
const MAX_DEPTH = 8;

/** Returns the members of a value with their texts, nested names joined by dots. Lists are one member. */
export function payloadFields(value: unknown): readonly (readonly [name: string, text: string])[] {
  const fields: (readonly [string, string])[] = [];
  const collect = (part: unknown, name: string, depth: number): void => {
    if (fields.length >= MAX_FIELDS) return;
    const isObject = typeof part === 'object' && part !== null && !Array.isArray(part);
    if (!isObject || depth >= MAX_DEPTH || Object.keys(part).length === 0) {
      fields.push([name, formatValue(part)]);
      return;
    }
    for (const [key, member] of Object.entries(part)) collect(member, name === '' ? key : `${name}.${key}`, depth + 1);
  };
  collect(value, '', 0);
  return fields;
}

/** Returns what an event is about beside its value: the fault, the operation, or the message of a log entry. */
export function eventSubject(payload: unknown): string {
  const { fault_code, action_path, message } = Object(payload);
  return [fault_code, action_path, message].find((text) => typeof text === 'string') ?? '';
}
