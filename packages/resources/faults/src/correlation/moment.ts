/** When something was reported, on both clocks: windows are measured on the one that never jumps. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallNs: bigint;
}
