import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Route } from '@medkit/contract';
import { SovdError } from '@medkit/contract';
import { type Cursor, cursorOf, ownerOf } from '@medkit/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressPrefix } from '../limits/address-prefix.ts';
import type { Admission } from '../security/admission.ts';
import type { EventStream } from '../sse/event-stream.ts';
import { ForwardedReply, sendForwarded } from './forwarded-reply.ts';

/** Returns whether a route responds with a stream of events. */
export function isEventRoute({ method, responses }: Route): boolean {
  return method === 'get' && responses[200]?.media === 'text/event-stream';
}

/** A stream of events as the reply of a handler. */
export class EventReply {
  /**
   * Begins the stream after the cursor that the client has seen. If it rejects, the error is the reply; so is the reply
   * of a peer.
   */
  readonly open: (seen: Cursor | undefined) => Promise<EventStream | ForwardedReply>;
  /** Returns whether the scopes of the client still include the stream; called for clients with scopes only. */
  readonly isInScope: (() => boolean) | undefined;

  constructor(open: EventReply['open'], isInScope?: () => boolean) {
    this.open = open;
    this.isInScope = isInScope;
  }
}

/**
 * Sends events while the client is connected and authorised. `HEAD` begins no stream. Throws `invalid-request` if an
 * earlier request on the connection is still unanswered: until then no event could be sent, and a disconnect not be
 * detected.
 */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  { open, isInScope }: EventReply,
): Promise<FastifyReply> {
  const isHead = request.method === 'HEAD';
  if (!isHead && !(await hasConnection(reply))) throw pipelined();
  const stream = isHead ? undefined : await open(cursorOf(request.headers['last-event-id']));
  if (stream instanceof ForwardedReply) return sendForwarded(request, reply, stream);
  stream?.claim(ownerOf({ principal: request.principal, source: addressPrefix(request.ip) }));
  reply
    .header('Content-Type', 'text/event-stream')
    .header('Cache-Control', 'no-cache')
    .header('X-Accel-Buffering', 'no');
  if (!stream) return reply.send(Readable.from([], { objectMode: false }));
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders);
  stream.begin(reply.raw, { ...admissionOf(request), ...(request.visibleEntities && isInScope && { isInScope }) });
  return reply;
}

/** Event loop turns within which the completion of the previous reply is noticed. */
const TURNS = 10;

/**
 * Returns whether the connection is free for this reply. A fast client sends its next request before the gateway
 * notices that the previous reply was sent completely: such a request is not pipelined.
 */
async function hasConnection({ raw }: FastifyReply): Promise<boolean> {
  for (let turn = 0; turn < TURNS && !raw.socket; turn += 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
  return raw.socket !== null;
}

function admissionOf({ principal, credential, routeOptions }: FastifyRequest): Admission {
  // A route without a permission did not pass the chain.
  return { principal, credential, need: routeOptions.config.permission ?? 'read' };
}

function pipelined(): SovdError {
  const message = 'An event stream cannot follow a pending request on the same connection: use a separate connection';
  return new SovdError({ code: 'invalid-request', message });
}
