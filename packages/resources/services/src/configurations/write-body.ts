import { type ConfigurationWriteRequest, SovdError } from '@medkit/contract';
import type { JsonValue } from '@medkit/core';

/** Returns the value to set: `data`, or `value` as the web UI sends it. */
export function wantedValue({ data, value }: ConfigurationWriteRequest): JsonValue {
  // Generated clients send null for absent fields; no parameter can be set to null.
  const wanted = data ?? value;
  if (wanted === undefined || wanted === null) {
    throw new SovdError({ code: 'invalid-request', message: 'data: missing required field' });
  }
  // The body was JSON.
  return wanted as JsonValue;
}
