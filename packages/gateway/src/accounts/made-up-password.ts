import { randomInt } from 'node:crypto';

/** Without what looks like something else: l, 1, o, 0. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A password to be told once and typed: 100 bits, in groups that can be read out. */
export function madeUpPassword(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
