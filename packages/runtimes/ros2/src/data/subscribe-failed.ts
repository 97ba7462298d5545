import { SovdError } from '@medkit/contract';
import { errorMessage } from '@medkit/core';

/** Returns the error for a subscription that the adapter refused. */
export function subscribeFailed(topic: string, error: unknown): SovdError {
  return new SovdError({ code: 'x-medkit-subscribe-failed', parameters: { details: errorMessage(error), topic } });
}
