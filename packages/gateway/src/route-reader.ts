import querystring from 'node:querystring';
import {
  API_BASE,
  type EntityKind,
  kindOfCollection,
  type ResultOf,
  ROUTES,
  type Route,
  type RouteName,
  SovdError,
} from '@medkit/contract';
import { type CallContext, callContext, type ForwardRequest, GATEWAY, type Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { resultBody } from './http/answer.ts';
import type { AnyHandler, Guard } from './http/chain.ts';
import { CALL_TIMEOUT_MS, type Exchange, type Handlers } from './http/exchange.ts';
import { FileReply } from './http/file-reply.ts';
import { ForwardedReply } from './http/forwarded-reply.ts';
import { forwardedClient } from './security/delegation.ts';

/** What is read of a route. */
export interface RouteTarget {
  /** The entity of a route about one. */
  readonly kind?: EntityKind;
  readonly entityId?: string;
  /** Further path parameters by their names in the contract. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** A file that is available. */
export interface ReadableFile {
  /** In bytes. */
  readonly size: number;
  /** Throws if the number of bytes differs. */
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Reads resources of the gateway itself, without HTTP: through the guards and handlers of its clients, so that lists of
 * several gateways are merged and requests for entities of peers are forwarded.
 */
export interface RouteReader {
  /** Returns the body of a reply. Throws `SovdError` as the route does. */
  read<Name extends RouteName>(
    name: Name,
    target?: RouteTarget,
    call?: CallContext,
  ): Promise<ResultOf<(typeof ROUTES)[Name]>>;
  /** Returns the file at a path below the API base, without reading it; `undefined` if there is none. */
  file(path: string): Promise<ReadableFile | undefined>;
}

/** Returns what a route answers; `undefined` if it answers with an error. */
export function unlessRefused<Body>(reading: Promise<Body>): Promise<Body | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof SovdError) return undefined;
    throw error;
  });
}

/** What the gateway serves. */
export interface Served {
  readonly handlers: Handlers;
  readonly guard: Guard;
}

export interface RouteReaderOptions {
  readonly clock: Clock;
  /** Complete when the server is created. */
  readonly served: () => Served;
}

export function routeReader({ clock, served }: RouteReaderOptions): RouteReader {
  const guarded = new Map<Route, AnyHandler>();
  const handlerOf = (name: RouteName, route: Route): AnyHandler => {
    const { handlers, guard } = served();
    const handler = guarded.get(route) ?? guard(route, handlers[name] as AnyHandler);
    guarded.set(route, handler);
    return handler;
  };
  const ask = async (name: RouteName, request: Omit<InternalRequest, 'clock' | 'route'>): Promise<unknown> => {
    const routes: readonly Route[] = ROUTES[name];
    const route = routes.find(({ kind }) => kind === request.kind);
    if (!route) throw new TypeError(`${name} is not a route of ${request.kind ?? 'the gateway'}`);
    return handlerOf(name, route)(new InternalExchange({ ...request, clock, route }));
  };
  return {
    read: async <Name extends RouteName>(name: Name, target: RouteTarget = {}, call?: CallContext) => {
      const result = await ask(name, { ...target, call });
      const body = result instanceof ForwardedReply ? await documentOf(result, name) : resultBody(result);
      return body as ResultOf<(typeof ROUTES)[Name]>;
    },
    file: async (path) => {
      const target = fileAt(path);
      if (!target) return undefined;
      const head = await unlessRefused(ask('downloadBulkData', { ...target, method: 'HEAD' }));
      if (head instanceof FileReply) return { size: head.size, read: () => ofSize(head.read(), path, head.size) };
      if (!(head instanceof ForwardedReply)) return undefined;
      const { status, headers, close } = head.reply;
      close();
      const size = Number(headers['content-length']);
      if (status !== 200 || !Number.isSafeInteger(size)) return undefined;
      return { size, read: () => ofSize(bodyOf(ask('downloadBulkData', target)), path, size) };
    },
  };
}

async function documentOf({ reply }: ForwardedReply, name: RouteName): Promise<unknown> {
  if (reply.status === 200) return (await import('./peers/forwarding/parse-document.ts')).parseDocument(reply);
  reply.close();
  const message = `Another gateway answered ${name} with status ${reply.status}`;
  throw new SovdError({ code: 'x-medkit-peer-unavailable', message });
}

/** Returns the file in `/apps/arm/bulk-data/rosbags/4`; `undefined` for another path. */
function fileAt(path: string): (RouteTarget & { readonly kind: EntityKind }) | undefined {
  const [, collection = '', entity, category, file] =
    /^\/(\w+)\/([^/]+)\/bulk-data\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const [entityId, category_id, file_id] = [entity, category, file].map((part = '') => querystring.unescape(part));
  const kind = kindOfCollection(collection);
  if (!kind || !entityId || !category_id || !file_id) return undefined;
  return { kind, entityId, path: { category_id, file_id } };
}

async function* bodyOf(pending: Promise<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  const result = await pending;
  if (!(result instanceof ForwardedReply) || result.reply.status !== 200) return;
  const { octets, body } = result.reply;
  if (octets) yield octets;
  else yield* body;
}

/** Yields the bytes of a file. Throws if their number is not `size`. */
async function* ofSize(chunks: AsyncIterable<Uint8Array>, path: string, size: number) {
  let left = size;
  for await (const chunk of chunks) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new Error(`${path} changed its size during the download`);
}

interface InternalRequest extends RouteTarget {
  readonly route: Route;
  readonly clock: Clock;
  readonly method?: 'GET' | 'HEAD';
  /** The context of the caller; one of the gateway itself unless given. */
  readonly call?: CallContext | undefined;
}

/** A request of the gateway to itself. */
class InternalExchange implements Exchange {
  readonly kind: EntityKind;
  readonly entityId: string;
  readonly url: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly principal: Principal;
  readonly body = undefined;
  readonly headers = {};
  readonly notes = {};
  readonly clientId = '';
  readonly remoteAddress = '';
  readonly credential = { kind: 'none', id: '' } as const;
  readonly forwarded: () => Omit<ForwardRequest, 'path'>;
  readonly call: (timeoutMs?: number) => CallContext;

  constructor({ route, clock, kind, entityId = '', path = {}, query = {}, method = 'GET', call }: InternalRequest) {
    const [first] = route.parameters;
    // Absent only on routes of the server, whose handlers do not use it.
    this.kind = kind as EntityKind;
    this.entityId = entityId;
    this.path = kind && first ? { [first.name]: entityId, ...path } : path;
    this.query = query;
    this.url = API_BASE + route.path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(this.path[name] ?? ''));
    this.principal = call?.principal ?? GATEWAY;
    const behalf = forwardedClient({ headers: {}, principal: this.principal });
    this.forwarded = () => ({
      method,
      query: String(new URLSearchParams(query)),
      headers: {},
      ...(behalf && { onBehalfOf: behalf }),
    });
    this.call = (timeoutMs = CALL_TIMEOUT_MS) => call ?? callContext({ clock, timeoutMs });
  }

  async *parts(): AsyncGenerator<never> {
    // A read has no upload.
  }

  async *bytes(): AsyncGenerator<never> {
    // A read has no body.
  }

  note(): void {
    // A read leaves no audit record.
  }
}
