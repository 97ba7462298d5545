/** Without ambiguous characters: l, 1, o, 0. 32 letters, so that a random byte selects each with equal probability. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** Generates a password that is shown once: 100 bits, in groups that are easy to read out, like those of the gateway. */
export function generatePassword(): string {
  const group = () =>
    [...crypto.getRandomValues(new Uint8Array(GROUP_LENGTH))].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
