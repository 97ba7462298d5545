/** Crockford's base32: no letter that is mistaken for another one or for a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS = 5;

/** Returns the first `chars` characters of Crockford's base32 of these bytes, which must be long enough. */
export function base32(bytes: Uint8Array, chars: number): string {
  let text = '';
  for (let at = 0; at < chars; at += 1) {
    const bit = at * BITS;
    const window = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(window >> (16 - BITS - (bit & 7))) & 31];
  }
  return text;
}

/**
 * Returns typed text in its normal form: capitals, without hyphens and spaces, and with 0 and 1 for the letters that
 * are mistaken for them. Returns `undefined` if another character remains.
 */
export function normalBase32(typed: string): string | undefined {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return [...text].every((character) => ALPHABET.includes(character)) ? text : undefined;
}
