import { memoizeByObject } from '../memoize-by-object.ts';
import { stringifyJson } from './json.ts';

/**
 * Serializes JSON like `stringifyJson`. The text of each object in `lasting` is created once and reused in later calls.
 * Those objects must never change.
 */
export function stringifyCached(value: unknown, lasting: ReadonlySet<unknown>): string {
  if (typeof value !== 'object' || value === null) return stringifyJson(value);
  if (lasting.has(value)) return lastingText(value);
  // Lists, and numbers made by `rawNumber`.
  if (Object.getPrototypeOf(value) !== Object.prototype) return stringifyJson(value);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const text = stringifyCached(member, lasting);
    // Members without a JSON representation, such as `undefined`, are left out.
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(',')}}`;
}

const lastingText = memoizeByObject((value: object) => stringifyJson(value));
