import type { TestContext } from 'node:test';

/** How long storms, races and soaks are, as a share of their full length: a tenth in `npm test`, all in `npm run test:long`. */
const STORM_SHARE = positive('STORM_SHARE', 0.1);
/** What is to go on for so long by the clock does at the full length alone. */
export const IS_FULL_LENGTH = STORM_SHARE >= 1;
/** Another one each time, so that many short storms are a long one. */
export const STORM_SEED = positive('STORM_SEED', 1 + Math.floor(Math.random() * 999_999));

/** This share of `full`, and at least so many that the outcome says something. */
export const ofStorm = (full: number, least: number): number => Math.max(least, Math.round(full * STORM_SHARE));

/** Tells with which seed a storm begins, so that one that broke something can be had again. */
export const tellSeed = (context: TestContext): void => context.diagnostic(`STORM_SEED=${STORM_SEED}`);

function positive(variable: string, otherwise: number): number {
  const text = process.env[variable];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!(value > 0) || (variable === 'STORM_SEED' && !Number.isSafeInteger(value))) {
    throw new Error(`${variable}: expected a number above 0, a whole one for a seed, found "${text}"`);
  }
  return value;
}
