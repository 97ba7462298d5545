import type { FastifyReply } from 'fastify';

/**
 * Permissions of the pages: run and load files of the gateway, and send requests to it. Text never becomes a script
 * (Trusted Types); the policy `medkit` permits the URLs of their workers.
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

/** Restricts what a page, a worker of it, or an image opened directly may do. */
export function boundPage(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'Content-Security-Policy': PAGE_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
}
