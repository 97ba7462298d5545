import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { API_BASE, type Route } from '@medkit/contract';
import { dropMalformedTrace, type SpanAttributes, type SpanEnd, type SpanStart } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isEventRoute } from '../http/event-reply.ts';
import { entityIdOf } from '../http/exchange.ts';
import type { RepeatedReply, RequestObserver } from '../http/repeated-reads.ts';
import type { SpanRecorder } from './span-recorder.ts';

/** A request that takes longer than this is recorded, whatever the sampling decided. */
export const SLOW_REQUEST_MS = 1000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Monotonic time of the start of a request without a span; `undefined` for other requests. */
    unsampledSinceMs: number | undefined;
  }
}

type RequestTracer = Pick<SpanRecorder, 'begin' | 'samples'>;

/** Methods of the conventions of OpenTelemetry; the others are `_OTHER`. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
/**
 * Names of query parameters whose value may be a secret: `api_key` and the `code` of OAuth, but not `keyword` or
 * `fault_code`.
 */
const SECRET_NAME = /token|secret|password|signature|key(?![a-z])|^(?:auth(?:orization)?[_-]?)?code$/i;

/**
 * Records requests as server spans, with the names of the HTTP conventions of OpenTelemetry. Event streams have no span:
 * they last as long as the client. The header `traceparent` of a request with a span names the span, so that everything
 * that reads the header continues from it. The sampling decides before anything else is done: a read that is not sampled
 * costs a random number, unless it is slow or fails.
 */
export class RequestSpans implements RequestObserver {
  readonly #tracer: RequestTracer;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** The header `traceparent` of the request that is served. */
  readonly #current = new AsyncLocalStorage<string>();

  constructor(tracer: RequestTracer, clock: Pick<Clock, 'monotonicMs'>) {
    this.#tracer = tracer;
    this.#clock = clock;
  }

  observe(app: FastifyInstance): void {
    app.decorateRequest('unsampledSinceMs', undefined);
    app.addHook('onRequest', (request, reply, done) => {
      const { raw } = request;
      dropMalformedTrace(raw.headers);
      // Most requests are reads that are not sampled: they cost no more than this, and two readings of the clock.
      if (raw.method === 'GET' && !this.#tracer.samples(raw.headers['traceparent'] as string | undefined))
        request.unsampledSinceMs = this.#clock.monotonicMs();
      else this.#follow(request, reply);
      done();
    });
    // Not before the body was read, whose end continues in the context of the socket.
    app.addHook('preHandler', ({ raw }, _reply, done) => {
      const traceparent = raw.headers['traceparent'] as string | undefined;
      if (traceparent === undefined) done();
      else this.#current.run(traceparent, done);
    });
    app.addHook('onSend', (request, reply, payload, done) => {
      const { unsampledSinceMs } = request;
      if (unsampledSinceMs !== undefined) {
        const elapsedMs = this.#clock.monotonicMs() - unsampledSinceMs;
        if (elapsedMs > SLOW_REQUEST_MS || reply.statusCode >= 500) this.#record(request, reply, elapsedMs);
      }
      done(null, payload);
    });
  }

  repeated({ request, route, elapsedMs }: RepeatedReply): void {
    // A repeated reply is neither a change, nor slow, nor a failure: only the sampling decides.
    if (!this.#tracer.samples(request.headers['traceparent'] as string | undefined)) return;
    const attributes = () => requestAttributes(request, route, 200, request.socket.remoteAddress);
    this.#begin(request, route, elapsedMs).end({ attributes, isWanted: true });
  }

  /** Begins the span of a read that was not sampled, so that the line about its failure has an id. */
  failed(request: FastifyRequest, reply: FastifyReply): void {
    const { unsampledSinceMs } = request;
    if (unsampledSinceMs === undefined) return;
    request.unsampledSinceMs = undefined;
    this.#open(request, reply, this.#clock.monotonicMs() - unsampledSinceMs);
  }

  /** Returns the header `traceparent` of the request that the present code serves. */
  current(): string | undefined {
    return this.#current.getStore();
  }

  /** Begins the span of a request that is sampled, or changes something. */
  #follow(request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = request;
    if (
      !changesSomething(request) &&
      raw.method !== 'GET' &&
      !this.#tracer.samples(raw.headers['traceparent'] as string | undefined)
    ) {
      request.unsampledSinceMs = this.#clock.monotonicMs();
      return;
    }
    this.#open(request, reply, 0);
  }

  /** Begins a span that ends with the reply. */
  #open(request: FastifyRequest, reply: FastifyReply, elapsedMs: number): void {
    const { raw, routeOptions } = request;
    const { route } = routeOptions.config;
    if (route !== undefined && isEventRoute(route)) return;
    const changes = changesSomething(request);
    const beganMs = this.#clock.monotonicMs() - elapsedMs;
    const span = this.#begin(raw, route, elapsedMs);
    raw.headers['traceparent'] = span.traceparent;
    // Also if the client disconnects, unlike the hook `onResponse`.
    reply.raw.once('close', () => {
      const { statusCode } = reply;
      const isSlow = this.#clock.monotonicMs() - beganMs > SLOW_REQUEST_MS;
      span.end({
        isWanted: statusCode >= 500 || (changes && statusCode < 400) || isSlow,
        ...endOf(request, reply, route, !reply.raw.writableEnded),
      });
    });
  }

