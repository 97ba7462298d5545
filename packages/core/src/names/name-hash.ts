/** Returns the 32-bit FNV-1a hash of the UTF-8 text. Not cryptographic, but identical on every platform. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(text)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash;
}

/** Returns the FNV-1a hash as eight lower-case hexadecimal digits. */
export function fnv1aHex(text: string): string {
  return fnv1a(text).toString(16).padStart(8, '0');
}

/** Words of Latin letters and digits, separated by white space or punctuation only. */
const PLAIN_NAME = /^[\s/~([{'"]*[A-Za-z0-9]+(?:[\s/_:.,;!?()[\]{}'"|@&#-]+[A-Za-z0-9]+)*[\s)\]}'".:!?]*$/;

/**
 * Returns whether reducing the name to ASCII letters and digits keeps all its words. False for other scripts, and for
 * meaningful signs as in `Axis -`.
 */
export function keepsAllParts(name: string): boolean {
  return PLAIN_NAME.test(name);
}
