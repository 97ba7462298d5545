import type { JsonValue } from '@medkit/core';

/** What is written to a variable of a PLC: scalars alone. A `bigint` is an integer that a JavaScript number cannot hold. */
export type PlcScalar = number | bigint | boolean | string;

/** How far a server stands by a value: the upper two bits of its status code (OPC 10000-4, 7.39). */
export type PlcQuality = 'good' | 'uncertain' | 'bad';

/** A variable as its server said it last. */
export interface PlcReading {
  /** A scalar, or the JSON of an array or a structure; absent if there is none, or none that is shown. */
  readonly value: JsonValue | undefined;
  /** Why a value that there is is not shown. */
  readonly unshown?: string;
  readonly quality: PlcQuality;
  /** As OPC UA calls it: `Good`, `BadNodeIdUnknown`. */
  readonly status: string;
  /** When the PLC took it, nanoseconds since the epoch; absent where the server does not say. */
  readonly sourceTimeNs: bigint | undefined;
  /** When it arrived here, nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}
