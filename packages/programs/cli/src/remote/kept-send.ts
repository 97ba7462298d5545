import type { Send } from '@medkit/client';
import type { HttpStreamRequest } from '@medkit/edges';
import { systemHttpStreams } from '@medkit/edges/node/http-streams';

/** A reply of so many octets comes as a whole: most lists have less. */
const WHOLE_BYTES = 1024 * 1024;

/**
 * Sends requests whose bodies are text, and keeps connections: a gateway keeps an idle one for 2 s unless it is told otherwise,
 * and says so, whereupon `fetch` keeps none at all.
 */
export function keptSend(timeoutMs: number): Send {
  return async (url, { method = 'GET', headers, body, signal }) => {
    const reply = await systemHttpStreams.open({
      method: method as HttpStreamRequest['method'],
      url,
      headers: Object.fromEntries(Object.entries(headers ?? {})),
      timeoutMs,
      wholeBytes: WHOLE_BYTES,
      ...(body && { body: String(body) }),
      ...(signal && { signal }),
    });
    const { status, octets } = reply;
    return {
      ok: status >= 200 && status < 300,
      status,
      headers: { get: (name) => reply.headers[name.toLowerCase()] ?? null },
      ...(octets ? { octets, body: null } : { body: ReadableStream.from(reply.body) }),
    };
  };
}
