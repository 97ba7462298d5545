import { SovdError } from '@medkit/contract';
import { reasonOf } from '@medkit/core';

/** What a client is told where the adapter refuses a subscription. */
export function subscribeFailed(topic: string, error: unknown): SovdError {
  return new SovdError({ code: 'x-medkit-subscribe-failed', parameters: { details: reasonOf(error), topic } });
}
