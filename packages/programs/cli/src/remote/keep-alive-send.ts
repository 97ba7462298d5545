import type { Send } from '@medkit/client';
import type { HttpStreamRequest } from '@medkit/edges';
import { systemHttpStreams } from '@medkit/edges/node/http-streams';

/** Maximum size of a reply that is returned as a whole; most lists are smaller. */
const WHOLE_BYTES = 1024 * 1024;

/**
 * Sends requests with text or bytes over persistent connections. A gateway announces an idle timeout of 2 s by default, and with that
 * `fetch` would not reuse connections at all.
 */
export function keepAliveSend(timeoutMs: number): Send {
  return async (url, { method = 'GET', headers, body, signal }) => {
    const reply = await systemHttpStreams.open({
      method: method as HttpStreamRequest['method'],
      url,
      headers: Object.fromEntries(Object.entries(headers ?? {})),
      timeoutMs,
      wholeBytes: WHOLE_BYTES,
      ...(body && { body: body instanceof Uint8Array ? body : String(body) }),
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
