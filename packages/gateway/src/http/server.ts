import type { RequestListener } from 'node:http';
import { SovdError } from '@medkit/contract';
import type { Clock, QuotaFigures } from '@medkit/edges';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  type onSendHookHandler,
} from 'fastify';
import type { GatewayConfig } from '../config/index.ts';
import { gate } from '../security/gate.ts';
import type { Principals } from '../security/identify.ts';
import { trustedProxies } from '../security/trusted-proxies.ts';
import type { GatewayTls } from '../tls/gateway-tls.ts';
import { allowedMethods, methodNotAllowed } from './allowed-methods.ts';
import { type AccessWatch, type ChainSteps, openChain } from './chain.ts';
import { answerClientError, unknownMethod } from './client-error.ts';
import { boundConnections, type ConnectionBounds } from './connection-bounds.ts';
import type { Handlers } from './exchange.ts';
import { heldBodies, jsonBodies } from './json-body.ts';
import { operationUrl } from './operation-url.ts';
import type { PageCache } from './page-cache.ts';
import { publicError, routeNotFound } from './public-error.ts';
import { absoluteLocations, publicUrl, withoutPublicPath } from './public-url.ts';
import { registerRoutes } from './register-routes.ts';
import { answerRepeatedReads } from './repeated-reads.ts';
import { sendJson } from './send-json.ts';
import type { UnknownAddresses } from './unknown-addresses.ts';

/** Octets of all request headers together, address included: four of the longest lines that a client may send. */
const MAX_HEADER_BYTES = 32_768;
/**
 * A client that takes longer to send its headers, or its whole request, holds a connection for nothing. An upload over a
 * robot's radio may take minutes.
 */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 300_000;
/**
 * A connection on which nothing moves for longer is of a client that does not read what it asked for: no answer takes so long,
 * but for that of a service, which may take what the configuration gives it besides.
 */
const STANDSTILL_MS = 600_000;
/** How often connections are looked through for those that take too long. */
const CHECK_MS = 1000;
/**
 * For thirty days browsers come to this name by HTTPS alone (RFC 6797). No longer: it counts for every port of the machine. With
 * a certificate that nobody vouches for, a person could then not go on at all.
 */
const HTTPS_ALONE = 'max-age=2592000';

export interface ServerOptions extends ChainSteps {
  readonly config: GatewayConfig;
  readonly handlers: Handlers;
  readonly pages: PageCache;
  readonly clock: Clock;
  readonly machineName: string;
  readonly identify: Principals['identify'];
  /** Limits how often somebody may ask; absent where nothing does. */
  readonly watch?: AccessWatch | undefined;
  /** Where it speaks HTTPS. */
  readonly tls?: GatewayTls | undefined;
  /** Told of what clients are not told: the reason of an `internal-error`. */
  readonly logError: (message: string) => void;
  /** How many connections there may be; as many as usual unless given. */
  readonly bounds?: ConnectionBounds | undefined;
  /** Receives the counts of connections and of the octets of bodies that are held, for `/health`. */
  readonly onConnections?: (connections: { figures(): QuotaFigures }, bodies: { figures(): QuotaFigures }) => void;
  /** Further routes: documentation and the pages. */
  readonly plugins: readonly ((app: FastifyInstance) => void)[];
  /** What is answered though no route has it, where there is such. */
  readonly unknown?: UnknownAddresses | undefined;
  /** Sees every reply before it leaves; tests check replies against their schemas here. */
  readonly onSend?: onSendHookHandler;
}

/**
 * Bodies are checked by the contract's own schemas, and replies are texts already: the compilers that Fastify would load,
 * ten megabytes of them, have nothing to do.
 */
const COMPILERS = {
  buildValidator: () => () => () => true,
  buildSerializer: () => () => JSON.stringify,
} as unknown as NonNullable<FastifyServerOptions['schemaController']>['compilersFactory'];

/** The HTTP server, not yet listening. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { config, clock, handlers, pages, guard, record, logError, tls, unknown } = options;
  const trustProxy = trustedProxies(config.server.trusted_proxies);
  const outside = publicUrl(config);
  const publicPath = outside === undefined ? '' : new URL(outside).pathname.replace(/\/$/, '');
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_MS,
    requireHostHeader: false,
  };
  const times = {
    keepAliveTimeout: config.server.keep_alive_timeout_sec * 1000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: STANDSTILL_MS + config.service_call_timeout_sec * 1000,
  };
  const app: FastifyInstance = Fastify({
    logger: false,
    ...(trustProxy && { trustProxy }),
    ...times,
    ...(tls
      ? { serverFactory: (handler: RequestListener) => tls.createServer(handler, { ...limits, ...times }) }
      : { http: limits }),
    schemaController: { compilersFactory: COMPILERS! },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_HEADER_BYTES },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => sendError(reply as unknown as FastifyReply, publicError(error)),
    rewriteUrl: ({ url: asked = '/' }) => {
      const path = withoutPublicPath(asked, publicPath);
      return scopedDocumentUrl(path) ?? operationUrl(path) ?? path;
    },
  });
  let closing = false;
  // Each request counts where a client may ask too often.
  if (!config.rate_limiting.enabled) {
    answerRepeatedReads(app, { identify: options.identify, isClosing: () => closing });
  }
  const bodies = heldBodies();
  options.onConnections?.(boundConnections(app.server, clock, options.bounds, tls?.rawOf), bodies);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i, jsonBodies(clock, config.server, bodies));

  app.setErrorHandler((error, request, reply) => {
    const told = publicError(error);
    if (told.code === 'internal-error' && !(error instanceof SovdError)) {
      logError(
        `${request.method} ${shownUrl(request)}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
    }
    sendError(reply, told);
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
  const letIn = openChain(app, options.identify, options.watch, unknown);
  app.addHook('preClose', async () => {
    closing = true;
    tls?.cutOff();
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (closing) {
      reply.header('Connection', 'close');
      throw new SovdError({ code: 'x-medkit-gateway-shutdown' });
    }
    if (tls && !tls.isSelfSigned) reply.header('Strict-Transport-Security', HTTPS_ALONE);
    if (pass(request, reply) === 'answered') return;
    const pending = letIn(request, reply);
    if (pending) pending.then(() => done(), done);
    else done();
  });
  if (options.onSend) app.addHook('onSend', options.onSend);
  absoluteLocations(app, outside);

  registerRoutes(app, { handlers, pages, clock, guard, record });
  for (const plugin of options.plugins) plugin(app);
  return app;
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);

/** As it came, but for an address that lets somebody do something. */
function shownUrl({ url, routeOptions }: FastifyRequest): string {
  const { route } = routeOptions.config;
  return route?.parameters.some(({ secret }) => secret) ? route.path : url;
}

function sendError(reply: FastifyReply, error: SovdError): void {
  sendJson(reply.code(error.status).header('Cache-Control', 'no-store'), JSON.stringify(error.body()));
}

/** `…/apps/x/docs` is asked for below the entity but served by one route: `…/docs/apps/x`. */
function scopedDocumentUrl(url: string): string | undefined {
  const scope = /^\/api\/v1\/([^?]+)\/docs\/?(?:\?.*)?$/.exec(url)?.[1];
  return scope === undefined ? undefined : `/api/v1/docs/${scope}`;
}
