import { API_BASE, ROUTES, type Route, type RouteName } from '@medkit/contract';
import { isPromise, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { Answer } from './answer.ts';
import { bodyCheck } from './body-fields.ts';
import { acceptBytes } from './byte-body.ts';
import { type AnyHandler, type ChainSteps, chained } from './chain.ts';
import { EventReply, sendEvents } from './event-reply.ts';
import { entityIdOf, type Handlers, RequestExchange } from './exchange.ts';
import { FileReply, sendFile } from './file-reply.ts';
import { acceptForms } from './form-body.ts';
import { ForwardedReply, sendForwarded } from './forwarded-reply.ts';
import { LinesReply, sendLines } from './lines-reply.ts';
import type { PageCache } from './page-cache.ts';
import { PictureReply, sendPicture } from './picture-reply.ts';
import { queryCheck } from './query-check.ts';
import { isCompressed, sendFresh } from './send-fresh.ts';
import { sendJson } from './send-json.ts';
import { sendPage, sendStable } from './send-stable.ts';
import { SharedPartsBody, StableBody } from './stable-body.ts';
import { StreamReply, sendStream } from './stream-reply.ts';
import { TextReply } from './text-reply.ts';
import { acceptUploads } from './upload-parts.ts';

export interface RoutesOptions extends ChainSteps {
  readonly handlers: Handlers;
  readonly pages: PageCache;
  readonly clock: Clock;
}

/** Registers every route of the contract with its handler. Throws if a route or a handler is missing. */
export function registerRoutes(app: FastifyInstance, { handlers, pages, clock, ...steps }: RoutesOptions): void {
  assertComplete(handlers);
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const handler = handlers[name] as AnyHandler;
    for (const route of ROUTES[name] as readonly Route[]) {
      registerRoute(app, route, handler, { clock, pages, ...steps });
    }
  }
}

/** Registers one route with its handler and the whole chain. */
export function registerRoute(
  app: FastifyInstance,
  route: Route,
  service: AnyHandler,
  { clock, pages, ...steps }: Omit<RoutesOptions, 'handlers'>,
): void {
  const { method, permission, body } = route;
  const { handler: guarded, hooks } = chained(route, service, steps);
  const handler: RouteHandlerMethod = route.cached
    ? cachedHandler(route, guarded, pages, clock)
    : liveHandler(route, guarded, clock);
  const config = { permission, route, carriesMessage: body?.carriesMessage === true };
  // A separate HEAD route from Fastify would cost a twentieth of the CPU time of a start.
  const methods = method === 'get' ? ['GET', 'HEAD'] : [method];
  const options = { method: methods, url: routerUrl(route), handler, config, exposeHeadRoute: false, ...hooks };
  const accept = acceptOf(body);
  if (!accept) app.route(options);
  else {
    // In a separate scope: otherwise the setup for uploads would run for every request of other routes.
    app.register(async (scope) => {
      accept(scope, route);
      scope.route(options);
    });
  }
}

/** Returns the setup for a body that is not JSON. */
function acceptOf(body: Route['body']): ((app: FastifyInstance, route: Route) => void) | undefined {
  if (body?.form) return acceptForms;
  if (body?.media === 'application/x-tar') return acceptBytes;
  return body?.media && acceptUploads;
}

/**
 * Converts `/apps/{app_id}/data/{data_id}` to the router's notation, where a parameter that spans slashes takes the
 * rest.
 */
export function routerUrl({ path, parameters }: Route): string {
  return parameters.reduce(
    (url, { name, spansSlashes }) => url.replace(`{${name}}`, spansSlashes ? '*' : `:${name}`),
    API_BASE + path,
  );
}

function liveHandler(route: Route, handler: AnyHandler, clock: Clock) {
  const { body } = route;
  const check = body && !body.media && (body.checkedByHandler ? () => undefined : bodyCheck(body.schema));
  const checkQuery = queryCheck(route);
  return (request: FastifyRequest, reply: FastifyReply): Promise<unknown> | undefined => {
    checkQuery?.(request.query as Readonly<Record<string, unknown>>);
    if (check) check(bodyOf(request));
    const result = handler(new RequestExchange(route, request, reply, clock));
    if (isPromise(result)) return result.then((later) => send(route, request, reply, later) ?? reply);
    return send(route, request, reply, result);
  };
}

