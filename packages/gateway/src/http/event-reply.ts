import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Route } from '@medkit/contract';
import { SovdError } from '@medkit/contract';
import { type Cursor, cursorOf, ownerOf } from '@medkit/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressPrefix } from '../limits/address-prefix.ts';
import { ForwardedReply, sendForwarded } from '../peers/forwarding/forwarded-reply.ts';
import type { Admission } from '../security/admission.ts';
import type { EventStream } from '../sse/event-stream.ts';

/** Whether a route answers with a stream of events. */
export function isEventRoute({ method, responses }: Route): boolean {
  return method === 'get' && responses[200]?.media === 'text/event-stream';
}

/** A stream of events as the reply of a handler. */
export class EventReply {
  /**
   * Begins the stream for a client that has seen so much; what it rejects with is the answer instead, and so is what another
   * gateway answered that was asked for its own.
   */
  readonly open: (seen: Cursor | undefined) => Promise<EventStream | ForwardedReply>;

  constructor(open: EventReply['open']) {
    this.open = open;
  }
}

/**
 * Sends events for as long as the client stays, and would be let in. `HEAD` begins no stream. Throws `invalid-request` where the connection still
 * owes the client the answer to an earlier request: nothing of the stream could be sent before that, nor its end be seen.
 */
export async function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  { open }: EventReply,
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
  stream.begin(reply.raw, admissionOf(request));
  return reply;
}

/** Turns of the event loop in which the end of an earlier answer, which the client has already, is noticed here as well. */
const TURNS = 10;

/**
 * Whether the connection is free for this answer. A client that is quick asks again before this side has heard that the last octets
 * of the answer before have left: that is no request which waits behind another one.
 */
async function hasConnection({ raw }: FastifyReply): Promise<boolean> {
  for (let turn = 0; turn < TURNS && !raw.socket; turn += 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
  return raw.socket !== null;
}

function admissionOf({ principal, credential, routeOptions }: FastifyRequest): Admission {
  // A route that says nothing has not come through the chain.
  return { principal, credential, need: routeOptions.config.permission ?? 'read' };
}

function pipelined(): SovdError {
  const message = 'An event stream cannot wait behind an earlier request: ask for it on a connection of its own';
  return new SovdError({ code: 'invalid-request', message });
}
