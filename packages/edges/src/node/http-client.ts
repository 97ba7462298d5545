import type { HttpClient } from '../http-client.ts';

const MAX_REPLY_BYTES = 1_048_576;

/** HTTP and HTTPS over TCP, with connections that are kept for the next request. */
export const systemHttpClient: HttpClient = {
  async send({ method, url, headers, body, timeoutMs, maxReplyBytes = MAX_REPLY_BYTES, signal }) {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method,
        headers,
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body !== undefined && { body }),
      });
      const text = await textOf(response, maxReplyBytes);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
    } catch (error) {
      throw new Error(timeout.aborted ? `no reply in ${timeoutMs} ms` : reasonOf(error));
    }
  },
};

/** The first octets of a reply as text. What it has beyond them is not waited for. */
async function textOf({ body }: Response, maxBytes: number): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, Math.min(bytes, maxBytes));
}

/** `fetch` says only that it failed; why is one level below. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || String((cause as NodeJS.ErrnoException).code);
}
