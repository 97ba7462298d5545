import { onceFor } from '../runtime/once-for.ts';
import { stringifyJson } from './json.ts';

/**
 * JSON as `stringifyJson` writes it, with the text of each of `lasting`, objects that never change and that others are given
 * as well, written once for all of them.
 */
export function splicedJson(value: unknown, lasting: ReadonlySet<unknown>): string {
  if (typeof value !== 'object' || value === null) return stringifyJson(value);
  if (lasting.has(value)) return lastingText(value);
  // Lists, and numbers that are written as they are.
  if (Object.getPrototypeOf(value) !== Object.prototype) return stringifyJson(value);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const text = splicedJson(member, lasting);
    // What JSON does not have is left out.
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(',')}}`;
}

const lastingText = onceFor((value: object) => stringifyJson(value));
