import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { FastifyReply } from 'fastify';

/** Returns the waiting time in the units of the headers: seconds, at least one, and seconds since 1970. */
export function retryTimes(clock: Pick<Clock, 'wallMs'>, waitMs: number): { seconds: number; reset: number } {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return { seconds, reset: Math.floor(clock.wallMs() / 1000) + seconds };
}

/** Returns the error for an exceeded rate limit; also sets the `Retry-After` header. */
export function rateLimitExceeded(
  reply: FastifyReply,
  parameters: { readonly retry_after: number; readonly limit: number; readonly reset: number },
): SovdError {
  reply.header('Retry-After', parameters.retry_after);
  return new SovdError({ code: 'rate-limit-exceeded', parameters });
}
