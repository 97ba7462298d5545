import type { JsonValue } from '@medkit/core';

/**
 * Values that can be written to a variable: only scalars. A `bigint` is an integer beyond the range of JavaScript
 * numbers.
 */
export type PlcScalar = number | bigint | boolean | string;

/** Quality of a value: the upper two bits of its status code (OPC 10000-4, 7.39). */
export type PlcQuality = 'good' | 'uncertain' | 'bad';

/** The last value of a variable from its server. */
export interface PlcReading {
  /** A scalar, or the JSON of an array or structure; absent if there is no value or it is not shown. */
  readonly value: JsonValue | undefined;
  /** Why an existing value is not shown. */
  readonly unshown?: string;
  readonly quality: PlcQuality;
  /** Name of the status code: `Good`, `BadNodeIdUnknown`. */
  readonly status: string;
  /** Source timestamp in nanoseconds since the epoch; absent if the server does not send it. */
  readonly sourceTimeNs: bigint | undefined;
  /** Arrival time in nanoseconds since the epoch. */
  readonly receivedNs: bigint;
}
