import type { ForwardProvider } from '@medkit/core';
import type { Clock, HttpStreamReply } from '@medkit/edges';
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
/** Octets of a body that comes at once, whatever it is. */
const SHORT_BYTES = 65_536;

export interface ForwardingOptions {
  readonly link: PeerLink;
  readonly clock: Clock;
  /** `aggregation.forward_auth`: the credentials of the client go along, where there are none of this gateway's own. */
  readonly forwardsAuthorization: boolean;
}

/** Forwards requests to a gateway as they are. */
export function forwarding({ link, clock, forwardsAuthorization }: ForwardingOptions): ForwardProvider {
  const sent = forwardsAuthorization ? [...SENT, 'authorization'] : SENT;
  return {
    send: async (nativeId, { method, path, query, headers, body }, call) => {
      const entity = nativeId === '' ? '' : `/${nativeId}`;
      const length = headers['content-length'];
      const isStream = body !== undefined && !(body instanceof Uint8Array);
      const { deadlineMs, signal, via } = call;
      const reply = await link.open({
        method,
        path: `${entity}${path}${query === '' ? '' : `?${query}`}`,
        headers: {
          ...picked(headers, sent),
          ...(isStream && length !== undefined && { 'content-length': length }),
          'x-medkit-via': via.join(', '),
        },
        ...(body && { body }),
        timeoutMs: Math.max(1, Math.ceil(deadlineMs - clock.monotonicMs())),
        signal,
      });
      const answer = isShort(reply) ? inTime(reply, clock, deadlineMs) : reply.body;
      return { ...reply, headers: picked(reply.headers, RETURNED), body: answer };
    },
  };
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

function picked(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
