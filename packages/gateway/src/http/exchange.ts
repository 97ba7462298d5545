import {
  type BodyOf,
  type EntityKind,
  PEER_HEADERS,
  type ResultOf,
  type ROUTES,
  type Route,
  type RouteName,
} from '@medkit/contract';
import {
  type CallContext,
  callContext,
  type EntityTree,
  type ForwardRequest,
  type Principal,
  stringifyJson,
  type Waiting,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { UploadPart } from '@medkit/entities';
import type { FleetView } from '@medkit/fleet';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressPrefix } from '../limits/address-prefix.ts';
import type { ReadableEntities } from '../security/account-limit.ts';
import { forwardedClient } from '../security/delegation.ts';
import type { Credential } from '../security/identity.ts';
import type { Answer } from './answer.ts';
import { bodyBytes } from './byte-body.ts';
import type { EventReply } from './event-reply.ts';
import type { FileReply } from './file-reply.ts';
import type { LinesReply } from './lines-reply.ts';
import type { PictureReply } from './picture-reply.ts';
import type { SharedPartsBody, StableBody } from './stable-body.ts';
import type { StreamReply } from './stream-reply.ts';
import { uploadParts } from './upload-parts.ts';

/** Clients of ros2_medkit give up after 10 s; the gateway stops shortly before. */
export const CALL_TIMEOUT_MS = 9000;

/** Maximum names read: a request that has passed more than a few gateways is not forwarded. */
const MAX_VIA = 16;

/** Note that names the lock which permitted a request, or which it created. */
export const LOCK_NOTE = 'lock';

/** Note of a successful request that changed nothing: it is not recorded in the audit log. */
export const UNCHANGED_NOTE = 'unchanged';

/** Note of a request of the fleet hub that was served beyond the data budget: it is recorded, also if it only reads. */
export const OVER_BUDGET_NOTE = 'over_budget';

/** A request as its handler sees it. */
export interface Exchange<Body = unknown> {
  /** The entity kind of the route. */
  readonly kind: EntityKind;
  /** The entity id in the path; empty on routes without one. */
  readonly entityId: string;
  /** Path of the request as received, without the query. */
  readonly url: string;
  /** Path parameters by their names in the contract, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  /** Query parameters; the first value of a repeated one. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Matches the route's body schema; `undefined` if there is no body. */
  readonly body: Body | undefined;
  /** By name in lower case. */
  readonly headers: ForwardRequest['headers'];
  /** The parts of an upload. */
  parts(): AsyncIterable<UploadPart>;
  /** The bytes of a body that is neither JSON nor a form. */
  bytes(): AsyncIterable<Uint8Array>;
  /** `X-Client-Id`, which the client chooses itself; empty if absent. */
  readonly clientId: string;
  /** Address of the client. */
  readonly remoteAddress: string;
  /** The identified client. */
  readonly principal: Principal;
  /** The credential that identified the client. */
  readonly credential: Credential;
  /** What of the fleet a limited client may see; absent for the whole fleet. */
  readonly view?: FleetView | undefined;
  /** The entities that a client with scopes may use on this route; absent for all of them. */
  readonly visible?: EntityTree | undefined;
  /** What a client with scopes may read; absent for all entities. */
  readonly readable?: ReadableEntities | undefined;
  /** Adds details to the audit record of this request. */
  note(details: Readonly<Record<string, string>>): void;
  /** The details added so far. */
  readonly notes: Readonly<Record<string, string>>;
  /** Returns the request for a peer, without its path; `body` replaces the received JSON. */
  forwarded(body: unknown): Omit<ForwardRequest, 'path'>;
  /**
   * Context for calls to providers: ends after `timeoutMs` (default: shortly before most clients time out), or if the
   * client disconnects.
   */
  call(timeoutMs?: number): CallContext;
}

/** One handler for each route family in the contract, by its name there. Handlers of cached routes are synchronous. */
export type Handlers = {
  readonly [Name in RouteName]: (
    exchange: Exchange<BodyOf<(typeof ROUTES)[Name]>>,
  ) => HandlerResult<ResultOf<(typeof ROUTES)[Name]>> | Promise<HandlerResult<ResultOf<(typeof ROUTES)[Name]>>>;
};

/**
 * A body is sent with 200: as `StableBody` if the same object is sent repeatedly, as `SharedPartsBody` if parts of it are.
 * An `Answer` sets a status or headers.
 */
type HandlerResult<Body> =
  | Body
  | StableBody<Body & object>
  | SharedPartsBody<Body & object>
  | Answer<Body>
  | FileReply
  | LinesReply
  | PictureReply
  | StreamReply
  | EventReply;

/** Notes of the few requests that have any. */
const notesByRequest = new WeakMap<FastifyRequest, Readonly<Record<string, string>>>();

/** Returns the notes of a request; empty if no handler ran. */
export function notesOf(request: FastifyRequest): Readonly<Record<string, string>> {
  return notesByRequest.get(request) ?? {};
}

/** Adds notes to a request. */
export function noteOn(request: FastifyRequest, details: Readonly<Record<string, string>>): void {
  notesByRequest.set(request, { ...notesOf(request), ...details });
}

/** The exchange of a request on `route`. Members that few handlers use are computed on first access. */
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
    // Absent only on routes of the server, whose handlers do not use it.
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

  get view(): FleetView | undefined {
    return this.#request.fleetView;
  }

  get visible(): EntityTree | undefined {
    return this.#request.visibleEntities;
  }

  get readable(): ReadableEntities | undefined {
    return this.#request.readableEntities;
  }

  get credential(): Credential {
    return this.#request.credential;
  }

  get notes(): Readonly<Record<string, string>> {
    return notesOf(this.#request);
  }

  // Arrow functions, since handlers destructure the exchange.

  readonly parts = (): AsyncIterable<UploadPart> => uploadParts(this.#request);

  readonly bytes = (): AsyncIterable<Uint8Array> => bodyBytes(this.#request);

  readonly note = (details: Readonly<Record<string, string>>): void => {
    noteOn(this.#request, details);
  };

  readonly forwarded = (body: unknown): Omit<ForwardRequest, 'path'> => {
    const { method, url, headers, raw } = this.#request;
    const octets = body === undefined ? undefined : Buffer.from(stringifyJson(body));
    const behalf = forwardedClient(this.#request);
    return {
      method: method as ForwardRequest['method'],
      query: url.includes('?') ? url.slice(url.indexOf('?') + 1) : '',
      headers,
      ...(behalf !== undefined && { onBehalfOf: behalf }),
      ...(octets ? { body: octets } : this.#isUnread() && { body: raw }),
    };
  };

  /** Returns whether the request has a body that is not parsed: an upload, or a body that is not JSON. */
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
      via: gatewaysPassed(this.#request.headers[PEER_HEADERS.via]),
      trace: this.#request.headers['traceparent'] as string | undefined,
    });
}

/** Returns the path parameters of a request, by their names in the contract. */
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

/** Returns the entity id in the path of a request; empty on routes without one. */
export function entityIdOf({ parameters: [first] }: Pick<Route, 'parameters'>, { params }: FastifyRequest): string {
  return (first && (params as Readonly<Record<string, string>>)[first.name]) ?? '';
}

/**
 * The client that waits for a reply; abandoned if the connection ends before the reply is written. The signal is
 * created on first access.
 */
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
