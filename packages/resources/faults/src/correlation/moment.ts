/** Time of a report on both clocks: windows are measured on the monotonic one. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallNs: bigint;
}
