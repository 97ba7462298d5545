import type { IncomingMessage, ServerResponse } from 'node:http';
import { isPromise, type Principal } from '@medkit/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Principals } from '../security/identify.ts';

/** Gives the body of a reply again, from the body that was sent; `undefined` once the reply may have changed. */
export type Renew = (sent: Buffer) => Buffer | string | undefined;

declare module 'fastify' {
  interface FastifyReply {
    /** Set by a handler whose reply holds for the same client until something changes. */
    renew: Renew | undefined;
  }
}

/** Requests that are kept: each dashboard and each probe polls a handful of addresses. */
const MAX_KEPT = 256;
/** What the replies to them weigh together. */
const MAX_KEPT_OCTETS = 4 * 1024 * 1024;
/** Characters of the address and the headers of a request that is kept. */
const MAX_KEY_LENGTH = 2048;
/** Credentials of which no use is noted, and that are known at once. */
const UNNOTED_CREDENTIALS: ReadonlySet<string> = new Set(['none', 'token', 'plugin']);

interface KeptReply {
  readonly principal: Principal;
  /** Names and values in turns, without the length of the body. */
  readonly headers: readonly string[];
  readonly sent: Buffer;
  readonly renew: Renew;
}

/** Clients that poll send the very same request again. The key is the address of the client, the URL and all headers. */
function keyOf({ url, httpVersion, rawHeaders, socket }: IncomingMessage): string {
  return `${socket.remoteAddress}\n${httpVersion}\n${url}\n${rawHeaders.join('\n')}`;
}

/**
 * Answers a GET whose address and headers are, octet for octet, those of an earlier one with the earlier reply, as long as the handler
 * says that it holds. The checks of the host, the origin and the query depend on nothing else; the gateway identifies the client each time.
 * Routing and the other steps of a request cost about as much again as the answer (benchmarks/http.ts).
 */
export function answerRepeatedReads(
  app: FastifyInstance,
  { identify, isClosing }: { readonly identify: Principals['identify']; readonly isClosing: () => boolean },
): void {
  const kept = new Map<string, KeptReply>();
  let octets = 0;
  const clear = () => {
    kept.clear();
    octets = 0;
  };

  app.decorateReply('renew', undefined);
  app.addHook('onSend', ({ raw, principal, credential }, reply, payload, done) => {
    const { renew } = reply;
    if (renew !== undefined && Buffer.isBuffer(payload) && isKept(raw, reply.statusCode, credential.kind)) {
      const key = keyOf(raw);
      if (key.length <= MAX_KEY_LENGTH) {
        if (kept.size >= MAX_KEPT || octets + payload.length > MAX_KEPT_OCTETS) clear();
        octets += payload.length;
        const headers = headersOf(reply);
        kept.set(key, { principal, headers, sent: payload, renew });
      }
    }
    done(null, payload);
  });

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (kept.size === 0 || request.method !== 'GET' || isClosing()) return false;
    const key = keyOf(request);
    const reply = kept.get(key);
    if (reply === undefined) return false;
    const { method, url = '', headers } = request;
    const found = identify({ method, url, headers });
    if (isPromise(found) || found.principal !== reply.principal) return false;
    const body = reply.renew(reply.sent);
    if (body === undefined) {
      // What changed for one has changed for most.
      clear();
      return false;
    }
    response.writeHead(200, [...reply.headers, 'content-length', String(Buffer.byteLength(body))]).end(body);
    return true;
  }

  const [routed] = app.server.listeners('request') as [(request: IncomingMessage, response: ServerResponse) => void];
  app.server.removeListener('request', routed);
  app.server.on('request', (request, response) => {
    if (!answer(request, response)) routed(request, response);
  });
}

function headersOf(reply: FastifyReply): readonly string[] {
  const { 'content-length': _, ...headers } = reply.getHeaders();
  return Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
}

/** A request with a body is left to the handler that reads it. */
function isKept({ method, headers }: IncomingMessage, status: number, credential: string): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return method === 'GET' && status === 200 && !hasBody && UNNOTED_CREDENTIALS.has(credential);
}
