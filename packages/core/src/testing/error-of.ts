import assert from 'node:assert/strict';
import { SovdError } from '@medkit/contract';

/** The error that a call is answered with; fails where there is none, or one that SOVD does not know. */
export async function errorOf(promise: Promise<unknown>): Promise<SovdError> {
  const error = await promise.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SovdError, String(error));
  return error;
}
