import { SovdError } from '@medkit/contract';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** There only to say why it is not. */
    readonly refused?: boolean;
  }
}

/** Tells which methods an address takes, of all routes that `app` is given from now on; none where no route has it. */
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

/** The address is there, but is not for this. The reply says in `Allow` what it is for. */
export function methodNotAllowed(method: string, allowed: readonly string[]): SovdError {
  const message = `This address does not take ${method}: it takes ${allowed.join(', ')}`;
  return new SovdError({ code: 'invalid-request', status: 405, message });
}

/** The addresses of a route in the router's notation. */
function patternOf(url: string): RegExp {
  const pattern = url
    .replaceAll(/[.+?^$()|[\]\\{}]/g, '\\$&')
    .replaceAll(/:\w+/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${pattern}/?$`);
}
