import assert from 'node:assert/strict';
import { SovdError } from '@medkit/contract';

/** Returns the error of a call. Fails if there is none, or if it is not a `SovdError`. */
export async function errorOf(promise: Promise<unknown>): Promise<SovdError> {
  const error = await promise.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SovdError, String(error));
  return error;
}
