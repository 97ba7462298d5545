import { Readable } from 'node:stream';
import type { HttpStreamRequest, HttpStreams } from '../http-client.ts';
import { connectionTo, type Dial, dialWithAuthorities } from './connection-pool.ts';
import { ReplyReader } from './reply-reader.ts';

export type { Dial } from './connection-pool.ts';

/** HTTP and HTTPS over TCP with streamed replies and keep-alive connections. */
export const systemHttpStreams = httpStreamsWithAuthorities([]);

/** Like `systemHttpStreams`, but also trusts the given certificate authorities (PEM). */
export function httpStreamsWithAuthorities(authorities: readonly string[]): HttpStreams {
  return httpStreamsOver(dialWithAuthorities(authorities));
}

/** Like `systemHttpStreams`, over connections that `dial` opens: a tunnel, for example. */
export function httpStreamsOver(dial: Dial): HttpStreams {
  return { open: (request) => open(request, dial) };
}

function open(request: HttpStreamRequest, dial: Dial): ReturnType<HttpStreams['open']> {
  return new Promise((resolve, reject) => {
    const { method, url, address, headers, body, signal } = request;
    signal?.throwIfAborted();
    const [origin, path] = partsOf(url);
    const connection = connectionTo(origin, address, dial);
    const reader = new ReplyReader(connection, request, resolve, reject);
    connection.client.dispatch(
      {
        method,
        path,
        // Requests an uncompressed body.
        headers: { 'accept-encoding': 'identity', ...headers },
        body: body === undefined ? null : sentBody(body),
      },
      reader,
    );
  });
}

/**
 * Returns the body to send. If the reply ends first, leaves a streamed body open: it may belong to a client that waits
 * for that reply.
 */
function sentBody(body: NonNullable<HttpStreamRequest['body']>): string | Uint8Array | Readable {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  const parts = body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body;
  return Readable.from(parts, { objectMode: false });
}

/** Splits a URL into origin and path. Keeps the path verbatim, because the client must not normalize it. */
function partsOf(url: string): readonly [origin: string, path: string] {
  const from = url.indexOf('/', 'https://'.length);
  if (from < 0) return [url, '/'];
  const end = url.indexOf('#', from);
  return [url.slice(0, from), end < 0 ? url.slice(from) : url.slice(from, end)];
}
