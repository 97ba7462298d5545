/** Times of the report log are whole microseconds, so that their order is the same in memory and on disk. */
export const wholeMicroseconds = (timeNs: bigint): bigint => (timeNs / 1000n) * 1000n;

/**
 * Appends the time since the previous one in microseconds to `octets`, as a base-128 varint: two to four bytes for
 * periods up to four minutes.
 */
export function appendTime(octets: number[], sinceBeforeNs: bigint): void {
  let left = Number(sinceBeforeNs / 1000n);
  while (left >= 0x80) {
    octets.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  octets.push(left);
}

/** Decodes the times that `appendTime` wrote after `startNs`. Ignores an incomplete last value of a damaged row. */
export function decodeTimes(octets: Uint8Array, startNs: bigint): readonly bigint[] {
  const timesNs: bigint[] = [];
  let before = startNs;
  let value = 0;
  let weight = 1;
  for (const octet of octets) {
    value += (octet & 0x7f) * weight;
    weight *= 0x80;
    if (octet >= 0x80) continue;
    before += BigInt(Math.min(value, Number.MAX_SAFE_INTEGER)) * 1000n;
    timesNs.push(before);
    [value, weight] = [0, 1];
  }
  return timesNs;
}
