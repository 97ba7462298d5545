import type { BodyOf, EntityKind, ResultOf, ROUTES, Route, RouteName } from '@medkit/contract';
import {
  type CallContext,
  callContext,
  type ForwardRequest,
  type Principal,
  stringifyJson,
  type Waiting,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { UploadPart } from '@medkit/services';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressPrefix } from '../limits/address-prefix.ts';
import type { Credential } from '../security/identity.ts';
import { askedFor } from '../security/on-behalf-of.ts';
import type { Answer } from './answer.ts';
import type { EventReply } from './event-reply.ts';
import type { FileReply } from './file-reply.ts';
import type { LastingBody, SplicedBody } from './lasting-body.ts';
import type { StreamReply } from './stream-reply.ts';
import { uploadParts } from './upload-parts.ts';

/** Clients of the original give up after 10 s: an answer is worth working for until shortly before. */
export const CALL_TIMEOUT_MS = 9000;

/** Gateways that a request has passed, each by the instance that it names itself, parted by commas. */
const VIA_HEADER = 'x-medkit-via';
/** So many are listened to: a request that has passed more than a few goes no further. */
const MAX_VIA = 16;

/** The note that names the lock which let a request through, or that it made. */
export const LOCK_NOTE = 'lock';

/** The note of a request that was answered without an error and changed nothing: the audit log has no record of it. */
export const UNCHANGED_NOTE = 'unchanged';

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
  /** By name in lower case. */
  readonly headers: ForwardRequest['headers'];
  /** The parts of an upload. */
  parts(): AsyncIterable<UploadPart>;
  /** `X-Client-Id`, empty where the request has none: what the client says of itself. */
  readonly clientId: string;
  /** Where the connection came from. */
  readonly remoteAddress: string;
  /** Who asks, as the gateway found out. */
  readonly principal: Principal;
  /** What it was let in by. */
  readonly credential: Credential;
  /** Says something of the request that belongs into the audit log besides what every request leaves there. */
  note(details: Readonly<Record<string, string>>): void;
  /** What was noted so far. */
  readonly notes: Readonly<Record<string, string>>;
  /** What another gateway is to get of the request besides its path, with `body` in the place of the JSON that came. */
  forwarded(body: unknown): Omit<ForwardRequest, 'path'>;
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
 * A body, sent with 200, as `LastingBody` where it is given again and as `SplicedBody` where parts of it are; an `Answer` where the status or a header says more; a file,
 * or events.
 */
type HandlerResult<Body> =
  | Body
  | LastingBody<Body & object>
  | SplicedBody<Body & object>
  | Answer<Body>
  | FileReply
  | StreamReply
  | EventReply;

/** Of the few requests of which something was noted. */
const notesByRequest = new WeakMap<FastifyRequest, Readonly<Record<string, string>>>();

/** What was noted of a request; nothing where it came to no handler. */
export function notesOf(request: FastifyRequest): Readonly<Record<string, string>> {
  return notesByRequest.get(request) ?? {};
}

/** The exchange that a request on `route` begins. What few handlers look at is made where one does. */
export class RequestExchange implements Exchange {
  readonly #route: Route;
  readonly #request: FastifyRequest;
  readonly #clock: Clock;
  readonly #client: Waiting;

  constructor(route: Route, request: FastifyRequest, reply: FastifyReply, clock: Clock) {
    this.#route = route;
    this.#request = request;
    this.#clock = clock;
    this.#client = new ReplyClient(reply);
  }

  get kind(): EntityKind {
    // Absent only on routes of the server, whose handlers do not look at it.
    return this.#route.kind as EntityKind;
  }

