const CUT = '...';

/** Returns a foreign text for display in faults: only ASCII; long texts are shortened in the middle. */
export function plainText(text: string, maxLength = 64): string {
  const plain = text.replace(/[^\x20-\x7e]/gu, '?');
  if (plain.length <= maxLength) return plain;
  const retained = maxLength - CUT.length;
  return plain.slice(0, Math.ceil(retained / 2)) + CUT + plain.slice(plain.length - Math.floor(retained / 2));
}
