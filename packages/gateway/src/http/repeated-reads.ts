import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '@medkit/contract';
import { isPromise, type Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principals } from '../security/identify.ts';

/** Returns the body for a repeated request, given the body that was sent; `undefined` if the reply may have changed. */
export type Renew = (sent: Buffer) => Buffer | string | undefined;

declare module 'fastify' {
  interface FastifyReply {
    /** Set by a handler whose reply stays valid for the same client until something changes. */
    renew: Renew | undefined;
  }
}

/** Maximum cached replies: each dashboard and each probe polls a handful of URLs. */
const MAX_CACHED = 256;
/** Maximum bytes of all cached replies. */
const MAX_CACHED_BYTES = 4 * 1024 * 1024;
/** Maximum characters of the URL and the headers of a cached request. */
const MAX_KEY_LENGTH = 2048;
/** Kinds of credentials that are checked synchronously and have no record of their last use. */
const UNNOTED_CREDENTIALS: ReadonlySet<string> = new Set(['none', 'token', 'plugin']);

/** A reply that was sent without the hooks of the server, with status 200. */
export interface RepeatedReply {
  readonly request: IncomingMessage;
  /** Absent for a page. */
  readonly route: Route | undefined;
  readonly elapsedMs: number;
}

/** Measures or records requests. */
export interface RequestObserver {
  /** Adds the hooks that measure the requests of a server; called before any other hook is added. */
  observe(app: FastifyInstance): void;
  /** Called for each reply that was sent without the hooks. */
  repeated(reply: RepeatedReply): void;
  /** Called before a failure of the gateway is logged. */
  failed?(request: FastifyRequest, reply: FastifyReply): void;
}

/** Combines observers; returns `undefined` if there are none. */
export function allObservers(...observers: readonly (RequestObserver | undefined)[]): RequestObserver | undefined {
  const present = observers.filter((each) => each !== undefined);
  if (present.length < 2) return present[0];
  return {
    observe: (app) => {
      for (const each of present) each.observe(app);
    },
    repeated: (reply) => {
      for (const each of present) each.repeated(reply);
    },
    failed: (request, reply) => {
      for (const each of present) each.failed?.(request, reply);
    },
  };
}

interface RepeatedReadsOptions {
  readonly identify: Principals['identify'];
  readonly isClosing: () => boolean;
  readonly observer?: Pick<RequestObserver, 'repeated'> | undefined;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

interface CachedReply {
  readonly route: Route | undefined;
  readonly principal: Principal;
  /** Names and values alternating, without the content length. */
  readonly headers: readonly string[];
  readonly sent: Buffer;
  readonly renew: Renew;
}

/** Returns the cache key: client address, URL and all headers. Clients that poll send identical requests. */
function keyOf({ url, httpVersion, rawHeaders, socket }: IncomingMessage): string {
  return `${socket.remoteAddress}\n${httpVersion}\n${url}\n${rawHeaders.join('\n')}`;
}

/**
 * Answers a GET with an earlier reply if URL and headers are byte-identical and the handler declares the reply still
 * valid. The checks of host, origin and query depend on nothing else; the gateway identifies the client each time.
 * Routing and the other steps of a request cost about as much as the reply itself (benchmarks/http.ts).
 */
export function answerRepeatedReads(
  app: FastifyInstance,
  { identify, isClosing, observer, clock }: RepeatedReadsOptions,
): void {
  const cached = new Map<string, CachedReply>();
  let octets = 0;
  const clear = () => {
    cached.clear();
    octets = 0;
  };

  app.decorateReply('renew', undefined);
  app.addHook('onSend', ({ raw, principal, credential, routeOptions }, reply, payload, done) => {
    const { renew } = reply;
    if (renew !== undefined && Buffer.isBuffer(payload) && isCacheable(raw, reply.statusCode, credential.kind)) {
      const key = keyOf(raw);
      if (key.length <= MAX_KEY_LENGTH) {
        if (cached.size >= MAX_CACHED || octets + payload.length > MAX_CACHED_BYTES) clear();
        octets += payload.length;
        const headers = headersOf(reply);
        cached.set(key, {
          route: routeOptions.config.route,
          principal,
          headers,
          sent: payload,
          renew,
        });
      }
    }
    done(null, payload);
  });

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    if (cached.size === 0 || request.method !== 'GET' || isClosing()) return false;
    const beganMs = observer ? clock.monotonicMs() : 0;
    const key = keyOf(request);
    const reply = cached.get(key);
    if (reply === undefined) return false;
    const { method, url = '', headers, socket } = request;
    const found = identify({ method, url, headers, socket });
    if (isPromise(found) || found.principal !== reply.principal) return false;
    const body = reply.renew(reply.sent);
    if (body === undefined) {
      // A change that invalidates one reply invalidates most of them.
      clear();
      return false;
    }
    response.writeHead(200, [...reply.headers, 'content-length', String(Buffer.byteLength(body))]).end(body);
    observer?.repeated({ request, route: reply.route, elapsedMs: clock.monotonicMs() - beganMs });
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

/** A request with a body always goes to its handler. */
function isCacheable({ method, headers }: IncomingMessage, status: number, credential: string): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return method === 'GET' && status === 200 && !hasBody && UNNOTED_CREDENTIALS.has(credential);
}
