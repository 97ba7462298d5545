import type { JsonValue } from '../runtime/data-provider.ts';
import { rawNumber } from './raw-number.ts';

/** An integer longer than a JavaScript number is sure to hold, a name that must not be set, or an escape that may hide it. */
const NEEDS_CARE = /\d{16}|__proto__|\\u/;

/** Digits and sign of the longest 64-bit integer. A longer one is no integer of any message; `BigInt` would be slow on it. */
const MAX_INTEGER_LENGTH = 20;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Lists and objects inside each other; no message comes near. Brackets alone could make a body take fifty times its size. */
const MAX_DEPTH = 128;

/**
 * Parses JSON with 64-bit integers exact: one that is no safe number becomes a `bigint`. Throws `SyntaxError`, also where it
 * is nested too deeply.
 */
export function parseJson(text: string): JsonValue {
  if (isTooDeep(text)) throw new SyntaxError(`nested more than ${MAX_DEPTH} deep`);
  return NEEDS_CARE.test(text)
    ? JSON.parse(text, careful as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}

const careful: Reviver = (key, value, { source }) => {
  if (key === '__proto__') throw new SyntaxError('a member named __proto__');
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value;
  return source.length <= MAX_INTEGER_LENGTH && /^-?\d+$/.test(source) ? BigInt(source) : value;
};

/**
 * Writes JSON with every `bigint` as bare digits. Values without one, and replies whose only ones are in the envelope such
 * as a timestamp, go through plain `JSON.stringify`; a message with a 64-bit integer inside takes the slower road.
 */
export function stringifyJson(value: unknown): string {
  const prepared = withRawEnvelope(value, ENVELOPE_DEPTH);
  try {
    return JSON.stringify(prepared);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(prepared, (_key, member) => (typeof member === 'bigint' ? raw(member) : member));
  }
}

/** A reply and its `x-medkit`. */
const ENVELOPE_DEPTH = 2;

function withRawEnvelope(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return raw(value);
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  const prepared = entries.map(([, member]) => withRawEnvelope(member, depth - 1));
  if (entries.every(([, member], index) => member === prepared[index])) return value;
  return Object.fromEntries(entries.map(([key], index) => [key, prepared[index]]));
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfString(text, at);
    else if (sign === BRACKET || sign === BRACE) depth++;
    else if (sign === BRACKET + 2 || sign === BRACE + 2) depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Where the string that begins at `start` ends, escaped quotes passed over. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at++;
    else if (sign === QUOTE) return at;
  }
  return text.length;
}

/** Character codes; what closes a bracket or brace stands two after what opens it. */
const [QUOTE, BACKSLASH, BRACKET, BRACE] = [0x22, 0x5c, 0x5b, 0x7b];

function raw(integer: bigint): unknown {
  return rawNumber(String(integer));
}
