import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { FastifyReply } from 'fastify';

/** So many milliseconds from now, as headers say it: in seconds, one at least, and as seconds since 1970. */
export function whenAgain(clock: Pick<Clock, 'wallMs'>, waitMs: number): { seconds: number; reset: number } {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return { seconds, reset: Math.floor(clock.wallMs() / 1000) + seconds };
}

/** The error of whoever asks too often. Says for how long in the header as well. */
export function rateLimitExceeded(
  reply: FastifyReply,
  parameters: { readonly retry_after: number; readonly limit: number; readonly reset: number },
): SovdError {
  reply.header('Retry-After', parameters.retry_after);
  return new SovdError({ code: 'rate-limit-exceeded', parameters });
}
