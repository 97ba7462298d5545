import {
  type CallRoute,
  createClient,
  GatewayRefused,
  type KindOf,
  NotAGateway,
  type RequestOf,
  type ValueOf,
} from '@medkit/client';
import { QueryClient, useMutation, useQuery } from '@tanstack/react-query';
import { hearReplyDate } from '../live/gateway-clock.ts';
import { gatewayAddress } from '../routes/base-path.ts';
import { clientName, keepToken, onSession, token } from './session.ts';
import { soundReply, UnsoundReply } from './sound-reply.ts';

/** A reply that has not begun by then will not come: what waits is told so. */
const TIMEOUT_MS = 30_000;
const FRESH_MS = 10_000;

/** The gateway that serves these pages. Browsers hide where a redirect leads, hence they follow it themselves. */
const made = () =>
  createClient({
    url: gatewayAddress(),
    token,
    clientId: clientName(),
    timeoutMs: TIMEOUT_MS,
    send: async (url, init) => {
      const reply = await fetch(url, { ...init, redirect: 'follow' });
      hearReplyDate(reply.headers.get('date'));
      return reply;
    },
  });
let client = made();
onSession(() => {
  client = made();
  void queries.invalidateQueries();
});

export const gateway = () => client;

/** Whether the same will be answered again. */
function isFinal(error: Error): boolean {
  if (error instanceof UnsoundReply) return true;
  return (error instanceof GatewayRefused || error instanceof NotAGateway) && error.status < 500;
}

/** What was asked lately, for all pages; news of the live stream say what is to be asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // What was refused will be refused again; a gateway that is away is asked by whoever sees that it is back.
      retry: (count, error) => count < 2 && !isFinal(error),
      networkMode: 'always',
      // Integers of 64 bits are compared as they are.
      structuralSharing: false,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
queries.getQueryCache().subscribe((event) => {
  // Only what comes just now: an error of before, of a query that is asked again with a new token, says nothing against that.
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const { error } = event.action;
  if (error instanceof GatewayRefused && error.status === 401 && token() !== '') keepToken(undefined);
});

interface AskOptions {
  /** Not asked while it is false. */
  readonly enabled?: boolean;
  /** Asked again every so many milliseconds, besides when something is heard. */
  readonly everyMs?: number;
}

/** What a route gives, asked when it is needed and again when something has happened to it; the last that came stays on errors. */
export function useRoute<N extends CallRoute, K extends KindOf<N>>(
  route: N,
  request: RequestOf<N, K>,
  { enabled = true, everyMs }: AskOptions = {},
) {
  return useQuery<ValueOf<N>, Error>({
    queryKey: [route, request],
    queryFn: async ({ signal }) => soundReply(await client.call(route, { ...request, signal } as RequestOf<N, K>)),
    enabled,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
  });
}

/** Asks for a change: `change.mutate(request)`. What is shown of `touches` is asked for again when it is done. */
export function useChange<N extends CallRoute>(
  route: N,
  { touches = [] }: { readonly touches?: readonly CallRoute[] } = {},
) {
  return useMutation<ValueOf<N>, Error, RequestOf<N, KindOf<N>>>({
    mutationFn: (request) => client.call(route, request),
    onSettled: () => askAgain(touches),
  });
}

/** What is shown of these routes is asked for again. */
export function askAgain(routes: readonly CallRoute[]): void {
  for (const route of routes) void queries.invalidateQueries({ queryKey: [route] });
}
