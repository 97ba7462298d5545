import { fnv1aHex } from '@medkit/core';

/**
 * Converts a name to a part of a fault code: `/robot/sensor` becomes `ROBOT_SENSOR`. Returns an empty text if the name
 * has no Latin letter or digit.
 */
export function codeText(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of terminals begin with a control character.
const ANSI_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

/** Removes the escape sequences that colour text on a terminal. */
export function withoutAnsi(text: string): string {
  return text.replace(ANSI_SEQUENCE, '');
}

/** Returns `text` as a fault code with a hash at its end; the hash is never truncated. */
export function hashedCode(text: string, hashed: string, limit: number): string {
  const tail = fnv1aHex(hashed).toUpperCase();
  return `${text.slice(0, limit - tail.length - 1).replace(/_+$/, '')}_${tail}`;
}

/** Maximum length of a condition key. Longer keys are truncated and end with a hash and their length. */
const MAX_KEY_LENGTH = 1024;

/** Returns the key of the condition that these names identify. */
export function conditionKey(...names: readonly string[]): string {
  const key = JSON.stringify(names);
  if (key.length <= MAX_KEY_LENGTH) return key;
  return `${key.slice(0, MAX_KEY_LENGTH - 32)} ${fnv1aHex(key)} ${key.length}`;
}

const TAIL_LENGTH = 4;

/** Returns `text` if it fits `limit`; otherwise truncates it and appends part of its hash. */
export function cutCodeText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - TAIL_LENGTH - 1).replace(/_+$/, '');
  return `${head}_${fnv1aHex(text).slice(0, TAIL_LENGTH).toUpperCase()}`;
}
