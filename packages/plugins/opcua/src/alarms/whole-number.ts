import type { JsonValue } from '@medkit/core';

const LEAST = -(2 ** 63);
const MOST = 2 ** 64;

/**
 * Converts a value to an integer for bits and codes: fractions are rounded, true is 1. Returns `undefined` for a text,
 * for NaN or infinity, and for numbers beyond 64 bits, signed or unsigned.
 */
export function wholeNumber(value: JsonValue): bigint | undefined {
  switch (typeof value) {
    case 'boolean':
      return value ? 1n : 0n;
    case 'bigint':
      return value >= LEAST && value < MOST ? value : undefined;
    case 'number':
      return value >= LEAST && value < MOST ? BigInt(roundedAway(value)) : undefined;
    default:
      return undefined;
  }
}

/** Rounds halves away from 0, like PLCs do. */
function roundedAway(value: number): number {
  return Number.isInteger(value) ? value : Math.sign(value) * Math.round(Math.abs(value));
}
