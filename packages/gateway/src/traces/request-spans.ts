import type { IncomingMessage } from 'node:http';
import { API_BASE, type Route } from '@medkit/contract';
import { dropMalformedTrace, type SpanAttributes, type SpanStart } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isEventRoute } from '../http/event-reply.ts';
import { entityIdOf } from '../http/exchange.ts';
import type { RepeatedReply, RequestObserver } from '../http/repeated-reads.ts';
import type { SpanRecorder } from './span-recorder.ts';

/** A request that takes longer than this is recorded, whatever the sampling decided. */
export const SLOW_REQUEST_MS = 1000;

type RequestTracer = Pick<SpanRecorder, 'begin' | 'samples'>;

/** Methods of the conventions of OpenTelemetry; the others are `_OTHER`. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
/** Names of query parameters whose value may be a secret. */
const SECRET_NAME = /token|secret|password|signature|key|code/i;

/**
 * Records requests as server spans, with the names of the HTTP conventions of OpenTelemetry. Event streams have no span:
 * they last as long as the client. The header `traceparent` of a request with a span names the span, so that everything
 * that reads the header continues from it. The sampling decides before anything else is done: a read that is not sampled
 * costs a random number, unless it is slow or fails.
 */
export class RequestSpans implements RequestObserver {
  readonly #tracer: RequestTracer;
  readonly #clock: Pick<Clock, 'monotonicMs'>;

  constructor(tracer: RequestTracer, clock: Pick<Clock, 'monotonicMs'>) {
    this.#tracer = tracer;
    this.#clock = clock;
  }

  observe(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      this.#follow(request, reply);
      done();
    });
  }

  repeated({ request, route, elapsedMs }: RepeatedReply): void {
    // A repeated reply is neither a change, nor slow, nor a failure: only the sampling decides.
    if (!this.#tracer.samples(request.headers['traceparent'] as string | undefined)) return;
    const attributes = () => requestAttributes(request, route, 200, request.socket.remoteAddress);
    this.#begin(request, route, elapsedMs).end({ attributes, isWanted: true });
  }

  #follow(request: FastifyRequest, reply: FastifyReply): void {
    const { raw, routeOptions } = request;
    const { route } = routeOptions.config;
    dropMalformedTrace(raw.headers);
    if (route !== undefined && isEventRoute(route)) return;
    const changes = route !== undefined && route.method !== 'get' && !route.observes;
    const beganMs = this.#clock.monotonicMs();
    // A read that is not sampled gets its span at the end, if at all: an id costs more than most reads.
    const isFollowed = changes || this.#tracer.samples(raw.headers['traceparent'] as string | undefined);
    const begun = isFollowed ? this.#begin(raw, route, 0) : undefined;
    if (begun) raw.headers['traceparent'] = begun.traceparent;
    // Also if the client disconnects, unlike the hook `onResponse`.
    reply.raw.once('close', () => {
      const { statusCode } = reply;
      // The time of Fastify is 0 without a hook `onResponse`.
      const elapsedMs = this.#clock.monotonicMs() - beganMs;
      const isServerError = statusCode >= 500;
      const isWanted = isServerError || (changes && statusCode < 400) || elapsedMs > SLOW_REQUEST_MS;
      if (!begun && !isWanted) return;
      const span = begun ?? this.#begin(raw, route, elapsedMs);
      span.end({
        isWanted,
        attributes: () => ({
          ...requestAttributes(raw, route, statusCode, request.ip),
          ...(isServerError && { 'error.type': String(statusCode) }),
          ...entityAttributes(route, request),
          ...(!reply.raw.writableEnded && { 'medkit.client_disconnected': true }),
        }),
        ...(isServerError && { error: `HTTP ${statusCode}` }),
      });
    });
  }

  #begin({ method = '', headers }: IncomingMessage, route: Route | undefined, elapsedMs: number) {
    const known = methodName(method);
    const name = route ? `${known} ${API_BASE}${route.path}` : known;
    const start: SpanStart = { name, kind: 'server', parent: headers['traceparent'] as string | undefined, elapsedMs };
    return this.#tracer.begin(start);
  }
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

function redactedQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => (SECRET_NAME.test(pair.split('=', 1)[0] ?? '') ? pair.replace(/=.*/s, '=REDACTED') : pair))
    .join('&');
}
