import type { Route } from '@medkit/contract';
import { isPromise, type Principal } from '@medkit/core';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteShorthandOptions } from 'fastify';
import { challengeOf, isAuthorised, type Need, notAuthorised } from '../security/authorise.ts';
import type { Principals } from '../security/identify.ts';
import type { Asking, Credential, Identity } from '../security/identity.ts';
import type { Exchange } from './exchange.ts';
import type { UnknownAddresses } from './unknown-addresses.ts';

/**
 * What every request passes, in this order: on routes of the contract and of plugins, cached ones and streams among them, on
 * documents and pages, and where there is no route at all. A record is opened before the locks are asked, as it tells what
 * they refused; a stranger leaves none. What only reads is neither recorded nor locked.
 */
export const CHAIN = ['identify', 'limit', 'authorise', 'open record', 'lock', 'handle', 'close record'] as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** The path below which the client reaches this gateway, such as `/robot-7`; `''` if no trusted proxy names one. */
    pathPrefix: string;
    /** Who sent it. */
    principal: Principal;
    /** What it was let in by. */
    credential: Credential;
  }
  interface FastifyContextConfig {
    /** What the route needs. */
    readonly permission?: Need;
    /** The one of the contract, or of a plugin; none of a document or a page. */
    readonly route?: Route;
    /** Serves a file of the distribution, the same for every client, to pages of any origin. */
    readonly isStatic?: boolean;
  }
}

export type AnyHandler = (exchange: Exchange) => unknown;

/** Gives the handler that is to be asked in the place of a route's own: the same where there is nothing to guard. */
export type Guard = (route: Route, handler: AnyHandler) => AnyHandler;

/** What sees every request on a route, whatever becomes of it once it was let in, and every reply before it leaves. */
type RouteHooks = Pick<RouteShorthandOptions, 'onRequest' | 'onSend'>;

/** Gives the hooks that write down the requests on a route; none where they change nothing. */
export type Recorder = (route: Route) => RouteHooks;

/** The steps of the chain that know the robot. */
export interface ChainSteps {
  /** Stands before every handler. */
  readonly guard: Guard;
  /** Opens and closes the records of requests. */
  readonly record: Recorder;
}

/** What looks at requests of which it is known who sends them, and not yet whether they may pass. */
export interface AccessWatch {
  /** Throws where somebody asks too often. */
  admit(request: FastifyRequest, reply: FastifyReply): void;
  /**
   * To be told of a request that may not pass, and of what is wrong with the credential that it came with, where there is one.
   * May throw another error, which is the answer then.
   */
  refused(request: FastifyRequest, reply: FastifyReply, error: unknown, wrong: string | undefined): void;
}

/**
 * Says who sends each request, and lets nobody pass who may not: at once, or when it was found out who that is. Throws, or
 * rejects, for whoever may not; the first to be called throws for a route that does not say what it needs.
 */
export function openChain(
  app: FastifyInstance,
  identify: Principals['identify'],
  watch?: AccessWatch,
  unknown?: Pick<UnknownAddresses, 'isOne'>,
) {
  app.decorateRequest('principal');
  app.decorateRequest('credential');
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.permission === undefined) throw new Error(`${method} ${url} does not say which permission it needs`);
  });
  return (request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
    const found = identify(request.raw as Asking);
    // Which routes there are is nobody's matter who may not read.
    const needed = request.routeOptions.config.permission ?? (unknown?.isOne(request) ? 'public' : 'read');
    if (isPromise(found)) return found.then((identity) => letIn(request, reply, needed, identity, watch));
    letIn(request, reply, needed, found, watch);
  };
}

function letIn(
  request: FastifyRequest,
  reply: FastifyReply,
  needed: Need,
  { principal, credential, refused }: Identity,
  watch: AccessWatch | undefined,
): void {
  request.principal = principal;
  request.credential = credential;
  watch?.admit(request, reply);
  if (isAuthorised(principal, needed)) return;
  const error = notAuthorised(principal, needed, refused);
  watch?.refused(request, reply, error, refused);
  reply.header('WWW-Authenticate', challengeOf(principal, refused));
  throw error;
}

/** The handler of a route behind its locks, and what opens and closes the record of a request on it. */
export function chained(route: Route, handler: AnyHandler, { guard, record }: ChainSteps) {
  return { handler: guard(route, handler), hooks: record(route) };
}

/** Puts a document or a page before its handler: it is no route of the contract. */
export function putPage(app: FastifyInstance, url: string, permission: Need, handler: RouteHandlerMethod): void {
  app.get(url, { config: { permission } }, handler);
}

/** Serves files of the distribution: public, and not refused for the `Origin` that a browser sends with scripts and styles. */
export function putStaticFile(app: FastifyInstance, url: string, handler: RouteHandlerMethod): void {
  app.get(url, { config: { permission: 'public', isStatic: true } }, handler);
}
