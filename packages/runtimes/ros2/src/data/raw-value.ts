import type { JsonObject } from '@medkit/core';

/** Octets of a message that are shown in hex; more would swell an answer that nobody can read anyway. */
const MAX_SHOWN_BYTES = 64 * 1024;

/**
 * A message that cannot be decoded, as JSON: `{"encoding": "cdr", "hex": …, "size_bytes": …, "truncated": …}`. The hex
 * digits are the serialised data with its encapsulation header (RTPS 2.5, 10.2).
 */
export function rawValue(cdr: Uint8Array): JsonObject {
  const shown = cdr.subarray(0, MAX_SHOWN_BYTES);
  return {
    encoding: 'cdr',
    hex: Buffer.from(shown.buffer, shown.byteOffset, shown.byteLength).toString('hex'),
    size_bytes: cdr.byteLength,
    truncated: cdr.byteLength > shown.byteLength,
  };
}
