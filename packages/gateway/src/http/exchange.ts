import type { BodyOf, EntityKind, ResultOf, ROUTES, Route, RouteName } from '@medkit/contract';
import { type CallContext, callContext } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Clients of the original give up after 10 s: an answer is worth working for until shortly before. */
const CALL_TIMEOUT_MS = 9000;

/** What a handler gets of a request. */
export interface Exchange<Body = unknown> {
  /** The kind of entity that the route is about. */
  readonly kind: EntityKind;
  /** The id in the path; empty on routes without one. */
  readonly entityId: string;
  /** The data item in the path, percent-decoded; empty on routes without one. */
  readonly dataId: string;
  /** Fits the route's body schema; `undefined` where none came. */
  readonly body: Body;
  /** For calls to providers: ends with the client's patience, or the client itself. */
  call(): CallContext;
}

/** A handler for every family of routes in the contract, by its name there. Those of cached routes answer at once. */
export type Handlers = {
  readonly [Name in RouteName]: (
    exchange: Exchange<BodyOf<(typeof ROUTES)[Name]>>,
  ) => ResultOf<(typeof ROUTES)[Name]> | Promise<ResultOf<(typeof ROUTES)[Name]>>;
};

/** The exchange that a request on `route` begins. */
export function exchangeOf(route: Route, request: FastifyRequest, reply: FastifyReply, clock: Clock): Exchange {
  const { body, headers, params } = request;
  return {
    // Absent only on routes of the server, whose handlers do not look at it.
    kind: route.kind as EntityKind,
    entityId: entityIdOf(route, request),
    dataId: (params as Readonly<Record<string, string>>)['*'] ?? '',
    body,
    call: () =>
      callContext({
        clock,
        timeoutMs: CALL_TIMEOUT_MS,
        signal: goneSignal(reply),
        clientId: String(headers['x-client-id'] ?? ''),
        trace: headers['traceparent'] as string | undefined,
      }),
  };
}

/** The entity in the path of a request; empty on routes without one. */
export function entityIdOf({ parameters: [first] }: Route, { params }: FastifyRequest): string {
  return (first && (params as Readonly<Record<string, string>>)[first.name]) ?? '';
}

/** Aborted when the client goes away before it has its answer. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
