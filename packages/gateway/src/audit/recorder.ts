import { type AnsweredRequest, type RequestAudit, requestEntry } from '@medkit/audit';
import { type Route, SovdError } from '@medkit/contract';
import { type Model, ownerOf, traceparentOf } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Recorder } from '../http/chain.ts';
import { LOCK_NOTE, notesOf, OVER_BUDGET_NOTE, UNCHANGED_NOTE } from '../http/exchange.ts';
import { addressPrefix } from '../limits/address-prefix.ts';
import { lacksCredentials } from '../security/identity.ts';
import type { AccessAudit } from './access-audit.ts';
import { errorOf } from './error-reply.ts';
import { accountNotes, requestFacts, traceOf } from './request-facts.ts';

export interface RecorderOptions {
  readonly audit: Pick<RequestAudit, 'admit' | 'failsClosed' | 'write'>;
  /** Counts refused requests of unauthenticated clients, which have no record. */
  readonly access: Pick<AccessAudit, 'refused'>;
  readonly model: Pick<Model, 'tree'>;
  readonly clock: Clock;
  /** Whether a request that only reads may be beyond the data budget of a fleet hub, which is recorded. */
  readonly hasHub: boolean;
  /** Creates trace ids for requests without one; present if requests may be forwarded to peers. */
  readonly traces?: Pick<Random, 'bytes'> | undefined;
}

/** Arrival time of a request, on both clocks. */
interface Arrival {
  readonly atNs: bigint;
  readonly atMs: number;
}

/**
 * Records each request that changes something, and each that is served beyond the data budget, before its reply is sent.
 * Rejected requests, and refused requests of
 * unauthenticated clients, have no record: anyone who reaches the port could fill the log with them. They are only
 * counted.
 */
export function auditRecorder({ audit, access, model, clock, hasHub, traces }: RecorderOptions): Recorder {
  const arrivals = new WeakMap<FastifyRequest, Arrival>();
  return (route) => {
    // A GET with a record is the return of a browser from the identity provider, which logs in.
    const isRead = (route.method === 'get' && route.recorded === undefined) || route.observes === true;
    if (isRead && !hasHub) return {};
    return {
      onRequest: async (request) => {
        if (isRead && !(OVER_BUDGET_NOTE in notesOf(request))) return;
        arrivals.set(request, { atNs: clock.wallNs(), atMs: clock.monotonicMs() });
        audit.admit();
        // A peer to which the request is forwarded records it as well: the shared trace id links both records.
        if (traces && traceOf(request) === undefined) request.headers['traceparent'] = newTrace(traces);
      },
      onSend: async (request, reply, payload) => {
        const arrival = arrivals.get(request);
        const isRefused = reply.statusCode >= 400;
        const isUnknown = lacksCredentials(request.principal);
        if (isUnknown && isRefused) countRefused(access, route, request, reply.statusCode);
        if (!arrival || (isRefused && (isUnknown || route.recorded === 'done'))) return payload;
        const notes = notesOf(request);
        if (UNCHANGED_NOTE in notes) return payload;
        // An unauthenticated request that its handler vouches for with a note, such as a login, has a full record.
        const isMinor = isUnknown ? Object.keys(notes).length === 0 : isRefused && reply.statusCode < 500;
        const answered = {
          ...requestFacts(route, request, model),
          ...outcome(reply, payload, request),
          cameAtNs: arrival.atNs,
          duration_ms: Math.round(1000 * (clock.monotonicMs() - arrival.atMs)) / 1000,
        };
        const written = await audit.write(
          requestEntry(answered, isMinor ? 'minor' : 'full'),
          ownerOf({ principal: request.principal, source: addressPrefix(request.ip) }),
        );
        return written || !audit.failsClosed || isRefused ? payload : unrecorded(reply);
      },
    };
  };
}

/** A wrong password or code (401) is counted by the handler, which knows the account. */
function countRefused(
  access: Pick<AccessAudit, 'refused'>,
  { operationId }: Route,
  { ip: address }: FastifyRequest,
  status: number,
): void {
  if (status === 401) return;
  access.refused({ reason: status === 429 ? 'too-many-requests' : 'unauthenticated-request', address, operationId });
}

function newTrace(random: Pick<Random, 'bytes'>): string {
  const [traceId = '', spanId = ''] = [16, 8].map((length) => Buffer.from(random.bytes(length)).toString('hex'));
  return traceparentOf({ traceId, spanId, isSampled: false });
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
    notes: { ...accountNotes(request), ...notes },
  };
}

/** Replaces the reply to a completed change whose required audit record could not be written. */
function unrecorded(reply: FastifyReply): Buffer {
  const message = 'The change was made, but its audit record could not be written yet: it is queued';
  const error = new SovdError({ code: 'service-unavailable', message, parameters: { status: reply.statusCode } });
  reply.code(error.status).header('Content-Type', 'application/json').removeHeader('Content-Length');
  return Buffer.from(JSON.stringify(error.body()));
}
