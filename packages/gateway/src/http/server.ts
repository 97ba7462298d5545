import type { IncomingMessage, RequestListener } from 'node:http';
import { SovdError } from '@medkit/contract';
import { dropMalformedTrace } from '@medkit/core';
import { type Clock, debug, type QuotaFigures } from '@medkit/edges';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  type onSendHookHandler,
} from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import type { AccountLimit, ScopeStep } from '../security/account-limit.ts';
import type { KnownRoles } from '../security/authorise.ts';
import type { Principals } from '../security/identify.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';
import { allowedMethods, methodNotAllowed } from './allowed-methods.ts';
import { answerUpgrades, type UpgradeRoute } from './answer-upgrades.ts';
import { type AccessWatch, type ChainSteps, openChain } from './chain.ts';
import { answerClientError, unknownMethod } from './client-error.ts';
import { boundConnections, type ConnectionBounds } from './connection-bounds.ts';
import type { Handlers } from './exchange.ts';
import { gate } from './gate.ts';
import type { GatewayTls } from './gateway-tls.ts';
import { heldBodies, jsonBodies } from './json-body.ts';
import { operationUrl } from './operation-url.ts';
import type { PageCache } from './page-cache.ts';
import { publicError, routeNotFound } from './public-error.ts';
import { absoluteLocations, publicUrl, withoutPublicPath } from './public-url.ts';
import { registerRoutes } from './register-routes.ts';
import { answerRepeatedReads, type RequestObserver } from './repeated-reads.ts';
import { sendJson } from './send-json.ts';
import { MAX_HEADER_BYTES, SERVER_LIMITS, serverTimes } from './server-limits.ts';
import type { UnroutedAddresses } from './unrouted-addresses.ts';

/**
 * HSTS: browsers use only HTTPS for this host for thirty days (RFC 6797). Not longer, since it applies to every port of
 * the machine. Not sent with a self-signed certificate: users could not get past the browser's warning.
 */
const HTTPS_ALONE = 'max-age=2592000';

export interface ServerOptions extends ChainSteps {
  readonly config: GatewayConfig;
  readonly handlers: Handlers;
  readonly pages: PageCache;
  readonly clock: Clock;
  readonly machineName: string;
  readonly identify: Principals['identify'];
  /** Rate limits and the audit of refusals. */
  readonly watch?: AccessWatch | undefined;
  /** The roles that a refusal names; absent without accounts. */
  readonly roles?: KnownRoles | undefined;
  /** Checks the requests of principals that are limited to robots; without it, these have no robots. */
  readonly limit?: AccountLimit | undefined;
  /** Checks the requests of principals with scopes; without it, these have no entities. */
  readonly scopes?: ScopeStep | undefined;
  /** Present if the gateway serves HTTPS. */
  readonly tls?: GatewayTls | undefined;
  /** Logs what is not disclosed to clients: the reason of an `internal-error`. */
  readonly logError: (message: string, traceparent: string | undefined) => void;
  /** Limits of the number of connections; the defaults unless given. */
  readonly bounds?: ConnectionBounds | undefined;
  /** Receives the counts of connections and of bytes of held bodies, for `/health`. */
  readonly onConnections?: (connections: { figures(): QuotaFigures }, bodies: { figures(): QuotaFigures }) => void;
  /** The route whose requests become other connections; absent if there is none. */
  readonly upgrade?: UpgradeRoute | undefined;
  /** Returns the URL that is served for a URL without the path of `server.public_url`. */
  readonly rewriteUrl?: ((url: string, request: IncomingMessage) => string) | undefined;
  /** Further routes: documentation and pages. */
  readonly plugins: readonly ((app: FastifyInstance) => void)[];
  /** Handler for addresses without a route, if there is one. */
  readonly unknown?: UnroutedAddresses | undefined;
  /** Measures requests; absent if metrics are disabled. */
  readonly observer?: RequestObserver | undefined;
  /** Runs before every reply is sent; tests check replies against their schemas here. */
  readonly onSend?: onSendHookHandler;
}

/**
 * Bodies are checked against the schemas of the contract, and replies are already text. This avoids loading Fastify's
 * compilers, ten megabytes.
 */
const COMPILERS = {
  buildValidator: () => () => () => true,
  buildSerializer: () => () => JSON.stringify,
} as unknown as NonNullable<FastifyServerOptions['schemaController']>['compilersFactory'];

