import { stringifyJson } from '@medkit/core/json';
import { gatewayUrl, localAddressesOf } from './base-url.ts';
import {
  type FollowOptions,
  followEvents,
  type Pause,
  type PauseOptions,
  pauseInTime,
} from './events/follow-events.ts';
import type { ServerEvent } from './events/read-events.ts';
import { GatewayUnreachable, NotAGateway, type SentRequest } from './failures.ts';
import { failureOf, jsonReply, type Reply, type SentReply, unbroken } from './reply.ts';
import { ADDRESSES } from './routes/addresses.generated.ts';
import { fileTarget, redirectTarget } from './routes/redirect-target.ts';
import { type AddressParts, routeAddress } from './routes/route-address.ts';
import type { CallRoute, EventRoute, FileRoute, KindOf, RequestOf, ValueOf } from './routes/route-types.ts';

/** Sends one request: `fetch` or a replacement. */
export type Send = (url: string, init: RequestInit) => Promise<SentReply>;

export interface ClientOptions {
  /** Address of the gateway, in any form that `gatewayUrl` accepts. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`: a text, or a function that returns the current token. */
  readonly token?: string | (() => string);
  /** Sent as `X-Client-Id`: the name under which the client holds locks. */
  readonly clientId?: string;
  /** Maximum time in milliseconds until a reply begins (default: unlimited). */
  readonly timeoutMs?: number;
  readonly send?: Send;
  readonly pause?: Pause;
  /** Source of the random part of pauses (default: `Math.random`). */
  readonly random?: PauseOptions['random'];
}

