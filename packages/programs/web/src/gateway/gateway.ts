import {
  type CallRoute,
  createClient,
  GatewayRefused,
  type KindOf,
  NotAGateway,
  type RequestOf,
  type ValueOf,
} from '@medkit/client';
import { type Query, QueryClient, useMutation, useQuery } from '@tanstack/react-query';
import { ACCOUNT_PATH, gatewayAddress, HUB_ROBOT } from '../routes/base-path.ts';
import { syncToReplyDate } from './gateway-clock.ts';
import { clientName, keepToken, onSession, token } from './session.ts';
import { InvalidReply, validateReply } from './validate-reply.ts';

/** Time to wait for the first byte of a reply before the request fails. */
const TIMEOUT_MS = 30_000;
const FRESH_MS = 10_000;

/**
 * The client of the gateway that serves this page. Browsers hide redirect targets, so `fetch` follows redirects itself.
 */
const made = (url: string) =>
  createClient({
    url,
    token,
    clientId: clientName(),
    timeoutMs: TIMEOUT_MS,
    send: async (url, init) => {
      const reply = await fetch(url, { ...init, redirect: 'follow' });
      syncToReplyDate(reply.headers.get('date'));
      return reply;
    },
  });
let client = made(gatewayAddress());
onSession(() => {
  client = made(gatewayAddress());
  void queries.invalidateQueries();
});

export const gateway = () => client;

/** Returns a client of the gateway that has the accounts: the hub, if these are the pages of a robot. */
export const accountGateway = () => (HUB_ROBOT === undefined ? client : made(location.origin + ACCOUNT_PATH));

/** Returns a client of a robot behind the hub that serves these pages. */
export const robotGateway = (robot: string) =>
  made(`${location.origin}${ACCOUNT_PATH}/fleet/${encodeURIComponent(robot)}`);

/** Returns whether the gateway lacks the feature: asking again does not help. */
const isOff = (error: Error | null): boolean => error instanceof GatewayRefused && error.status === 501;

/** Returns whether a hub refused a request because the robot of these pages is not connected. */
export const isOfAbsentRobot = (error: Error): boolean =>
  HUB_ROBOT !== undefined && error instanceof GatewayRefused && error.parameters['presence'] !== undefined;

/** Returns whether a repeated request would fail in the same way. */
function isFinal(error: Error): boolean {
  if (error instanceof InvalidReply || isOff(error) || isOfAbsentRobot(error)) return true;
  return (error instanceof GatewayRefused || error instanceof NotAGateway) && error.status < 500;
}

/** Query cache of all pages; events of the live stream invalidate it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Refused requests are not repeated. While the gateway is unreachable, the live stream triggers the refresh on
      // reconnection.
      retry: (count, error) => count < 2 && !isFinal(error),
      networkMode: 'always',
      // Replies contain 64-bit integers as `bigint`, which structural sharing cannot compare.
      structuralSharing: false,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
queries.getQueryCache().subscribe((event) => {
  // Reacts only to new errors: an old error of a query that is repeated with a new token does not invalidate that
  // token.
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const { error } = event.action;
  if (error instanceof GatewayRefused && error.status === 401 && token() !== '') keepToken(undefined);
});

/** Start of the last request of each query, by `performance.now()`. */
const requestedMs = new WeakMap<Query, number>();
/** Requests wait for this promise. */
let begin: Promise<unknown> = Promise.resolve();

/** Makes requests wait: until the live stream is open, whose events replace repeated requests. */
export function holdRequests(until: Promise<unknown>): void {
  begin = until;
}

/** Returns whether a query was requested before a time of `performance.now()`. False for a query that still waits. */
export function isRequestedBefore(query: Query, ms: number): boolean {
  const atMs = requestedMs.get(query);
  return atMs === undefined ? query.state.data !== undefined : atMs < ms;
}

interface AskOptions<Value> {
  /** Does not load while false. */
  readonly enabled?: boolean;
  /** Refresh interval in milliseconds, in addition to refreshes by events; it may depend on the last value. */
  readonly everyMs?: number | ((value: Value | undefined) => number | undefined);
}

/** Loads a route and refreshes it on events of the live stream. On errors the last value remains. */
export function useRoute<N extends CallRoute, K extends KindOf<N>>(
  route: N,
  request: RequestOf<N, K>,
  { enabled = true, everyMs }: AskOptions<ValueOf<N>> = {},
) {
  return useQuery<ValueOf<N>, Error>({
    queryKey: [route, request],
    queryFn: async ({ signal, queryKey }) => {
      await begin;
      const query = queries.getQueryCache().find({ queryKey });
      if (query) requestedMs.set(query, performance.now());
      return validateReply(await client.call(route, { ...request, signal } as RequestOf<N, K>));
    },
    enabled,
    refetchInterval: ({ state: { data, error } }) => {
      if (isOff(error)) return false;
      return (typeof everyMs === 'function' ? everyMs(data) : everyMs) ?? false;
    },
  });
}

/** Returns a mutation for a route: `change.mutate(request)`. When it settles, refreshes the queries of `touches`. */
export function useChange<N extends CallRoute>(
  route: N,
  { touches = [] }: { readonly touches?: readonly CallRoute[] } = {},
) {
  return useMutation<ValueOf<N>, Error, RequestOf<N, KindOf<N>>>({
    mutationFn: (request) => client.call(route, request),
    onSettled: () => refetchRoutes(touches),
  });
}

/** Refreshes all shown queries of these routes. */
export function refetchRoutes(routes: readonly CallRoute[]): void {
  for (const route of routes) void queries.invalidateQueries({ queryKey: [route] });
}
