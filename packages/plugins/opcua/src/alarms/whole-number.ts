import type { JsonValue } from '@medkit/core';

const LEAST = -(2 ** 63);
const MOST = 2 ** 64;

/**
 * A value as the whole number that bits and codes are read from: one with a fraction is rounded, true is 1. Undefined for a
 * text, for a number that is none, and for one that no word of 64 bits holds, signed or not.
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

/** Halves go away from 0 on both sides, as PLCs round them. */
function roundedAway(value: number): number {
  return Number.isInteger(value) ? value : Math.sign(value) * Math.round(Math.abs(value));
}
