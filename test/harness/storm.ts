import type { TestContext } from 'node:test';

/**
 * Length of storms, races and soaks as a share of their full length: a tenth in `npm test`, all in `npm run test:long`.
 */
const STORM_SHARE = positive('STORM_SHARE', 0.1);
/** Tests with a fixed duration on the clock only run it at full length. */
export const IS_FULL_LENGTH = STORM_SHARE >= 1;
/** A new seed each time, so that many short storms cover as much as a long one. */
export const STORM_SEED = positive('STORM_SEED', 1 + Math.floor(Math.random() * 999_999));

/** Returns this share of `full`, but at least `min`, so that the result is meaningful. */
export const scaledStorm = (full: number, min: number): number => Math.max(min, Math.round(full * STORM_SHARE));

/** Prints the seed of a storm, so that a failure can be reproduced. */
export const printSeed = (context: TestContext): void => context.diagnostic(`STORM_SEED=${STORM_SEED}`);

function positive(variable: string, otherwise: number): number {
  const text = process.env[variable];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0) || (variable === 'STORM_SEED' && !Number.isSafeInteger(value))) {
    throw new Error(`${variable}: expected a number above 0, a whole one for a seed, found "${text}"`);
  }
  return value;
}
