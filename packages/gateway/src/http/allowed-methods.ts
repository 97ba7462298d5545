import { SovdError } from '@medkit/contract';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route exists only to explain why the method is refused. */
    readonly refused?: boolean;
  }
}

/**
 * Returns a function that lists the allowed methods of a URL, for all routes registered on `app` from now on. The list
 * is empty if no route matches.
 */
export function allowedMethods(app: FastifyInstance): (url: string) => readonly string[] {
  const byPattern = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method, config }) => {
    if ((config as { readonly refused?: boolean } | undefined)?.refused) return;
    const known = byPattern.get(url) ?? { matches: patternOf(url), methods: new Set() };
    byPattern.set(url, known);
    for (const name of [method].flat()) known.methods.add(name);
  });
  return (url) => {
    const path = url.split('?', 1)[0] as string;
    const found = [...byPattern.values()].filter(({ matches }) => matches.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  };
}

/** Error for a known address that does not support the method. The response names the supported methods in `Allow`. */
export function methodNotAllowed(method: string, allowed: readonly string[]): SovdError {
  const message = `This address does not support ${method}: it supports ${allowed.join(', ')}`;
  return new SovdError({ code: 'invalid-request', status: 405, message });
}

/** Converts a route in the router's notation to a regular expression. */
function patternOf(url: string): RegExp {
  const pattern = url
    .replaceAll(/[.+?^$()|[\]\\{}]/g, '\\$&')
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${pattern}/?$`);
}
