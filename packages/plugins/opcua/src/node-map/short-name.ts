import { fnv1a } from '@medkit/core';

/** Returns the FNV-1a hash as eight hexadecimal digits, in upper case like fault codes. */
export function fnv1aHex(text: string): string {
  return fnv1a(text).toString(16).toUpperCase().padStart(8, '0');
}

/** Returns `text` if it fits `limit`; otherwise truncates it and appends its hash. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = `_${fnv1aHex(text).toLowerCase()}`;
  return `${text.slice(0, limit - tail.length)}${tail}`;
}
