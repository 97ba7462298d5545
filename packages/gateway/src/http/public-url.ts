import type { IncomingMessage } from 'node:http';
import { API_BASE, SovdError } from '@medkit/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';

/** A path such as `/robot-7`, of characters that need no escape in an address, a header or HTML. */
const PREFIX = /^(?:\/[\w.~%-]+)*\/?$/;
const DOTS = /\/\.{1,2}(?:\/|$)/;

/** Under which this gateway is reached from outside, without a slash at its end; `undefined` where nobody said. */
export function publicUrl({ server }: Pick<GatewayConfig, 'server'>): string | undefined {
  return server.public_url.replace(/\/+$/, '') || undefined;
}

/**
 * Makes every `Location` begin with `url`, or with the prefix that a trusted proxy names: behind a proxy with a path, a client would
 * look for the path alone in the wrong place.
 */
export function absoluteLocations(app: FastifyInstance, url: string | undefined): void {
  app.addHook('onSend', ({ pathPrefix }, reply, payload, done) => {
    const location = reply.getHeader('location');
    if (typeof location === 'string' && location.startsWith(`${API_BASE}/`))
      reply.header('location', (url ?? pathPrefix) + location);
    done(null, payload);
  });
}

/**
 * Reads `X-Forwarded-Prefix` from the proxies of `server.trusted_proxies`: the path that the proxy removed, without a slash at its end.
 * Throws `invalid-request` if a trusted proxy sends what is no path.
 */
export function forwardedPrefix(proxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = trustedProxies(proxies);
  return ({ headers, socket }) => {
    const prefix = headers['x-forwarded-prefix'];
    if (prefix === undefined || !isTrusted?.(socket.remoteAddress)) return '';
    if (typeof prefix === 'string' && PREFIX.test(prefix) && !DOTS.test(prefix)) return prefix.replace(/\/$/, '');
    const message =
      'X-Forwarded-Prefix of the proxy is not one path such as /robot-7; correct the configuration of the proxy';
    throw new SovdError({ code: 'invalid-request', message });
  };
}

/** `url` without the path of `server.public_url`, for a proxy that passes the path unchanged. */
export function withoutPublicPath(url: string, publicPath: string): string {
  return publicPath !== '' && url.startsWith(`${publicPath}/`) ? url.slice(publicPath.length) : url;
}

/**
 * Where the pages begin, with a slash at its end: below the prefix of a trusted proxy, otherwise relative to the address of the request.
 * A relative address is right below any path that a proxy removes.
 */
export function pagesRoot({ pathPrefix, url }: Pick<FastifyRequest, 'pathPrefix' | 'url'>): string {
  if (pathPrefix !== '') return `${pathPrefix}/`;
  const path = url.split('?', 1)[0] ?? '';
  return '../'.repeat(Math.max(0, path.split('/').length - 2)) || './';
}