/** A file that is being downloaded. */
export interface Download {
  readonly status: number;
  readonly headers: SentReply['headers'];
  /** Content in bytes. Throws `GatewayUnreachable` if the connection breaks. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The API of one gateway, typed by its contract. Methods throw `GatewayRefused`, `GatewayUnreachable`, `NotAGateway`,
 * and `InvalidName` if a name cannot be part of a URL.
 */
export interface Client {
  /** The normalized address, without a trailing slash. */
  readonly url: string;
  /** Waits between two attempts. */
  readonly pause: Pause;
  /** Calls a route and returns its result. */
  call<N extends CallRoute, K extends KindOf<N>>(route: N, request: RequestOf<N, K>): Promise<ValueOf<N>>;
  /** Like `call`, but returns the status, the headers and the original document as well. */
  ask<N extends CallRoute, K extends KindOf<N>>(route: N, request: RequestOf<N, K>): Promise<Reply<ValueOf<N>>>;
  /**
   * Reads a JSON document at a path of the API, from `resourceUri`. For routes that are not in the contract because a
   * plugin serves them: the caller validates the document.
   */
  read(path: string, options?: { readonly signal?: AbortSignal }): Promise<unknown>;
  /** Opens an event stream. If it breaks, reopens it after the last event; see `followEvents`. */
  events<N extends EventRoute, K extends KindOf<N>>(
    route: N,
    request: RequestOf<N, K> & FollowOptions,
  ): AsyncGenerator<ServerEvent>;
  /** Downloads a file; `headers` may request a range of it. */
  download<N extends FileRoute, K extends KindOf<N>>(route: N, request: RequestOf<N, K>): Promise<Download>;
}

/** Maximum number of redirects of one request. Ends a redirect loop. */
const MAX_REDIRECTS = 4;

/** A request to any route. */
interface AnyRequest extends AddressParts {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The reply may be a file on another server. */
  readonly isFile?: boolean;
}

/** Creates a client of the gateway at `url`. Sends nothing yet. Throws `InvalidGatewayUrl`. */
export function createClient(options: ClientOptions): Client {
  const { token, clientId, timeoutMs, send = fetch, pause = pauseInTime, random = { float: Math.random } } = options;
  const url = gatewayUrl(options.url);
  const localAddresses = localAddressesOf(url);
  const common = {
    Accept: 'application/json',
    ...(clientId && { 'X-Client-Id': clientId }),
  };

  /**
   * Sends a request and follows redirects within the API. Resolves when the headers of the reply have arrived. Throws
   * if the status is not a success.
   */
  async function replyAt({ method, path }: ReturnType<typeof routeAddress>, request: AnyRequest) {
    let sent: SentRequest = { method, url: `${url}${path}` };
    const { body, type } = encoded(request.body);
    const timeout = deadline(timeoutMs, request.signal);
    const bearer = typeof token === 'function' ? token() : token;
    let response: SentReply;
    try {
      for (let redirects = 0; ; redirects += 1) {
        response = await send(sent.url, {
          method,
          headers: { ...common, ...(bearer && { Authorization: `Bearer ${bearer}` }), ...type, ...request.headers },
          ...(body !== undefined && { body }),
          // Redirects are followed only within the API, so that the token is not sent anywhere else.
          redirect: 'manual',
          signal: timeout.signal,
        });
        const storeUrl = request.isFile && response.status === 307 && fileTarget(url, response.headers.get('location'));
        if (storeUrl) {
          await response.body?.cancel();
          // The query of the address is a credential.
          sent = { method, url: storeUrl.split('?')[0]! };
          const headers = rangeHeaders(request.headers);
          response = await send(storeUrl, { method, headers, redirect: 'manual', signal: timeout.signal });
          break;
        }
        const target = response.status === 308 ? redirectTarget(url, response.headers.get('location')) : undefined;
        if (target === undefined || redirects === MAX_REDIRECTS) break;
        await response.body?.cancel();
        sent = { method, url: target };
      }
    } catch (error) {
      throw new GatewayUnreachable(sent, error);
    } finally {
      timeout.end();
    }
    if (!response.ok) throw await failureOf(sent, response);
    return { sent, response };
  }

  const reply = (route: CallRoute | EventRoute | FileRoute, request: AnyRequest) =>
    replyAt(routeAddress(route, request), request);

  const ask: Client['ask'] = async (route, request) => {
    const { sent, response } = await reply(route, request);
    return jsonReply(sent, response, { mayBeEmpty: ADDRESSES[route].gives !== 'json', localAddresses });
  };

  return {
    url,
    pause,
    ask,
    call: async (route, request) => (await ask(route, request)).value,
    read: async (path, options = {}) => {
      const { sent, response } = await replyAt({ method: 'GET', path }, options);
      return (await jsonReply<unknown>(sent, response, { mayBeEmpty: false, localAddresses })).value;
    },
    events: (route, request) =>
      followEvents(
        async (lastEventId) => {
          const { headers, ...rest }: AnyRequest = request;
          const { sent, response } = await reply(route, {
            ...rest,
            headers: {
              ...headers,
              Accept: 'text/event-stream',
              ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
            },
          });
          if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
            await response.body?.cancel();
            throw new NotAGateway(sent, response.status, 'a response that is not an event stream');
          }
          return chunksOf(sent, response);
        },
        { pause, random, localAddresses },
        request,
      ),
    download: async (route, request) => {
      const { headers, ...rest }: AnyRequest = request;
      const { sent, response } = await reply(route, { ...rest, headers: { Accept: '*/*', ...headers }, isFile: true });
      return { status: response.status, headers: response.headers, chunks: chunksOf(sent, response) };
    },
  };
}

async function* chunksOf(request: SentRequest, { octets, body }: SentReply): AsyncGenerator<Uint8Array> {
  if (octets !== undefined) yield octets;
  else if (body !== null) yield* unbroken(request, body);
}

/** Returns the headers that another server may receive: those of a range. */
const rangeHeaders = (headers: AnyRequest['headers'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^(?:if-)?range$/i.test(name)));

/** Encodes a request body. For a form, `fetch` sets the content type, because it contains the boundary. */
function encoded(body: unknown): {
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
  readonly type?: Record<string, string>;
} {
  if (body === undefined) return {};
  if (body instanceof FormData) return { body };
  if (body instanceof Uint8Array) {
    return { body: body as Uint8Array<ArrayBuffer>, type: { 'Content-Type': 'application/octet-stream' } };
  }
  return { body: stringifyJson(body), type: { 'Content-Type': 'application/json' } };
}

/**
 * Returns a signal that aborts with `signal` or after the timeout. `end` cancels the timeout, so that reading a stream
 * may take longer.
 */
function deadline(timeoutMs: number | undefined, signal: AbortSignal | undefined) {
  if (timeoutMs === undefined) return { signal, end: () => undefined };
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException(`no answer in ${timeoutMs} ms`, 'TimeoutError')),
    timeoutMs,
  );
  return {
    signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    end: () => clearTimeout(timer),
  };
}
