import { API_BASE, FORWARDED_HEADERS, PEER_HEADERS, RETURNED_HEADERS } from '@medkit/contract';
import type { CallContext, ForwardProvider, ForwardRequest } from '@medkit/core';
import type { Clock, HttpStreamReply } from '@medkit/edges';
import type { PeerLink } from './peer-link.ts';
import type { ReplyCache } from './reply-cache.ts';

const DOCUMENT = /^application\/(?:[\w.-]+\+)?json/i;
/** Placeholder host if the gateway returns only a path. */
const SOMEWHERE = 'http://somewhere.invalid';
/** Maximum bytes of a body that is treated as short, whatever its type. */
const SHORT_BYTES = 65_536;

export interface ForwardingOptions {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** `aggregation.forward_auth`: forwards the client's credentials if this gateway has none for the peer. */
  readonly forwardsAuthorization: boolean;
  /** Returns the stored reply; `undefined` if there is none. */
  readonly storedReply: ReplyCache['answer'];
  /** Returns whether the peer answered the last request: if not, the stored reply is returned immediately. */
  readonly isThere: () => boolean;
}

/** Forwards requests to a gateway unchanged. */
export function forwarding({
  link,
  clock,
  forwardsAuthorization,
  storedReply,
  isThere,
}: ForwardingOptions): ForwardProvider {
  const isKeyed = link.peer.token !== undefined || link.peer.isProven === true;
  const sent = forwardsAuthorization && !isKeyed ? [...FORWARDED_HEADERS, 'authorization'] : FORWARDED_HEADERS;
  const open = (nativeId: string, request: ForwardRequest, { deadlineMs, signal, via, trace }: CallContext) => {
    const { method, path, query, headers, onBehalfOf, body } = request;
    const entity = nativeId === '' ? '' : `/${nativeId}`;
    const length = headers['content-length'];
    const isStream = body !== undefined && !(body instanceof Uint8Array);
    return link.open({
      method,
      path: `${entity}${path}${query === '' ? '' : `?${query}`}`,
      headers: {
        ...pickedHeaders(headers, sent),
        ...(trace !== undefined && { traceparent: trace }),
        ...(isStream && length !== undefined && { 'content-length': String(length) }),
        ...(isKeyed &&
          onBehalfOf !== undefined && {
            [PEER_HEADERS.onBehalfOf]: onBehalfOf.name,
            [PEER_HEADERS.permissions]: onBehalfOf.permissions,
          }),
        [PEER_HEADERS.via]: via.join(', '),
      },
      ...(body && { body }),
      timeoutMs: Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs())),
      wholeBytes: SHORT_BYTES,
      signal,
    });
  };
  const storedReplyFor = (nativeId: string, request: ForwardRequest) =>
    request.method === 'GET' || request.method === 'HEAD' ? storedReply(nativeId, request) : undefined;
  return {
    send: async (nativeId, request, call) => {
      const instead = isThere() ? undefined : await storedReplyFor(nativeId, request);
      if (instead) return instead;
      const reply = await open(nativeId, request, call);
      const answer = !reply.octets && isShort(reply) ? inTime(reply, clock, call.deadlineMs) : reply.body;
      return { ...reply, headers: returnedHeaders(reply.headers), body: answer };
    },
    kept: storedReplyFor,
  };
}

/** Returns the headers of a reply that are for the client, with a `Location` in the API as a path. */
export function returnedHeaders(headers: HttpStreamReply['headers']): HttpStreamReply['headers'] {
  const said = pickedHeaders(headers, RETURNED_HEADERS);
  const { location } = said;
  if (location === undefined) return said;
  const { location: _location, ...others } = said;
  const address = addressThere(location);
  return address === undefined ? others : { ...others, location: address };
}

/**
 * Returns the path of a `Location` in the peer's API, without its host, which would bypass this gateway; `undefined`
 * for other locations.
 */
function addressThere(location: string): string | undefined {
  const url = URL.parse(location, SOMEWHERE);
  const at = url?.pathname.indexOf(`${API_BASE}/`) ?? -1;
  return url && at >= 0 ? url.pathname.slice(at) + url.search : undefined;
}

/** Returns whether a reply is read as a whole, as opposed to event streams and files, which may take any time. */
function isShort({ headers }: HttpStreamReply): boolean {
  const length = headers['content-length'];
  return DOCUMENT.test(headers['content-type'] ?? '') || (length !== undefined && Number(length) <= SHORT_BYTES);
}

/** Yields the body of a reply and ends it at the deadline: the reader has no other limit. */
async function* inTime(reply: HttpStreamReply, clock: Clock, deadlineMs: number): AsyncGenerator<Uint8Array> {
  let isLate = false;
  const timer = clock.after(Math.max(1, deadlineMs - clock.monotonicMs()), () => {
    isLate = true;
    reply.close();
  });
  try {
    yield* reply.body;
  } catch (error) {
    throw isLate ? new Error('the rest of the reply did not arrive') : error;
  } finally {
    timer.cancel();
  }
}

/** Returns the headers with these names, each as one text. */
export function pickedHeaders(headers: ForwardRequest['headers'], names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) found[name] = String(value);
  }
  return found;
}
