import type { Route } from '@medkit/contract';
import type { RouteShorthandOptions } from 'fastify';
import type { Exchange } from './exchange.ts';

export type AnyHandler = (exchange: Exchange) => unknown;

/** Gives the handler that is to be asked in the place of a route's own: the same where there is nothing to guard. */
export type Guard = (route: Route, handler: AnyHandler) => AnyHandler;

/** What sees every request on a route, whatever becomes of it once it was let in, and every reply before it leaves. */
export type RouteHooks = Pick<RouteShorthandOptions, 'onRequest' | 'onSend'>;

/** Gives the hooks that write down the requests on a route; none where they change nothing. */
export type Recorder = (route: Route) => RouteHooks;
