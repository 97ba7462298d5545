import type { ClientRequest, IncomingMessage } from 'node:http';
import type { HttpClient, HttpReply, HttpRequest } from '../http-client.ts';

const MAX_REPLY_BYTES = 1_048_576;
/**
 * Idle time after which the client closes a connection: below the 5 s at which most servers close it, to avoid writing
 * to a closing socket.
 */
const IDLE_TIMEOUT_MS = 4000;

// Importing `node:http` would load everything that `fetch` needs: 13 MB, and 40 ms of processor time at every start.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

const agents = {
  http: new http.Agent({ keepAlive: true, timeout: IDLE_TIMEOUT_MS }),
  https: new https.Agent({ keepAlive: true, timeout: IDLE_TIMEOUT_MS }),
};

/** HTTP and HTTPS over TCP with keep-alive connections. */
export const systemHttpClient: HttpClient = {
  async send(request) {
    const { body, timeoutMs, maxReplyBytes = MAX_REPLY_BYTES, signal } = request;
    signal?.throwIfAborted();
    const outgoing = begin(request);
    const timer = setTimeout(() => outgoing.destroy(new Error(`no reply in ${timeoutMs} ms`)), timeoutMs);
    const abort = () => outgoing.destroy(new Error('the request was aborted'));
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await exchange(outgoing, body, maxReplyBytes);
    } catch (error) {
      throw new Error(errorMessage(error));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  },
};

/** Rejects an unsolicited upgrade: otherwise no code would own the connection, and no reply would ever arrive. */
function refuseUpgrade(outgoing: ClientRequest, refuse: (error: Error) => void): void {
  outgoing.once('upgrade', (_reply, socket) => {
    socket.destroy();
    refuse(new Error('the server switched to another protocol'));
  });
}

function begin({ method, url, address, headers, certificate }: Omit<HttpRequest, 'body' | 'timeoutMs'>): ClientRequest {
  const { protocol, hostname, host, port, pathname, search } = new URL(url);
  const options = {
    method,
    // The agent pools connections by `host`, so a connection to a checked address is not used for another one.
    host: address ?? hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    path: pathname + search,
    // Node.js takes the TLS server name from the `Host` header. Requests an uncompressed body.
    headers: { 'Accept-Encoding': 'identity', ...headers, Host: host },
  };
  return protocol === 'https:'
    ? https.request({ ...options, agent: agents.https, rejectUnauthorized: certificate !== 'unchecked' })
    : http.request({ ...options, agent: agents.http });
}

function exchange(outgoing: ClientRequest, body: HttpRequest['body'], maxReplyBytes: number): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    // Stays after the reply: a connection may break while the rest of the reply is discarded.
    outgoing.on('error', reject);
    refuseUpgrade(outgoing, reject);
    outgoing.once('response', (incoming) => {
      const { statusCode = 0 } = incoming;
      textOf(incoming, maxReplyBytes).then(
        (text) => resolve({ status: statusCode, headers: headersOf(incoming), body: text }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

/** Returns the first `maxBytes` bytes of a reply as text. A longer reply is cut off, which closes the connection. */
async function textOf(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, Math.min(bytes, maxBytes));
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) texts[name] = String(headers[name]);
  return texts;
}

/** If every address of a host fails, the error has a code and no message. */
function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code);
}
