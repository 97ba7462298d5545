import type { Route } from '@medkit/contract';
import { type EntityTree, isPromise, type Principal } from '@medkit/core';
import type { FleetView } from '@medkit/fleet';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod, RouteShorthandOptions } from 'fastify';
import {
  type AccountLimit,
  type ReadableEntities,
  type ScopeStep,
  withoutEntities,
  withoutRobots,
} from '../security/account-limit.ts';
import { challengeOf, isAuthorised, type KnownRoles, type Need, notAuthorised } from '../security/authorise.ts';
import type { Principals } from '../security/identify.ts';
import type { Credential, Identity, RequestSender } from '../security/identity.ts';
import type { Exchange } from './exchange.ts';
import type { UnroutedAddresses } from './unrouted-addresses.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Path prefix under which the client reaches this gateway, such as `/robot-7`; `''` if no trusted proxy names one.
     */
    pathPrefix: string;
    /** The principal that sent the request. */
    principal: Principal;
    /** The credential that identified the principal. */
    credential: Credential;
    /** What of the fleet a limited principal may see on this route; `undefined` for the whole fleet. */
    fleetView: FleetView | undefined;
    /** The entities that a principal with scopes may use on this route; `undefined` for all entities. */
    visibleEntities: EntityTree | undefined;
    /** Present with `visibleEntities`. */
    readableEntities: ReadableEntities | undefined;
  }
  interface FastifyContextConfig {
    /** Permission that the route requires. */
    readonly permission?: Need;
    /** The route of the contract or of a plugin; absent for a document or a page. */
    readonly route?: Route;
    /** Serves a file of the distribution, identical for every client, to pages of any origin. */
    readonly isStatic?: boolean;
  }
}

export type AnyHandler = (exchange: Exchange) => unknown;

/** Wraps the handler of a route in a check. Returns the same handler if there is nothing to check. */
export type Guard = (route: Route, handler: AnyHandler) => AnyHandler;

/** Hooks for every admitted request on a route, whatever its outcome, and for every reply before it is sent. */
type RouteHooks = Pick<RouteShorthandOptions, 'onRequest' | 'onSend'>;

/** Returns the hooks that record the requests on a route; none if the route changes nothing. */
export type Recorder = (route: Route) => RouteHooks;

/** The steps of the chain that depend on the model. */
export interface ChainSteps {
  /** Runs before every handler. */
  readonly guard: Guard;
  /** Opens and closes the records of requests. */
  readonly record: Recorder;
}

/** Checks requests whose sender is identified but not yet authorised. */
export interface AccessWatch {
  /** Throws if the client exceeds its rate limit. */
  admit(request: FastifyRequest, reply: FastifyReply): void;
  /**
   * Called for every rejected request, with the reason if its credential was invalid. May throw another error, which is
   * then sent instead.
   */
  refused(request: FastifyRequest, reply: FastifyReply, error: unknown, wrong: string | undefined): void;
}

interface ChainOptions {
  readonly watch?: AccessWatch | undefined;
  readonly unknown?: Pick<UnroutedAddresses, 'isOne'> | undefined;
  /** The roles that a refusal names. */
  readonly roles?: KnownRoles | undefined;
  /** Checks the requests of principals that are limited to robots of a fleet. */
  readonly limit?: AccountLimit | undefined;
  /** Checks the requests of principals with scopes. */
  readonly scopes?: ScopeStep | undefined;
}

/**
 * Identifies and authorises each request: synchronously if possible, otherwise when the principal is known. Throws, or
 * rejects, if the request is not authorised. The first hook throws for a route that does not declare its permission.
 *
 * These are the first steps of every request: identify, limit the rate, authorise, limit to entities and robots, open
 * record, lock, handle, close record. They apply to contract and plugin routes (including cached ones and streams),
 * documents, pages and unknown paths. The record is opened before the lock check, since it includes the lock's refusal.
 * Requests of unidentified clients leave no record. Requests that only read are neither recorded nor locked.
 */
export function openChain(
  app: FastifyInstance,
  identify: Principals['identify'],
  { watch, unknown, roles, limit = withoutRobots, scopes = withoutEntities }: ChainOptions = {},
) {
  app.decorateRequest('principal');
  app.decorateRequest('credential');
  app.decorateRequest('fleetView', undefined);
  app.decorateRequest('visibleEntities', undefined);
  app.decorateRequest('readableEntities', undefined);
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.permission === undefined) throw new Error(`${method} ${url} does not declare the permission it needs`);
  });
  return (request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
    const found = identify(request.raw as RequestSender);
    // Only clients that may read learn which routes exist.
    const needed = request.routeOptions.config.permission ?? (unknown?.isOne(request) ? 'public' : 'read');
    const admit = (identity: Identity): void | Promise<void> => {
      letIn(request, reply, needed, identity, { watch, roles });
      if (identity.principal.entityScopes) scopes(request, needed);
      if (identity.principal.scopes.length > 0) return limit(request, needed);
    };
    return isPromise(found) ? found.then(admit) : admit(found);
  };
}

function letIn(
  request: FastifyRequest,
  reply: FastifyReply,
  needed: Need,
  { principal, credential, refused, isBarred }: Identity,
  { watch, roles }: Pick<ChainOptions, 'watch' | 'roles'>,
): void {
  request.principal = principal;
  request.credential = credential;
  watch?.admit(request, reply);
  if (!isBarred && isAuthorised(principal, needed)) return;
  const error = notAuthorised(principal, needed, { refused, roles });
  watch?.refused(request, reply, error, refused);
  reply.header('WWW-Authenticate', challengeOf(principal, refused));
  throw error;
}

/** Returns the handler of a route behind its lock check, and the hooks that record its requests. */
export function chained(route: Route, handler: AnyHandler, { guard, record }: ChainSteps) {
  return { handler: guard(route, handler), hooks: record(route) };
}

/** Registers a document or page, which is not a route of the contract. */
export function putPage(app: FastifyInstance, url: string, permission: Need, handler: RouteHandlerMethod): void {
  app.get(url, { config: { permission } }, handler);
}

/**
 * Registers a file of the distribution: public, and not rejected for the `Origin` that browsers send with scripts and
 * styles.
 */
export function putStaticFile(app: FastifyInstance, url: string, handler: RouteHandlerMethod): void {
  app.get(url, { config: { permission: 'public', isStatic: true } }, handler);
}
