import type { FastifyReply } from 'fastify';

/**
 * What the pages may do: run and load what lies beside them, and ask this gateway. Text never becomes a script (Trusted Types); the
 * policy `medkit` lets through the addresses of their own workers.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types medkit',
].join('; ');

/** Bounds what a page, or a worker of it, may do; an image that is opened by itself as well. */
export function boundPage(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'Content-Security-Policy': PAGE_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
}
