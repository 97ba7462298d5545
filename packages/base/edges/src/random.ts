/** Where random numbers come from: the operating system, or a seed in tests and in the demo. */
export interface Random {
  /** `count` random octets in a new array. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1). */
  float(): number;
}
