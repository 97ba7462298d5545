import type { OctetRange } from '@medkit/edges';

/**
 * Returns the part of a file of `size` bytes that a `Range` header selects (RFC 9110, 14.1.2). Returns `undefined` for
 * the whole file: without a header, or with another unit or several ranges. Returns `unsatisfiable` if the range begins
 * after the end.
 */
export function rangeOf(header: string | undefined, size: number): OctetRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  if (!match) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const wanted = Number(to);
    return wanted === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - wanted), last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= size ? 'unsatisfiable' : { first, last };
}
