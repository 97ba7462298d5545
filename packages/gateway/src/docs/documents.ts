import { API_BASE, openApiDocument, SovdError } from '@medkit/contract';
import { callContext, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendJson } from '../http/send-json.ts';
import { type ScopeSource, scopedRoutes } from './scoped-routes.ts';

/** Making a document asks an entity for its data; nobody waits longer than this for documentation. */
const CALL_TIMEOUT_MS = 5000;

export interface DocumentsOptions extends ScopeSource {
  readonly enabled: boolean;
  readonly tokenNeeded: boolean;
  readonly clock: Clock;
}

/** `/api/v1/docs`, and `…/docs` below every resource (which the server rewrites to `/api/v1/docs/…`). */
export function documentRoutes({ enabled, tokenNeeded, clock, ...source }: DocumentsOptions) {
  return (app: FastifyInstance): void => {
    const path = `${API_BASE}/docs`;
    if (!enabled) {
      for (const url of [path, `${path}/*`]) app.get(url, { config: { public: true } }, disabled);
      return;
    }
    app.get(path, { config: { public: true } }, (request, reply) => {
      const document = openApiDocument({ routes: source.routes, serverUrl: serverUrl(request), tokenNeeded });
      sendJson(reply, stringifyJson(document));
    });
    app.get(`${path}/*`, async (request, reply) => {
      const scope = (request.params as { readonly '*': string })['*'];
      const routes = await scopedRoutes(scope, source, callContext({ clock, timeoutMs: CALL_TIMEOUT_MS }));
      const document = openApiDocument({ routes, serverUrl: serverUrl(request), tokenNeeded, titleSuffix: scope });
      return sendJson(reply, stringifyJson(document));
    });
  };
}

export function disabled(): never {
  throw new SovdError({ code: 'not-implemented', message: 'Capability description is disabled' });
}

/** As the client addressed it: its host name was checked before. */
function serverUrl({ headers }: FastifyRequest): string {
  return headers.host === undefined ? API_BASE : `http://${headers.host}${API_BASE}`;
}
