/** The part of a fault code that a name makes: `/robot/sensor` is `ROBOT_SENSOR`. Empty where it has no letter or figure. */
export function codeText(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** FNV-1a of the UTF-8 text, 32 bits. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(text)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash;
}

/** FNV-1a as eight figures of base 16. */
export function fnv1aHex(text: string): string {
  return fnv1a(text).toString(16).padStart(8, '0');
}

const TAIL_LENGTH = 4;

/** `text` where it is no longer than `limit`; otherwise cut, with a tail that differs for what differs. */
export function cutCodeText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - TAIL_LENGTH - 1).replace(/_+$/, '');
  return `${head}_${fnv1aHex(text).slice(0, TAIL_LENGTH).toUpperCase()}`;
}
