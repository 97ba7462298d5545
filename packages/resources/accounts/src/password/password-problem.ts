import { COMMON_PASSWORDS } from './common-passwords.ts';

/** NIST SP 800-63B 5.1.1.2: requires a length and excludes common passwords, without rules on character classes. */
const MIN_CHARACTERS = 12;
export const MAX_CHARACTERS = 256;
/** Minimum letters and digits besides well-known names; digits alone are guessed quickly. */
const MIN_OTHER_CHARACTERS = 8;
/** Minimum length of a name: shorter names occur by chance. */
const MIN_NAME = 3;

/** The user and host of the password: both are known to an attacker. */
export interface PasswordOwner {
  readonly name: string;
  readonly hostName: string;
}

/** Returns why `password` is not acceptable, as text for the user; `undefined` if it is acceptable. */
export function passwordProblem(password: string, { name, hostName }: PasswordOwner): string | undefined {
  const characters = password.length > 2 * MAX_CHARACTERS ? Number.POSITIVE_INFINITY : [...password].length;
  if (characters < MIN_CHARACTERS) return `it has ${characters} characters; the minimum is ${MIN_CHARACTERS}`;
  if (characters > MAX_CHARACTERS) return `it is too long: the maximum is ${MAX_CHARACTERS} characters`;
  const text = password.toLowerCase();
  if (COMMON_PASSWORDS.has(text)) return 'it is a common password that is easy to guess';
  if (/^(.{1,4})\1+.{0,3}$/.test(text)) return 'it repeats the same few characters';
  const names = [name, hostName, 'medkit'].map((word) => word.toLowerCase()).filter((word) => word.length >= MIN_NAME);
  const known = names.filter((word) => text.includes(word));
  if (known.length === 0) return undefined;
  const remaining = known.reduce((rest, word) => rest.replaceAll(word, ''), text).replaceAll(/[^\p{L}\p{N}]/gu, '');
  const isLittle = remaining.length < MIN_OTHER_CHARACTERS || /^\p{N}*$/u.test(remaining);
  return isLittle ? `it consists mainly of ${known.join(' and ')}` : undefined;
}
