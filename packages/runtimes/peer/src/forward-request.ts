import { API_BASE } from '@medkit/contract';
import type { CallContext, ForwardProvider, ForwardRequest } from '@medkit/core';
import type { Clock, HttpStreamReply } from '@medkit/edges';
import type { KeptReplies } from './kept-replies.ts';
import type { PeerLink } from './peer-link.ts';

/** Headers that another gateway gets of a request: what it is about, and who asks. */
const SENT: readonly string[] = [
  'accept',
  'content-type',
  'if-match',
  'if-none-match',
  'if-range',
  'last-event-id',
  'range',
  'traceparent',
  'x-client-id',
  'x-medkit-asked',
  'x-medkit-no-fan-out',
];

/** Headers that a client gets of its reply: what is about the document, and nothing about connections, cookies or origins. */
const RETURNED: readonly string[] = [
  'accept-ranges',
  'allow',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'x-medkit-local-only',
];

const DOCUMENT = /^application\/(?:[\w.-]+\+)?json/i;
/** Stands for the gateway where it names only a path. */
const SOMEWHERE = 'http://somewhere.invalid';
/** Octets of a body that comes at once, whatever it is. */
const SHORT_BYTES = 65_536;

export interface ForwardingOptions {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** `aggregation.forward_auth`: the credentials of the client go along, where there are none of this gateway's own. */
  readonly forwardsAuthorization: boolean;
  /** What was kept of it; `undefined` where nothing of the kind was. */
  readonly kept: KeptReplies['answer'];
  /** Whether it answered when it was asked last: for one that did not, what was kept is answered at once. */
  readonly isThere: () => boolean;
}

/** Forwards requests to a gateway as they are. */
export function forwarding({ link, clock, forwardsAuthorization, kept, isThere }: ForwardingOptions): ForwardProvider {
  const isKeyed = link.peer.token !== undefined;
  const sent = forwardsAuthorization && !isKeyed ? [...SENT, 'authorization'] : SENT;
  const open = (nativeId: string, request: ForwardRequest, { deadlineMs, signal, via }: CallContext) => {
    const { method, path, query, headers, onBehalfOf, body } = request;
    const entity = nativeId === '' ? '' : `/${nativeId}`;
    const length = headers['content-length'];
    const isStream = body !== undefined && !(body instanceof Uint8Array);
    return link.open({
      method,
      path: `${entity}${path}${query === '' ? '' : `?${query}`}`,
      headers: {
        ...picked(headers, sent),
        ...(isStream && length !== undefined && { 'content-length': String(length) }),
        ...(isKeyed &&
          onBehalfOf !== undefined && {
            'x-medkit-on-behalf-of': onBehalfOf.name,
            'x-medkit-permissions': onBehalfOf.permissions,
          }),
        'x-medkit-via': via.join(', '),
      },
      ...(body && { body }),
      timeoutMs: Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs())),
      wholeBytes: SHORT_BYTES,
      signal,
    });
  };
  const keptFor = (nativeId: string, request: ForwardRequest) =>
    request.method === 'GET' || request.method === 'HEAD' ? kept(nativeId, request) : undefined;
  return {
    send: async (nativeId, request, call) => {
      const instead = isThere() ? undefined : await keptFor(nativeId, request);
      if (instead) return instead;
      const reply = await open(nativeId, request, call);
      const answer = !reply.octets && isShort(reply) ? inTime(reply, clock, call.deadlineMs) : reply.body;
      return { ...reply, headers: returned(reply.headers), body: answer };
    },
    kept: keptFor,
  };
}

function returned(headers: HttpStreamReply['headers']): HttpStreamReply['headers'] {
  const said = picked(headers, RETURNED);
  const { location } = said;
  if (location === undefined) return said;
  const { location: _elsewhere, ...others } = said;
  const address = addressThere(location);
  return address === undefined ? others : { ...others, location: address };
}

/** The path of something there, by whatever address it is told: that one leads past this gateway. None of what is elsewhere. */
function addressThere(location: string): string | undefined {
  const url = URL.parse(location, SOMEWHERE);
  const at = url?.pathname.indexOf(`${API_BASE}/`) ?? -1;
  return url && at >= 0 ? url.pathname.slice(at) + url.search : undefined;
}

/** Whether a reply is one that is read as a whole, and neither a stream of events nor a file, which take what they take. */
function isShort({ headers }: HttpStreamReply): boolean {
  const length = headers['content-length'];
  return DOCUMENT.test(headers['content-type'] ?? '') || (length !== undefined && Number(length) <= SHORT_BYTES);
}

/** The body of a reply that has begun, which ends in time: whoever reads it has no other limit. */
async function* inTime(reply: HttpStreamReply, clock: Clock, deadlineMs: number): AsyncGenerator<Uint8Array> {
  let isLate = false;
  const timer = clock.after(Math.max(1, deadlineMs - clock.monotonicMs()), () => {
    isLate = true;
    reply.close();
  });
  try {
    yield* reply.body;
  } catch (error) {
    throw isLate ? new Error('the rest of the reply does not come') : error;
  } finally {
    timer.cancel();
  }
}

function picked(headers: ForwardRequest['headers'], names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) found[name] = String(value);
  }
  return found;
}
