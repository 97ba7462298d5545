import { Readable } from 'node:stream';
import type { HttpStreamRequest, HttpStreams } from '../http-client.ts';
import { connectionTo, type Dial, dialTrusting } from './kept-connections.ts';
import { ReplyReader } from './reply-reader.ts';

/** HTTP and HTTPS over TCP for replies that are read as they come, with connections that are kept for the next request. */
export const systemHttpStreams = httpStreamsTrusting([]);

/** The same for servers whose certificates come from authorities of one's own, given as PEM texts. */
export function httpStreamsTrusting(authorities: readonly string[]): HttpStreams {
  const dial = dialTrusting(authorities);
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
        // A body that has to be unpacked is not asked for.
        headers: { 'accept-encoding': 'identity', ...headers },
        body: body === undefined ? null : sentBody(body),
      },
      reader,
    );
  });
}

/** What comes in parts is left as it is where the reply has ended before it: it may be of a client that waits for that reply. */
function sentBody(body: NonNullable<HttpStreamRequest['body']>): string | Uint8Array | Readable {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  const parts = body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body;
  return Readable.from(parts, { objectMode: false });
}

/** The origin of a URL, and what is asked of that: as it is, since it is not for the one that asks to read it in another way. */
function partsOf(url: string): readonly [origin: string, path: string] {
  const from = url.indexOf('/', 'https://'.length);
  if (from < 0) return [url, '/'];
  const end = url.indexOf('#', from);
  return [url.slice(0, from), end < 0 ? url.slice(from) : url.slice(from, end)];
}
