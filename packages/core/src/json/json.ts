import type { JsonValue } from './json-object.ts';
import { MAX_DEPTH, markLongIntegers, restoreLongIntegers } from './long-integers.ts';
import { rawNumber } from './raw-number.ts';

/**
 * Sixteen digits at the start of a number: an integer that a double may not represent exactly. Does not match the
 * digits of a fraction.
 */
const MAY_BE_LONG = /[-,:[\s]\d{16}/;

/**
 * A member named `__proto__`, with or without escapes. The lookbehind skips escaped quotes, which are inside a string.
 */
const PROTOTYPE =
  /(?<!\\)"(?:_|\\u005[fF]){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006[fF])(?:t|\\u0074)(?:o|\\u006[fF])(?:_|\\u005[fF]){2}"\s*:/;

/** An exponent or an integer that may be beyond the range of a double. */
const MAY_BE_HUGE = /[eE]\+?0*[1-9]\d{2}|\d{308}/;

/** Thrown for a number beyond the range of a double, such as 1e999, which `JSON.parse` reads as infinity. */
export class NumberOutOfRange extends SyntaxError {
  constructor() {
    super('a number is beyond the range of a double, about ±1.8e308');
  }
}

/**
 * Parses JSON with exact 64-bit integers: an integer outside the safe range becomes a `bigint`. Throws `SyntaxError`
 * for invalid JSON, for JSON nested too deeply, and for a member named `__proto__`. Takes time proportional to the
 * length of the text, whatever it contains. A number beyond the range of a double becomes infinity, so that stored
 * documents and documents from other gateways stay readable.
 */
export function parseJson(text: string): JsonValue {
  if ((text.includes('__proto__') || text.includes('\\u00')) && PROTOTYPE.test(text)) {
    throw new SyntaxError('a member named __proto__');
  }
  if (MAY_BE_LONG.test(text) || /^\d{16}/.test(text))
    return restoreLongIntegers(JSON.parse(markLongIntegers(text))) as JsonValue;
  if (hasMore(text, '[', MAX_DEPTH / 2) || hasMore(text, '{', MAX_DEPTH / 2)) markLongIntegers(text);
  return JSON.parse(text);
}

/**
 * Parses JSON from a client like `parseJson`, but throws `NumberOutOfRange` for a number beyond the range of a double.
 */
export function parseJsonInput(text: string): JsonValue {
  const value = parseJson(text);
  if (MAY_BE_HUGE.test(text) && hasInfinity(value)) throw new NumberOutOfRange();
  return value;
}

function hasInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

/** Returns whether `sign` occurs more than `count` times. */
function hasMore(text: string, sign: string, count: number): boolean {
  let found = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
    if (++found > count) return true;
  }
  return false;
}

/** Serializes JSON, writing every `bigint` as plain digits. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(withRawIntegers(value));
}

/** Replaces every `bigint`, which `JSON.stringify` rejects. Copies only the objects and lists that contain one. */
function withRawIntegers(value: unknown): unknown {
  if (typeof value === 'bigint') return rawNumber(String(value));
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? rawItems(value) : rawMembers(value as Readonly<Record<string, unknown>>);
}

function rawItems(items: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (typeof item !== 'object' && typeof item !== 'bigint') continue;
    const raw = withRawIntegers(item);
    if (raw === item) continue;
    copy ??= [...items];
    copy[index] = raw;
  }
  return copy ?? items;
}

function rawMembers(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member !== 'object' && typeof member !== 'bigint') continue;
    const raw = withRawIntegers(member);
    if (raw === member) continue;
    copy ??= { ...members };
    copy[name] = raw;
  }
  return copy ?? members;
}
