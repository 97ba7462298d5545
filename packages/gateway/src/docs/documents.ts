import { createHash } from 'node:crypto';
import { API_BASE, openApiDocument, SovdError } from '@medkit/contract';
import { callContext, stringifyJson } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { putPage } from '../http/chain.ts';
import type { Page } from '../http/page-cache.ts';
import { sendJson } from '../http/send-json.ts';
import { sendPage } from '../http/send-stable.ts';
import { type ScopeSource, scopedRoutes } from './scoped-routes.ts';

/** Creating a document reads data from an entity; a request for documentation waits no longer than this. */
const CALL_TIMEOUT_MS = 5000;
/** Maximum base URLs with a cached document: a robot has one or two names. */
const MAX_CACHED = 8;
/** How long documents stay cached after the last request: each is 1.3 MB. */
export const CACHE_MS = 60_000;
/** Placeholder for the base URL of the client. */
const SOMEWHERE = 'http://somewhere.invalid/api/v1';

export interface DocumentsOptions extends ScopeSource {
  readonly enabled: boolean;
  readonly tokenNeeded: boolean;
  /** External URL of the gateway; the URL of each request unless given. */
  readonly publicUrl?: string | undefined;
  readonly clock: Clock;
}

/** Routes of `/api/v1/docs`, and `…/docs` below every resource (which the server rewrites to `/api/v1/docs/…`). */
export function documentRoutes({ enabled, tokenNeeded, publicUrl, clock, ...source }: DocumentsOptions) {
  return (app: FastifyInstance): void => {
    const path = `${API_BASE}/docs`;
    if (!enabled) {
      for (const url of [path, `${path}/*`]) putPage(app, url, 'public', disabled);
      return;
    }
    const serverUrl = (request: FastifyRequest): string => {
      // A fleet hub has another address for this gateway, and replaces paths with it.
      if (request.principal.kind === 'hub') return API_BASE;
      return publicUrl === undefined ? requestUrl(request) : publicUrl + API_BASE;
    };
    const pageFor = documentPages(
      () => stringifyJson(openApiDocument({ routes: source.routes, serverUrl: SOMEWHERE, tokenNeeded })),
      clock,
    );
    putPage(app, path, 'public', (request, reply) => {
      sendPage(request, reply, pageFor(serverUrl(request)));
    });
    putPage(app, `${path}/*`, 'read', async (request, reply) => {
      const scope = (request.params as { readonly '*': string })['*'];
      const routes = await scopedRoutes(scope, source, callContext({ clock, timeoutMs: CALL_TIMEOUT_MS }));
      const document = openApiDocument({ routes, serverUrl: serverUrl(request), tokenNeeded, titleSuffix: scope });
      return sendJson(reply, stringifyJson(document));
    });
  };
}

/**
 * Returns a function that gives the whole document for the base URL of a client. The document is created once while
 * clients request it. Above the maximum of base URLs, clients get a document with a relative one.
 */
export function documentPages(make: () => string, clock: Clock): (serverUrl: string) => Page {
  const cached = new Map<string, Page>();
  let document: { readonly parts: readonly string[]; readonly digest: string } | undefined;
  let forgetting: Timer | undefined;
  const forget = () => {
    cached.clear();
    document = undefined;
  };
  return (requested) => {
    forgetting?.cancel();
    forgetting = clock.after(CACHE_MS, forget);
    const serverUrl = cached.has(requested) || cached.size < MAX_CACHED ? requested : API_BASE;
    const known = cached.get(serverUrl);
    if (known) return known;
    if (!document) {
      const text = make();
      document = { parts: text.split(JSON.stringify(SOMEWHERE)), digest: digestOf(text) };
    }
    const bytes = Buffer.from(document.parts.join(JSON.stringify(serverUrl)));
    const page = { etag: `"${digestOf(document.digest + serverUrl)}"`, bytes };
    cached.set(serverUrl, page);
    return page;
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

export function disabled(): never {
  throw new SovdError({ code: 'not-implemented', message: 'Capability description is disabled' });
}

/** Returns the base URL that the client used; its host name is already checked. */
function requestUrl({ host, protocol, pathPrefix }: FastifyRequest): string {
  const path = pathPrefix + API_BASE;
  return host === '' ? path : `${protocol === 'https' ? 'https' : 'http'}://${host}${path}`;
}
