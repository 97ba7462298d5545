/** FNV-1a of the UTF-8 text, 32 bits. It is no secret, but the same wherever it is computed. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(text)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash;
}

/** FNV-1a as eight lower-case digits of base 16. */
export function fnv1aHex(text: string): string {
  return fnv1a(text).toString(16).padStart(8, '0');
}

/** Words of Latin letters and digits, and between them only characters that separate words. */
const PLAIN_NAME = /^[\s/~([{'"]*[A-Za-z0-9]+(?:[\s/_:.,;!?()[\]{}'"|@&#-]+[A-Za-z0-9]+)*[\s)\]}'".:!?]*$/;

/** Whether a name in ASCII letters keeps every word of this one: false for other scripts, and for signs as in `Axis -`. */
export function keepsAllWords(name: string): boolean {
  return PLAIN_NAME.test(name);
}