/** Creates the HTTP server; it does not listen yet. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { config, clock, handlers, pages, guard, record, logError, tls, unknown } = options;
  const trustProxy = trustedProxies(config.server.trusted_proxies);
  const outside = publicUrl(config);
  const publicPath = outside === undefined ? '' : new URL(outside).pathname.replace(/\/$/, '');
  const times = serverTimes(config);
  const app: FastifyInstance = Fastify({
    logger: false,
    ...(trustProxy && { trustProxy }),
    ...times,
    ...(tls
      ? { serverFactory: (handler: RequestListener) => tls.createServer(handler, { ...SERVER_LIMITS, ...times }) }
      : { http: SERVER_LIMITS }),
    schemaController: { compilersFactory: COMPILERS! },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_HEADER_BYTES },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => sendError(reply as unknown as FastifyReply, publicError(error)),
    rewriteUrl: (raw) => {
      const outer = withoutPublicPath(raw.url ?? '/', publicPath);
      const path = options.rewriteUrl?.(outer, raw) ?? outer;
      return scopedDocumentUrl(path) ?? operationUrl(path) ?? path;
    },
  });
  let closing = false;
  options.observer?.observe(app);
  // Not with rate limits or the debug log, which must see every request.
  if (!config.rate_limiting.enabled && !debug.http) {
    const { identify, observer } = options;
    answerRepeatedReads(app, { identify, isClosing: () => closing, observer, clock });
  }
  const bodies = heldBodies();
  const connections = boundConnections(app.server, clock, options.bounds, tls?.rawOf);
  options.onConnections?.(connections, bodies);
  if (options.upgrade) answerUpgrades(app.server, options.upgrade, { connections, isClosing: () => closing });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i, jsonBodies(clock, config.server, bodies));

  app.setErrorHandler((error, request, reply) => {
    const failure = publicError(error);
    if (failure.code === 'internal-error' && !(error instanceof SovdError)) {
      options.observer?.failed?.(request, reply);
      logError(
        `${request.method} ${redactUrl(request)}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
        request.raw.headers['traceparent'] as string | undefined,
      );
    }
    sendError(reply, failure);
  });
  const methodsOf = allowedMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request;
    if (!KNOWN_METHODS.has(method)) throw unknownMethod();
    const allowed = methodsOf(url);
    if (allowed.length === 0 && unknown?.isOne(request)) return unknown.answer(request, reply);
    if (allowed.length === 0) throw routeNotFound();
    reply.header('Allow', allowed.join(', '));
    throw methodNotAllowed(method, allowed);
  });

  app.decorateRequest('pathPrefix', '');
  const pass = gate(config, options.machineName);
  const letIn = openChain(app, options.identify, {
    watch: options.watch,
    unknown,
    roles: options.roles,
    limit: options.limit,
    scopes: options.scopes,
  });
  app.addHook('preClose', async () => {
    closing = true;
    tls?.cutOff();
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (closing) {
      reply.header('Connection', 'close');
      throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
    }
    dropMalformedTrace(request.raw.headers);
    if (tls && !tls.isSelfSigned) reply.header('Strict-Transport-Security', HTTPS_ALONE);
    if (pass(request, reply) === 'answered') return;
    const pending = letIn(request, reply);
    if (pending) pending.then(() => done(), done);
    else done();
  });
  if (options.onSend) app.addHook('onSend', options.onSend);
  if (debug.http) {
    app.addHook('onResponse', (request, reply, done) => {
      const { statusCode, elapsedTime } = reply;
      debug.http?.(`${request.method} ${redactUrl(request)}: ${statusCode} after ${elapsedTime.toFixed(1)} ms`);
      done();
    });
  }
  absoluteLocations(app, outside);

  registerRoutes(app, { handlers, pages, clock, guard, record });
  for (const plugin of options.plugins) plugin(app);
  return app;
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** Returns the URL for logs: only its route if the URL contains a secret parameter, and no query without a route. */
function redactUrl({ url, routeOptions }: FastifyRequest): string {
  const { route } = routeOptions.config;
  if (!route) return url.split('?', 1)[0] ?? '';
  return route.parameters.some(({ secret }) => secret) ? route.path : url;
}

function sendError(reply: FastifyReply, error: SovdError): void {
  sendJson(reply.code(error.status).header('Cache-Control', 'no-store'), JSON.stringify(error.body()));
}

/** Clients request `…/apps/x/docs` below the entity, but one route serves it: `…/docs/apps/x`. */
function scopedDocumentUrl(url: string): string | undefined {
  const scope = /^\/api\/v1\/([^?]+)\/docs\/?(?:\?.*)?$/.exec(url)?.[1];
  return scope === undefined ? undefined : `/api/v1/docs/${scope}`;
}
