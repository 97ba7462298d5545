const CUT = '...';

/** A foreign text as faults show it: ASCII alone, and of a long one both ends. */
export function plainText(text: string, maxLength = 64): string {
  const plain = text.replace(/[^\x20-\x7e]/gu, '?');
  if (plain.length <= maxLength) return plain;
  const kept = maxLength - CUT.length;
  return plain.slice(0, Math.ceil(kept / 2)) + CUT + plain.slice(plain.length - Math.floor(kept / 2));
}
