import type { Route } from '@medkit/contract';
import type { Exchange } from './exchange.ts';

export type AnyHandler = (exchange: Exchange) => unknown;

/** Gives the handler that is to be asked in the place of a route's own: the same where there is nothing to guard. */
export type Guard = (route: Route, handler: AnyHandler) => AnyHandler;
