/** What a variable of a PLC can hold here: scalars alone. A `bigint` is an integer that a JavaScript number cannot hold. */
export type PlcScalar = number | bigint | boolean | string;

/** How far a server stands by a value: the upper two bits of its status code (OPC 10000-4, 7.39). */
export type PlcQuality = 'good' | 'uncertain' | 'bad';

/** A variable as its server said it last. */
export interface PlcReading {
  /** Absent where there is none, or one that is no scalar. */
  readonly value: PlcScalar | undefined;
  readonly quality: PlcQuality;
  /** As OPC UA calls it: `Good`, `BadNodeIdUnknown`. */
  readonly status: string;
  /** When the PLC took it, nanoseconds since the epoch; absent where the server does not say. */
  readonly sourceTimeNs: bigint | undefined;
  /** When it arrived here, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}
