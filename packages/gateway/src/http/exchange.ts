import type { BodyOf, EntityKind, ResultOf, ROUTES, Route, RouteName } from '@medkit/contract';
import { type CallContext, callContext } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { UploadPart } from '@medkit/services';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from './answer.ts';
import type { EventReply } from './event-reply.ts';
import type { FileReply } from './file-reply.ts';
import type { LastingBody } from './lasting-body.ts';
import { uploadParts } from './upload-parts.ts';

/** Clients of the original give up after 10 s: an answer is worth working for until shortly before. */
export const CALL_TIMEOUT_MS = 9000;

/** What a handler gets of a request. */
export interface Exchange<Body = unknown> {
  /** The kind of entity that the route is about. */
  readonly kind: EntityKind;
  /** The id in the path; empty on routes without one. */
  readonly entityId: string;
  /** Path of the request as it came, without what follows the question mark. */
  readonly url: string;
  /** The parameters in the path by their names in the contract, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** The parameters behind the question mark; the first where one is given twice. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Fits the route's body schema; `undefined` where none came. */
  readonly body: Body | undefined;
  /** The parts of an upload. */
  parts(): AsyncIterable<UploadPart>;
  /** `X-Client-Id`, empty where the request has none. */
  readonly clientId: string;
  /** Says something of the request that belongs into the audit log besides what every request leaves there. */
  note(details: Readonly<Record<string, string>>): void;
  /** What was noted so far. */
  readonly notes: Readonly<Record<string, string>>;
  /** For calls to providers: ends after `timeoutMs` (default: with the patience of most clients), or with the client. */
  call(timeoutMs?: number): CallContext;
}

/** A handler for every family of routes in the contract, by its name there. Those of cached routes answer at once. */
export type Handlers = {
  readonly [Name in RouteName]: (
    exchange: Exchange<BodyOf<(typeof ROUTES)[Name]>>,
  ) => HandlerResult<ResultOf<(typeof ROUTES)[Name]>> | Promise<HandlerResult<ResultOf<(typeof ROUTES)[Name]>>>;
};

/**
 * A body, sent with 200, as `LastingBody` where it is given again; an `Answer` where the status or a header says more; a file,
 * or events.
 */
type HandlerResult<Body> = Body | LastingBody<Body & object> | Answer<Body> | FileReply | EventReply;

/** The exchange that a request on `route` begins. */
export function exchangeOf(route: Route, request: FastifyRequest, reply: FastifyReply, clock: Clock): Exchange {
  const { body, headers, params, query } = request;
  const clientId = String(headers['x-client-id'] ?? '');
  const notes: Record<string, string> = {};
  return {
    // Absent only on routes of the server, whose handlers do not look at it.
    kind: route.kind as EntityKind,
    entityId: entityIdOf(route, request),
    url: request.url.split('?', 1)[0] as string,
    path: pathOf(route, params as Readonly<Record<string, string>>),
    query: queryOf(query as Readonly<Record<string, string | readonly string[]>>),
    body,
    parts: () => uploadParts(request),
    clientId,
    notes,
    note: (details) => void Object.assign(notes, details),
    call: (timeoutMs = CALL_TIMEOUT_MS) =>
      callContext({
        clock,
        timeoutMs,
        signal: goneSignal(reply),
        clientId,
        trace: headers['traceparent'] as string | undefined,
      }),
  };
}

function pathOf({ parameters }: Route, params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  return Object.fromEntries(inPath.map(({ name, spansSlashes }) => [name, params[spansSlashes ? '*' : name] ?? '']));
}

function queryOf(query: Readonly<Record<string, string | readonly string[]>>): Readonly<Record<string, string>> {
  const first = Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : value[0]]);
  return Object.fromEntries(first);
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
