/** Source of random numbers: the operating system, or a seed in tests and in the demo. */
export interface Random {
  /** Returns `count` random bytes in a new array. */
  bytes(count: number): Uint8Array;
  /** Returns a number in [0, 1). */
  float(): number;
}

/** Random numbers that repeat for the same seed (mulberry32), for tests and reproducible demos. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const float = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { float, bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(float() * 256)) };
}
