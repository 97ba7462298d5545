import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import { type ForwardReply, reasonOf } from '@medkit/core';
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

/** Of what a browser shows all the same, such as a page within a page: it runs nothing, and loads nothing from anywhere. */
const POLICY = "default-src 'none'; sandbox";

/** Octets of a body that is sent as a whole: what a stream costs is more than what it weighs. */
const MAX_WHOLE_BYTES = 65_536;

/** Sends it on as it comes, a short one as a whole. `HEAD` reads nothing. */
export async function sendForwarded(
  request: FastifyRequest,
  reply: FastifyReply,
  { reply: got }: ForwardedReply,
): Promise<FastifyReply> {
  const { status, headers } = got;
  const isBodiless = request.method === 'HEAD' || isEmpty(status);
  const body = isBodiless ? undefined : await bodyOf(got);
  reply.code(status).headers({ 'cache-control': 'no-store', ...headers, 'x-content-type-options': 'nosniff' });
  const type = headers['content-type'];
  if (type !== undefined && !HARMLESS.test(type)) {
    reply.header('content-disposition', attached(headers['content-disposition']));
    reply.header('content-security-policy', POLICY);
  }
  if (type?.startsWith('text/event-stream')) reply.header('x-accel-buffering', 'no');
  // Of nothing there is no type to be told.
  if (body instanceof Buffer && body.length === 0 && type === undefined) return reply.send();
  if (body) return reply.send(body);
  got.close();
  return isEmpty(status) ? reply.send() : reply.send(Readable.from([], { objectMode: false }));
}

/** That it is to be saved, whatever the other gateway would have done with it, by the name that it gives. */
function attached(disposition: string | undefined): string {
  return disposition === undefined ? 'attachment' : disposition.replace(/^[^;]*/, 'attachment');
}

/** A body to send: octets, or a stream of them. Throws `x-medkit-peer-unavailable` where a short one breaks off. */
async function bodyOf({ headers, octets, body, close }: ForwardReply): Promise<Buffer | Readable> {
  if (octets) return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  if (Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) > MAX_WHOLE_BYTES) {
    return body instanceof Readable ? body : Readable.from(body, { objectMode: false });
  }
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
  } catch (error) {
    close();
    const message = `The answer of the other gateway broke off: ${reasonOf(error)}`;
    throw new SovdError({ code: 'x-medkit-peer-unavailable', message });
  }
  return Buffer.concat(chunks);
}

function isEmpty(status: number): boolean {
  return status === 204 || status === 304;
}
