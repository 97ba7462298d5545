/** A recording that is in the books. */
export interface KeptRecording {
  readonly id: string;
  /** Sorted. */
  readonly faultCodes: readonly string[];
  /** Its folder; in a database of ros2_medkit also a single file. */
  readonly path: string;
  /** `sqlite3`, `mcap`, or what else a database of ros2_medkit says. */
  readonly format: string;
  readonly octets: number;
  readonly durationMs: number;
  readonly createdAtNs: bigint;
}
