import type { IncomingMessage } from 'node:http';
import { API_BASE, SovdError } from '@medkit/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';

/** A location in the API of this gateway, or of a robot of a fleet hub. */
const LOCATION = new RegExp(`^(?:/fleet/[^/]+)?${API_BASE}/`);
/** A path such as `/robot-7`, of characters that need no escape in an address, a header or HTML. */
const PREFIX = /^(?:\/[\w.~%-]+)*\/?$/;
const DOTS = /\/\.{1,2}(?:\/|$)/;

/** Returns the configured external URL of this gateway, without a trailing slash; `undefined` if none is configured. */
export function publicUrl({ server }: Pick<GatewayConfig, 'server'>): string | undefined {
  return server.public_url.replace(/\/+$/, '') || undefined;
}

/**
 * Prefixes every `Location` with `url`, or with the prefix of a trusted proxy. Behind a proxy with a path, the bare
 * path would be wrong.
 */
export function absoluteLocations(app: FastifyInstance, url: string | undefined): void {
  app.addHook('onSend', ({ pathPrefix }, reply, payload, done) => {
    const location = reply.getHeader('location');
    if (typeof location === 'string' && LOCATION.test(location))
      reply.header('location', (url ?? pathPrefix) + location);
    done(null, payload);
  });
}

/**
 * Reads `X-Forwarded-Prefix` from the proxies of `server.trusted_proxies`: the path that the proxy removed, without a
 * trailing slash. Throws `invalid-request` if a trusted proxy sends an invalid path.
 */
export function forwardedPrefix(proxies: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = trustedProxies(proxies);
  return ({ headers, socket }) => {
    const prefix = headers['x-forwarded-prefix'];
    if (prefix === undefined || !isTrusted?.(socket.remoteAddress)) return '';
    if (typeof prefix === 'string' && PREFIX.test(prefix) && !DOTS.test(prefix)) return prefix.replace(/\/$/, '');
    const message =
      'X-Forwarded-Prefix of the proxy is not a single path such as /robot-7; correct the configuration of the proxy';
    throw new SovdError({ code: 'invalid-request', message });
  };
}

/** `url` without the path of `server.public_url`, for a proxy that passes the path unchanged. */
export function withoutPublicPath(url: string, publicPath: string): string {
  return publicPath !== '' && url.startsWith(`${publicPath}/`) ? url.slice(publicPath.length) : url;
}

/**
 * Returns the base URL of the pages, with a trailing slash: below the prefix of a trusted proxy, otherwise relative to
 * the URL of the request. A relative URL is right below any path that a proxy removes.
 */
export function pagesRoot({ pathPrefix, url }: Pick<FastifyRequest, 'pathPrefix' | 'url'>): string {
  if (pathPrefix !== '') return `${pathPrefix}/`;
  const path = url.split('?', 1)[0] ?? '';
  return '../'.repeat(Math.max(0, path.split('/').length - 2)) || './';
}
