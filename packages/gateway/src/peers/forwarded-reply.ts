import { Readable } from 'node:stream';
import type { ForwardReply } from '@medkit/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What another gateway answered, as the reply of a handler. */
export class ForwardedReply {
  readonly reply: ForwardReply;

  constructor(reply: ForwardReply) {
    this.reply = reply;
  }
}

/** Documents that a browser does nothing with; whatever else another gateway sends must not run as a page of this one. */
const HARMLESS = /^(?:application\/(?:[\w.-]+\+)?json|text\/event-stream|text\/plain)\s*(?:;|$)/i;

/** Sends it on as it comes. `HEAD` reads nothing. */
export function sendForwarded(request: FastifyRequest, reply: FastifyReply, { reply: got }: ForwardedReply): void {
  const { status, headers, body } = got;
  reply.code(status).headers({ 'cache-control': 'no-store', ...headers, 'x-content-type-options': 'nosniff' });
  const type = headers['content-type'];
  if (type !== undefined && !HARMLESS.test(type)) {
    if (headers['content-disposition'] === undefined) reply.header('content-disposition', 'attachment');
    reply.header('content-security-policy', 'sandbox');
  }
  if (type?.startsWith('text/event-stream')) reply.header('x-accel-buffering', 'no');
  if (request.method === 'HEAD') got.close();
  if (isEmpty(status)) {
    got.close();
    reply.send();
  } else reply.send(Readable.from(request.method === 'HEAD' ? [] : body, { objectMode: false }));
}

function isEmpty(status: number): boolean {
  return status === 204 || status === 304;
}
