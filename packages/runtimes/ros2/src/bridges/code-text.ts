import { fnv1aHex } from '@medkit/core';

/** The part of a fault code that a name makes: `/robot/sensor` is `ROBOT_SENSOR`. Empty where it has no letter or figure. */
export function codeText(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of terminals begin with a control character.
const ANSI_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g;

/** The text without the escape sequences that colour it on a terminal. */
export function withoutAnsi(text: string): string {
  return text.replace(ANSI_SEQUENCE, '');
}

/** A fault code of a text with a hash at its end, which is never cut. */
export function hashedCode(text: string, hashed: string, limit: number): string {
  const tail = fnv1aHex(hashed).toUpperCase();
  return `${text.slice(0, limit - tail.length - 1).replace(/_+$/, '')}_${tail}`;
}

/** Longest key of a condition. A longer one is cut, with its length and a hash at its end. */
const MAX_KEY_LENGTH = 1024;

/** The key of the condition that these names identify. */
export function conditionKey(...names: readonly string[]): string {
  const key = JSON.stringify(names);
  if (key.length <= MAX_KEY_LENGTH) return key;
  return `${key.slice(0, MAX_KEY_LENGTH - 32)} ${fnv1aHex(key)} ${key.length}`;
}

const TAIL_LENGTH = 4;

/** `text` where it is no longer than `limit`; otherwise cut, with a tail that differs for what differs. */
export function cutCodeText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - TAIL_LENGTH - 1).replace(/_+$/, '');
  return `${head}_${fnv1aHex(text).slice(0, TAIL_LENGTH).toUpperCase()}`;
}
