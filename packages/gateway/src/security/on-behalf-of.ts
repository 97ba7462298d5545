import type { FastifyRequest } from 'fastify';

/** Names for whom a gateway asks that shows the entities of this one. */
const HEADER = 'x-medkit-on-behalf-of';

type Asked = Pick<FastifyRequest, 'headers' | 'principal'>;

/** For whom a request is, as the other gateway says that sent it: taken from one that has the token, and no right hangs on it. */
export function onBehalfOf({ headers, principal }: Asked): string | undefined {
  const name = headers[HEADER];
  return principal.kind === 'token' && typeof name === 'string' && /^[\w.@:+-]{1,128}$/.test(name) ? name : undefined;
}

/** For whom this gateway asks another one; `undefined` where nobody had to say who it is. */
export function askedFor(request: Asked): string | undefined {
  const { kind, id } = request.principal;
  return onBehalfOf(request) ?? (kind === 'anonymous' ? undefined : id);
}
