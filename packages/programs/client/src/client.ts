import { stringifyJson } from '@medkit/core/json';
import { gatewayUrl } from './base-url.ts';
import { type FollowOptions, followEvents, type Pause, pauseInTime } from './events/follow-events.ts';
import type { ServerEvent } from './events/read-events.ts';
import { type Asked, GatewayUnreachable, NotAGateway } from './failures.ts';
import { failureOf, jsonReply, type Reply, type SentReply, unbroken } from './reply.ts';
import { ADDRESSES } from './routes/addresses.generated.ts';
import { movedAddress } from './routes/moved-address.ts';
import { type AddressParts, routeAddress } from './routes/route-address.ts';
import type { CallRoute, EventRoute, FileRoute, KindOf, RequestOf, ValueOf } from './routes/route-types.ts';

/** Sends one request: `fetch`, or something in its place. */
export type Send = (url: string, init: RequestInit) => Promise<SentReply>;

export interface ClientOptions {
  /** Where the gateway is, as `gatewayUrl` takes it. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`: a text, or what gives the one that counts now. */
  readonly token?: string | (() => string);
  /** Sent as `X-Client-Id`: the name under which locks are held. */
  readonly clientId?: string;
  /** Milliseconds that a reply may take to begin (default: as long as it wants). */
  readonly timeoutMs?: number;
  readonly send?: Send;
  readonly pause?: Pause;
}

/** A file on its way. */
export interface Download {
  readonly status: number;
  readonly headers: SentReply['headers'];
  /** Its octets; throws `GatewayUnreachable` where the connection breaks. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The API of one gateway, typed by its contract. What it throws: `GatewayRefused`, `GatewayUnreachable`, `NotAGateway`, and
 * `InvalidName` where a name cannot be a part of an address.
 */
export interface Client {
  /** The address in use, without a slash at the end. */
  readonly url: string;
  /** Waits between two tries. */
  readonly pause: Pause;
  /** What a route gives. */
  call<N extends CallRoute, K extends KindOf<N>>(route: N, request: RequestOf<N, K>): Promise<ValueOf<N>>;
  /** The same with status, headers and the document as it came. */
  ask<N extends CallRoute, K extends KindOf<N>>(route: N, request: RequestOf<N, K>): Promise<Reply<ValueOf<N>>>;
  /** The events of a stream, opened anew behind the last one where it breaks; see `followEvents`. */
  events<N extends EventRoute, K extends KindOf<N>>(
    route: N,
    request: RequestOf<N, K> & FollowOptions,
  ): AsyncGenerator<ServerEvent>;
  /** A file; `headers` may ask for a part of it. */
  download<N extends FileRoute, K extends KindOf<N>>(route: N, request: RequestOf<N, K>): Promise<Download>;
}

/** So often a gateway may say that something is elsewhere: one that leads round in a circle is found out soon. */
const MAX_MOVES = 4;

/** A request as it is sent, whatever its route. */
interface AnyRequest extends AddressParts {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Makes a client of the gateway at `url`. Nothing is sent yet. Throws `InvalidGatewayUrl`. */
export function createClient(options: ClientOptions): Client {
  const { token, clientId, timeoutMs, send = fetch, pause = pauseInTime } = options;
  const url = gatewayUrl(options.url);
  const common = {
    Accept: 'application/json',
    ...(clientId && { 'X-Client-Id': clientId }),
  };

  /** The reply to a request, when its head is there, from where the gateway says that it is. Throws where it is no success. */
  async function reply(route: CallRoute | EventRoute | FileRoute, request: AnyRequest) {
    const { method, path } = routeAddress(route, request);
    let asked: Asked = { method, url: `${url}${path}` };
    const { body, type } = encoded(request.body);
    const waiting = deadline(timeoutMs, request.signal);
    const bearer = typeof token === 'function' ? token() : token;
    let response: SentReply;
    try {
      for (let moves = 0; ; moves += 1) {
        response = await send(asked.url, {
          method,
          headers: { ...common, ...(bearer && { Authorization: `Bearer ${bearer}` }), ...type, ...request.headers },
          ...(body !== undefined && { body }),
          // Not followed but within the API, so that no token goes where it was not meant to.
          redirect: 'manual',
          signal: waiting.signal,
        });
        const moved = response.status === 308 ? movedAddress(url, response.headers.get('location')) : undefined;
        if (moved === undefined || moves === MAX_MOVES) break;
        await response.body?.cancel();
        asked = { method, url: moved };
      }
    } catch (error) {
      throw new GatewayUnreachable(asked, error);
    } finally {
      waiting.end();
    }
    if (!response.ok) throw await failureOf(asked, response);
    return { asked, response };
  }

  const ask: Client['ask'] = async (route, request) => {
    const { asked, response } = await reply(route, request);
    return jsonReply(asked, response, { mayBeEmpty: ADDRESSES[route].gives !== 'json' });
  };

  return {
    url,
    pause,
    ask,
    call: async (route, request) => (await ask(route, request)).value,
    events: (route, request) =>
      followEvents(
        async (lastEventId) => {
          const { headers, ...rest }: AnyRequest = request;
          const { asked, response } = await reply(route, {
            ...rest,
            headers: {
              ...headers,
              Accept: 'text/event-stream',
              ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
            },
          });
          if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
            await response.body?.cancel();
            throw new NotAGateway(asked, response.status, 'something that is no event stream');
          }
          return chunksOf(asked, response);
        },
        pause,
        request,
      ),
    download: async (route, request) => {
      const { headers, ...rest }: AnyRequest = request;
      const { asked, response } = await reply(route, { ...rest, headers: { Accept: '*/*', ...headers } });
      return { status: response.status, headers: response.headers, chunks: chunksOf(asked, response) };
    },
  };
}

async function* chunksOf(asked: Asked, { octets, body }: SentReply): AsyncGenerator<Uint8Array> {
  if (octets !== undefined) yield octets;
  else if (body !== null) yield* unbroken(asked, body);
}

/** A body as it goes over the wire. The type of a form has a boundary, which whoever sends it knows. */
function encoded(body: unknown): { readonly body?: string | FormData; readonly type?: Record<string, string> } {
  if (body === undefined) return {};
  if (body instanceof FormData) return { body };
  return { body: stringifyJson(body), type: { 'Content-Type': 'application/json' } };
}

/** Aborted with `signal`, or when the time is over; not any more after `end`, so that a stream may take its time. */
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