  /** Records a read that was not sampled, but is slow or failed. Its reply is about to be sent. */
  #record(request: FastifyRequest, reply: FastifyReply, elapsedMs: number): void {
    request.unsampledSinceMs = undefined;
    const { raw, routeOptions } = request;
    const { route } = routeOptions.config;
    if (route !== undefined && isEventRoute(route)) return;
    this.#begin(raw, route, elapsedMs).end({ isWanted: true, ...endOf(request, reply, route, raw.socket.destroyed) });
  }

  #begin({ method = '', headers }: IncomingMessage, route: Route | undefined, elapsedMs: number) {
    const known = methodName(method);
    const name = route ? `${known} ${API_BASE}${route.path}` : known;
    const start: SpanStart = { name, kind: 'server', parent: headers['traceparent'] as string | undefined, elapsedMs };
    return this.#tracer.begin(start);
  }
}

function changesSomething({ routeOptions }: FastifyRequest): boolean {
  const { route } = routeOptions.config;
  return route !== undefined && route.method !== 'get' && !route.observes;
}

/** Returns the attributes of a reply, and its failure if it is one of the server. */
function endOf(request: FastifyRequest, reply: FastifyReply, route: Route | undefined, isAbandoned: boolean): SpanEnd {
  const { statusCode } = reply;
  const isServerError = statusCode >= 500;
  return {
    attributes: () => ({
      ...requestAttributes(request.raw, route, statusCode, request.ip),
      ...(isServerError && { 'error.type': String(statusCode) }),
      ...entityAttributes(route, request),
      ...(isAbandoned && { 'medkit.client_disconnected': true }),
    }),
    ...(isServerError && { error: `HTTP ${statusCode}` }),
  };
}

function methodName(method: string): string {
  return KNOWN_METHODS.has(method) ? method : '_OTHER';
}

/** Returns the attributes of the HTTP conventions. The path and query contain no secret. */
function requestAttributes(
  { method = '', url = '', headers, socket, httpVersion }: IncomingMessage,
  route: Route | undefined,
  status: number,
  client: string | undefined,
): SpanAttributes {
  const [path = '', query] = url.split('?', 2);
  const isSecret = route?.parameters.some(({ secret }) => secret) ?? false;
  const template = route && `${API_BASE}${route.path}`;
  const host = URL.parse(`http://${headers.host ?? ''}`);
  return {
    'http.request.method': methodName(method),
    'http.route': template,
    'http.response.status_code': status,
    'url.path': isSecret ? template : path,
    'url.query': route && !isSecret && query ? redactedQuery(query) : undefined,
    'url.scheme': 'encrypted' in socket ? 'https' : 'http',
    'server.address': host?.hostname || undefined,
    'server.port': socket.localPort,
    'client.address': client,
    'network.protocol.version': httpVersion,
    'user_agent.original': headers['user-agent'],
    'medkit.operation_id': route?.operationId,
    'medkit.client_id': headers['x-client-id'] as string | undefined,
  };
}

function entityAttributes(route: Route | undefined, request: FastifyRequest): SpanAttributes {
  return route?.kind === undefined
    ? {}
    : { 'medkit.entity.type': route.kind, 'medkit.entity.id': entityIdOf(route, request) };
}

/** Returns a query with the values of secrets replaced. */
export function redactedQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => (SECRET_NAME.test(pair.split('=', 1)[0] ?? '') ? pair.replace(/=.*/s, '=REDACTED') : pair))
    .join('&');
}
