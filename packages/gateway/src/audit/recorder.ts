import { KIND_WORDS, type Route, SovdError } from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import { type AnsweredRequest, requestEntry } from '@medkit/services';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Recorder } from '../http/chain.ts';
import { entityIdOf, LOCK_NOTE, notesOf, pathOf } from '../http/exchange.ts';
import { onBehalfOf } from '../security/on-behalf-of.ts';
import { errorOf } from './error-reply.ts';
import type { RequestAudit } from './request-audit.ts';

export interface RecorderOptions {
  readonly audit: Pick<RequestAudit, 'admit' | 'failsClosed' | 'write'>;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  /** Where requests may go on to other gateways: makes the traces of those that came without one. */
  readonly traces?: Pick<Random, 'bytes'> | undefined;
}

/** W3C trace context: version, trace, parent, flags. */
const TRACE = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/;

/** When a request came, by both clocks. */
interface Arrival {
  readonly atNs: bigint;
  readonly atMs: number;
}

/**
 * Writes down every request on a route that changes something, before its reply leaves. One that was not let in, for want of
 * a token or as of a foreign page, is not among them: whoever is kept out could fill the log.
 */
export function auditRecorder({ audit, model, clock, traces }: RecorderOptions): Recorder {
  const arrivals = new WeakMap<FastifyRequest, Arrival>();
  return (route) => {
    if (route.method === 'get' || route.observes) return {};
    return {
      onRequest: async (request) => {
        arrivals.set(request, { atNs: clock.wallNs(), atMs: clock.monotonicMs() });
        audit.admit();
        // The gateway that it goes on to writes it down as well: by its trace the two records are of one request.
        if (traces && traceOf(request) === undefined) request.headers['traceparent'] = newTrace(traces);
      },
      onSend: async (request, reply, payload) => {
        const arrival = arrivals.get(request);
        if (!arrival) return payload;
        const answered = {
          ...asked(route, request, model),
          ...outcome(reply, payload, request),
          cameAtNs: arrival.atNs,
          duration_ms: Math.round(1000 * (clock.monotonicMs() - arrival.atMs)) / 1000,
        };
        const written = await audit.write(requestEntry(answered));
        return written || !audit.failsClosed || reply.statusCode >= 400 ? payload : unrecorded(reply);
      },
    };
  };
}

type Asked = Omit<AnsweredRequest, 'cameAtNs' | 'duration_ms' | 'error_code' | 'lock_id' | 'notes' | 'status'>;

function asked(route: Route, request: FastifyRequest, { tree }: Pick<Model, 'tree'>): Asked {
  const { method, operationId, kind } = route;
  const clientId = String(request.headers['x-client-id'] ?? '');
  const id = entityIdOf(route, request);
  const trace = traceOf(request);
  const parameters = Object.entries(pathOf(route, request));
  const items = parameters.filter(([name]) => !kind || name !== KIND_WORDS[kind].param).map(([, value]) => value);
  const collection = collectionOf(route);
  const behalf = onBehalfOf(request);
  return {
    method: method.toUpperCase(),
    operation_id: operationId,
    path: request.url.split('?', 1)[0] as string,
    ...(kind && { entity_type: kind, entity_id: tree.resolve(kind, id)?.id ?? id }),
    ...(collection !== undefined && { collection }),
    ...(items.length > 0 && { item: items.join('/') }),
    ...(clientId !== '' && { client_id: clientId }),
    ...(request.principal.kind !== 'anonymous' && { principal: request.principal.id }),
    ...(behalf !== undefined && { on_behalf_of: behalf }),
    remote_address: request.ip,
    ...(trace !== undefined && { trace_id: trace }),
  };
}

function traceOf({ headers }: FastifyRequest): string | undefined {
  return TRACE.exec(String(headers['traceparent'] ?? ''))?.[1];
}

function newTrace(random: Pick<Random, 'bytes'>): string {
  const [trace, parent] = [16, 8].map((length) => Buffer.from(random.bytes(length)).toString('hex'));
  return `00-${trace}-${parent}-00`;
}

/** The collection that is changed: below the entity, or the first of the path. None where only another gateway knows it. */
function collectionOf(route: Pick<Route, 'kind' | 'path'>): string | undefined {
  const segment = route.path.split('/')[route.kind ? 3 : 1];
  return segment?.startsWith('{') ? undefined : segment;
}

function outcome(
  reply: FastifyReply,
  payload: unknown,
  request: FastifyRequest,
): Pick<AnsweredRequest, 'error_code' | 'lock_id' | 'notes' | 'status'> {
  const { [LOCK_NOTE]: passed, ...notes } = notesOf(request);
  const error = reply.statusCode >= 400 ? errorOf(payload) : undefined;
  const lock = error?.lockId ?? passed;
  return {
    status: reply.statusCode,
    ...(error?.code !== undefined && { error_code: error.code }),
    ...(lock !== undefined && { lock_id: lock }),
    notes,
  };
}

/** The reply in the place of one to a change that was made, where none may be without its record. */
function unrecorded(reply: FastifyReply): Buffer {
  const message = 'The change was made, but its record in the audit log could not be written: it waits for that';
  const error = new SovdError({ code: 'service-unavailable', message, parameters: { status: reply.statusCode } });
  reply.code(error.status).header('Content-Type', 'application/json').removeHeader('Content-Length');
  return Buffer.from(JSON.stringify(error.body()));
}