/** Sends the result of a handler; returns a promise if that is asynchronous. */
function send(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  result: unknown,
): Promise<FastifyReply> | undefined {
  if (result instanceof EventReply) return sendEvents(request, reply, result);
  if (result instanceof ForwardedReply) return sendForwarded(request, reply, result);
  if (result instanceof FileReply) sendFile(request, reply, result);
  else if (result instanceof PictureReply) sendPicture(request, reply, result);
  else if (result instanceof LinesReply) sendLines(request, reply, result);
  else if (result instanceof StreamReply) sendStream(request, reply, result);
  else if (result instanceof TextReply) sendText(route, reply, result);
  else if (result instanceof Answer) sendAnswer(route, reply.header('Cache-Control', 'no-store'), result);
  else return later(sendBody(request, reply.header('Cache-Control', 'no-store'), result));
  return undefined;
}

/** Returns the promise of a reply; `undefined` if the reply is already sent. */
function later(sent: FastifyReply | Promise<FastifyReply>): Promise<FastifyReply> | undefined {
  return sent instanceof Promise ? sent : undefined;
}

function sendBody(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply | Promise<FastifyReply> {
  if (body instanceof StableBody) return sendStable(request, reply, body.bytes, body.isCurrent);
  if (!(body instanceof SharedPartsBody)) return sendFresh(request, reply, stringifyJson(body));
  const { again, text } = body;
  // A body that is compressed for each client is always created again.
  if (again && !isCompressed(request, text)) reply.renew = again;
  return sendFresh(request, reply, text);
}

/** Returns the JSON of a request; an empty object if it has no body, since members may be optional. */
function bodyOf({ body }: FastifyRequest): unknown {
  return body === undefined ? {} : body;
}

function sendAnswer(route: Route, reply: FastifyReply, { status, headers, body }: Answer<unknown>): FastifyReply {
  reply.code(status ?? emptyStatusOf(route)).headers(headers);
  return body === undefined ? reply.send() : sendJson(reply, stringifyJson(body));
}

/** Returns the declared status of the reply without a body. */
function emptyStatusOf({ responses }: Route): number {
  const [status = 204] = Object.keys(responses).filter((each) => {
    const { schema, media } = responses[Number(each)] ?? {};
    return schema === undefined && media === undefined;
  });
  return Number(status);
}

function sendText(
  { responses, foreignErrors }: Route,
  reply: FastifyReply,
  { status, text, headers, media: named }: TextReply,
): FastifyReply {
  const media = named ?? (responses[status] ?? foreignErrors?.[status])?.media ?? 'text/plain';
  return reply
    .code(status)
    .headers(headers)
    .type(`${media}; charset=utf-8`)
    .header('Cache-Control', 'no-store')
    .send(text);
}

function cachedHandler(route: Route, handler: AnyHandler, pages: PageCache, clock: Clock) {
  const checkQuery = queryCheck(route);
  // What a limited account sees changes without the tree.
  const live = liveHandler(route, handler, clock);
  return (request: FastifyRequest, reply: FastifyReply): unknown => {
    if (request.fleetView || request.visibleEntities) return live(request, reply);
    checkQuery?.(request.query as Readonly<Record<string, unknown>>);
    const key = `${route.path} ${entityIdOf(route, request)}`;
    const make = () => stringifyJson(handler(new RequestExchange(route, request, reply, clock)));
    const page = pages.get(key) ?? pages.make(key, make);
    sendPage(request, reply, page, () => pages.get(key) === page);
  };
}

function assertComplete(handlers: Handlers): void {
  const missing = Object.keys(ROUTES).filter((name) => !(name in handlers));
  const surplus = Object.keys(handlers).filter((name) => !(name in ROUTES));
  if (missing.length + surplus.length > 0) {
    throw new Error(`routes without handler: [${missing}], handlers without route: [${surplus}]`);
  }
}
