/** FNV-1a of the UTF-8 text, 32 bits: no secret, but the same wherever it is computed. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(text)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash;
}

/** FNV-1a as eight figures of base 16, in capitals as codes of faults are. */
export function fnv1aHex(text: string): string {
  return fnv1a(text).toString(16).toUpperCase().padStart(8, '0');
}

/** `text` where it is no longer than `limit`; otherwise cut, with a tail that differs for what differs. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = `_${fnv1aHex(text).toLowerCase()}`;
  return `${text.slice(0, limit - tail.length)}${tail}`;
}
