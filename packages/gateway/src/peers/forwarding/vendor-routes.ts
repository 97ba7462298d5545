import {
  ALL_KINDS,
  ALL_ROUTES,
  API_BASE,
  entityParameter,
  entityPath,
  KIND_TERMS,
  type KindTerms,
  type Method,
  type Route,
} from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Recorder } from '../../http/chain.ts';
import { CALL_TIMEOUT_MS, RequestExchange } from '../../http/exchange.ts';
import { sendForwarded } from '../../http/forwarded-reply.ts';
import { exclusiveOwner } from './forward-guard.ts';
import { forwardRequest, pathAfterEntity } from './forward-request.ts';

const METHODS: readonly Method[] = ['get', 'put', 'post', 'delete'];

/**
 * Collections of the contract below an entity: paths below them are checked here, and forwarded only as routes of the
 * contract.
 */
const KNOWN: ReadonlySet<string> = new Set(
  ALL_ROUTES.flatMap(({ kind, path }) => (kind === undefined ? [] : (path.split('/')[3] ?? []))),
);

export interface VendorRoutesOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly record: Recorder;
  /** Timeout of changing requests, milliseconds. */
  readonly changeTimeoutMs: number;
}

/**
 * Forwards requests without a local route on an entity of a peer: a plugin there may have one. Requires the default
 * permissions of a plugin's route: to read, or to change something through plugins.
 */
export function vendorRoutes({ model, clock, record, changeTimeoutMs }: VendorRoutesOptions) {
  const placeOf = (route: Route, request: FastifyRequest, reply: FastifyReply) => {
    const exchange = new RequestExchange(route, request, reply, clock);
    const path = pathAfterEntity(exchange.url);
    const place = isUnknown(path) && exclusiveOwner(model, exchange);
    return place ? { exchange, path, place } : undefined;
  };
  const answer = async (route: Route, request: FastifyRequest, reply: FastifyReply) => {
    const found = placeOf(route, request, reply);
    if (!found) return reply.callNotFound();
    const { exchange, path, place } = found;
    const timeoutMs = route.method === 'get' ? CALL_TIMEOUT_MS : changeTimeoutMs;
    return sendForwarded(request, reply, await forwardRequest(model, place, { exchange, path, timeoutMs }));
  };
  const put = (app: FastifyInstance, route: Route): void => {
    const { onRequest, onSend } = record(route);
    const begin = onRequest as ((request: FastifyRequest) => Promise<void>) | undefined;
    app.route({
      method: route.method,
      url: `${API_BASE}/${route.path.split('/')[1]}/:${route.parameters[0]?.name}/*`,
      // Not a route of this gateway: the router treats its addresses as without it.
      config: { permission: route.permission, refused: true },
      handler: (request, reply) => answer(route, request, reply),
      ...(begin && {
        onRequest: async (request: FastifyRequest, reply: FastifyReply) =>
          placeOf(route, request, reply) ? begin(request) : undefined,
      }),
      ...(onSend && { onSend }),
    });
  };
  return (app: FastifyInstance): void => {
    app.register(async (scope) => {
      // Bodies that are not JSON are forwarded unchanged.
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      for (const kind of ALL_KINDS) for (const method of METHODS) put(scope, vendorRoute(KIND_TERMS[kind], method));
    });
  };
}

/** Returns whether the first segment after an entity is plain and not part of the contract in any spelling. */
function isUnknown(path: string): boolean {
  const [, segment = '', ...rest] = path.split('/');
  return /^[\w.~-]+$/.test(segment) && !KNOWN.has(segment) && !rest.slice(0, -1).includes('');
}

function vendorRoute(names: KindTerms, method: Method): Route {
  const resource = { name: 'resource', in: 'path', description: '', schema: {}, spansSlashes: true } as const;
  return {
    method,
    path: `${entityPath(names)}/{resource}`,
    operationId: `${method}${names.cap}VendorResource`,
    permission: method === 'get' ? 'read' : 'plugins',
    tag: 'Plugins',
    summary: '',
    description: '',
    kind: names.kind,
    parameters: [entityParameter(names), resource],
    responses: {},
    errors: [],
  };
}
