/** Time_t and Duration_t (RTPS 2.5, 9.3.2): seconds, and a fraction in units of 2^-32 s. */

const TWO_32 = 2 ** 32;
const DURATION_INFINITE_SECONDS = 0x7fff_ffff;

export const nanosecondsOf = (fraction: number): number => Math.floor((fraction / TWO_32) * 1e9);

export const fractionOfMs = (ms: number): number => Math.min(TWO_32 - 1, Math.round(((ms % 1000) / 1000) * TWO_32));

/** Returns a Duration_t in milliseconds. From 2^31 - 1 seconds on it is infinite. */
export const durationMs = (seconds: number, fraction: number): number =>
  seconds >= DURATION_INFINITE_SECONDS ? Number.POSITIVE_INFINITY : seconds * 1000 + (fraction / TWO_32) * 1000;

/** Returns the two words of a Duration_t. `Infinity` becomes the infinite duration of the specification. */
export function encodeDuration(ms: number): readonly [seconds: number, fraction: number] {
  if (!(ms < DURATION_INFINITE_SECONDS * 1000)) return [DURATION_INFINITE_SECONDS, 0xffff_ffff];
  return [Math.floor(ms / 1000), fractionOfMs(ms)];
}
