import type { OctetRange } from '@medkit/edges';

/**
 * The part of a file of `size` octets that a `Range` header asks for (RFC 9110, 14.1.2): `undefined` for the whole file, as
 * without a header, with one of another unit or more than one range; `unsatisfiable` where it begins behind the end.
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
