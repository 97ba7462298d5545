import type { JsonObject } from '@medkit/core';

/** Maximum bytes of a message shown in hex; more would enlarge the answer without use. */
const MAX_HEX_BYTES = 64 * 1024;

/**
 * Returns a message that cannot be decoded as JSON: `{"encoding": "cdr", "hex": …, "size_bytes": …, "truncated": …}`.
 * The hex digits are the serialized data with its encapsulation header (RTPS 2.5, 10.2).
 */
export function rawValue(cdr: Uint8Array): JsonObject {
  const excerpt = cdr.subarray(0, MAX_HEX_BYTES);
  return {
    encoding: 'cdr',
    hex: Buffer.from(excerpt.buffer, excerpt.byteOffset, excerpt.byteLength).toString('hex'),
    size_bytes: cdr.byteLength,
    truncated: cdr.byteLength > excerpt.byteLength,
  };
}
