import { Readable } from 'node:stream';
import { SovdError } from '@medkit/contract';
import { errorMessage, type ForwardReply } from '@medkit/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The reply of a peer, as the reply of a handler. */
export class ForwardedReply {
  readonly reply: ForwardReply;

  constructor(reply: ForwardReply) {
    this.reply = reply;
  }
}

/** Media types that a browser does not execute; any other content of a peer must not run as a page of this gateway. */
const HARMLESS =
  /^(?:application\/(?:[\w.-]+\+)?json|image\/(?:jpeg|png|webp)|text\/event-stream|text\/plain)\s*(?:;|$)/i;

/** Media types that a page may load as a program or a style, which no policy of the reply prevents. */
const LOADABLE = /^\s*(?:text|application)\/(?:(?:x-)?(?:java|ecma|j|live)script[\d.]*|css)\s*(?:;|$)/i;

/** For content that a browser displays anyway, for example in a frame: it runs and loads nothing. */
const POLICY = "default-src 'none'; sandbox";

/** Maximum bytes of a body that is buffered: a stream would cost more. */
const MAX_WHOLE_BYTES = 65_536;

/** Forwards a reply; buffers a short body. For `HEAD`, reads nothing. */
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
    if (LOADABLE.test(type)) reply.header('content-type', 'application/octet-stream');
  }
  if (type?.startsWith('text/event-stream')) reply.header('x-accel-buffering', 'no');
  // An empty body has no type.
  if (body instanceof Buffer && body.length === 0 && type === undefined) return reply.send();
  if (body) return reply.send(body);
  got.close();
  return isEmpty(status) ? reply.send() : reply.send(Readable.from([], { objectMode: false }));
}

/** Makes the browser save the content under the peer's file name, whatever the peer's disposition was. */
function attached(disposition: string | undefined): string {
  return disposition === undefined ? 'attachment' : disposition.replace(/^[^;]*/, 'attachment');
}

/** Returns the body as bytes or as a stream. Throws `x-medkit-peer-unavailable` if a short one breaks off. */
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
    const message = `The reply of the other gateway was interrupted: ${errorMessage(error)}`;
    throw new SovdError({ code: 'x-medkit-peer-unavailable', message });
  }
  return Buffer.concat(chunks);
}

function isEmpty(status: number): boolean {
  return status === 204 || status === 304;
}
