import type { RosMessage, RosValue } from '@medkit/ros2';
import type { PeerValue } from './peer-events.ts';

/** Byte sequences longer than this are compared by length and hash, as the peers print them (test/peers/json.hpp). */
const OCTETS_IN_FULL = 64;

/**
 * Converts a message to the form that the peers print, for `deepStrictEqual`. 64-bit integers, NaN and the infinities
 * are strings; sequences and arrays of numbers are plain arrays; long byte sequences are their length and hash. -0
 * stays -0.
 */
export function comparable(message: RosMessage): PeerValue {
  return Object.fromEntries(Object.entries(message).map(([field, value]) => [field, comparableValue(value)]));
}

function comparableValue(value: RosValue): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  if (value instanceof Uint8Array && value.length > OCTETS_IN_FULL) return digest(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array | BigInt64Array, comparableValue);
  if (Array.isArray(value)) return value.map(comparableValue);
  return comparable(value as RosMessage);
}

/** FNV-1a, 32 bits. */
function digest(octets: Uint8Array): PeerValue {
  let hash = 0x811c9dc5;
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return { octets: octets.length, fnv1a: hash };
}
