import { fnv1a } from '@medkit/core';

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
