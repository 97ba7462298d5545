import type { ForwardProvider } from '@medkit/core';
import type { Clock } from '@medkit/edges';
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
      const reply = await link.open({
        method,
        path: `${entity}${path}${query === '' ? '' : `?${query}`}`,
        headers: {
          ...picked(headers, sent),
          ...(isStream && length !== undefined && { 'content-length': length }),
          'x-medkit-via': call.via.join(', '),
        },
        ...(body && { body }),
        timeoutMs: Math.max(1, Math.ceil(call.deadlineMs - clock.monotonicMs())),
        signal: call.signal,
      });
      return { ...reply, headers: picked(reply.headers, RETURNED) };
    },
  };
}

function picked(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