  get entityId(): string {
    return entityIdOf(this.#route, this.#request);
  }

  get url(): string {
    return this.#request.url.split('?', 1)[0] as string;
  }

  get path(): Readonly<Record<string, string>> {
    return pathOf(this.#route, this.#request);
  }

  get query(): Readonly<Record<string, string>> {
    return queryOf(this.#request.query as Readonly<Record<string, string | readonly string[]>>);
  }

  get body(): unknown {
    return this.#request.body;
  }

  get headers(): FastifyRequest['headers'] {
    return this.#request.headers;
  }

  get clientId(): string {
    return String(this.#request.headers['x-client-id'] ?? '');
  }

  get remoteAddress(): string {
    return this.#request.ip;
  }

  get principal(): Principal {
    return this.#request.principal;
  }

  get credential(): Credential {
    return this.#request.credential;
  }

  get notes(): Readonly<Record<string, string>> {
    return notesOf(this.#request);
  }

  // What handlers call is bound to the exchange, since they take it out of it.

  readonly parts = (): AsyncIterable<UploadPart> => uploadParts(this.#request);

  readonly note = (details: Readonly<Record<string, string>>): void => {
    notesByRequest.set(this.#request, { ...this.notes, ...details });
  };

  readonly forwarded = (body: unknown): Omit<ForwardRequest, 'path'> => {
    const { method, url, headers, raw } = this.#request;
    const octets = body === undefined ? undefined : Buffer.from(stringifyJson(body));
    const behalf = askedFor(this.#request);
    return {
      method: method as ForwardRequest['method'],
      query: url.includes('?') ? url.slice(url.indexOf('?') + 1) : '',
      headers,
      ...(behalf !== undefined && { onBehalfOf: behalf }),
      ...(octets ? { body: octets } : this.#isUnread() && { body: raw }),
    };
  };

  /** Whether the request has a body that nobody has read: an upload, or what is no JSON. */
  #isUnread(): boolean {
    const { method, body, headers } = this.#request;
    if (body !== undefined || method === 'GET' || method === 'HEAD') return false;
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  }

  readonly call = (timeoutMs = CALL_TIMEOUT_MS): CallContext =>
    callContext({
      clock: this.#clock,
      timeoutMs,
      waiting: this.#client,
      clientId: this.clientId,
      principal: this.principal,
      source: addressPrefix(this.remoteAddress),
      via: gatewaysPassed(this.#request.headers[VIA_HEADER]),
      trace: this.#request.headers['traceparent'] as string | undefined,
    });
}

/** The parameters in the path of a request, by their names in the contract. */
export function pathOf(
  { parameters }: Pick<Route, 'parameters'>,
  request: FastifyRequest,
): Readonly<Record<string, string>> {
  const params = request.params as Readonly<Record<string, string>>;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  return Object.fromEntries(inPath.map(({ name, spansSlashes }) => [name, params[spansSlashes ? '*' : name] ?? '']));
}

function queryOf(query: Readonly<Record<string, string | readonly string[]>>): Readonly<Record<string, string>> {
  const first = Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : value[0]]);
  return Object.fromEntries(first);
}

function gatewaysPassed(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  const names = String(header)
    .split(',')
    .map((name) => name.trim());
  return names.filter((name) => /^[\w.-]{1,64}$/.test(name)).slice(0, MAX_VIA);
}

/** The entity in the path of a request; empty on routes without one. */
export function entityIdOf({ parameters: [first] }: Pick<Route, 'parameters'>, { params }: FastifyRequest): string {
  return (first && (params as Readonly<Record<string, string>>)[first.name]) ?? '';
}

/** Who waits for a reply, gone where the connection ends before that is written. The signal is made for who looks at it. */
class ReplyClient implements Waiting {
  readonly #reply: FastifyReply['raw'];
  #gone: AbortController | undefined;

  constructor(reply: FastifyReply) {
    this.#reply = reply.raw;
  }

  get isAbandoned(): boolean {
    return this.#reply.destroyed && !this.#reply.writableFinished;
  }

  get signal(): AbortSignal {
    if (this.#gone) return this.#gone.signal;
    const gone = new AbortController();
    this.#gone = gone;
    if (this.isAbandoned) gone.abort();
    else this.#reply.once('close', () => this.isAbandoned && gone.abort());
    return gone.signal;
  }
}
