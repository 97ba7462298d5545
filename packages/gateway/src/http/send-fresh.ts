import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsCoding, addVary, isLocalClient, MIN_COMPRESSED_BYTES } from './content-coding.ts';
import { sendJson } from './send-json.ts';

const gzipped = promisify(gzip);
const brotlied = promisify<Buffer, object, Buffer>(brotliCompress);

/** As small as gzip's best level makes text, in less time. */
const BROTLI_QUALITY = 5;

/**
 * Sends JSON that was created for this request. Compresses a long body in another thread if the client accepts it and
 * is not on this machine: a robot's radio is slow, and the event loop has other requests to serve.
 */
export function sendFresh(
  request: FastifyRequest,
  reply: FastifyReply,
  json: string,
): FastifyReply | Promise<FastifyReply> {
  if (json.length >= MIN_COMPRESSED_BYTES && !isLocalClient(request))
    reply.header('Vary', addVary(reply.getHeader('Vary')));
  if (!isCompressed(request, json)) return sendJson(reply, json);
  return gzipped(json, { level: 1 }).then((bytes) => sendJson(reply.header('Content-Encoding', 'gzip'), bytes));
}

/** Returns whether `sendFresh` compresses this JSON for the client. */
export function isCompressed(request: FastifyRequest, json: string): boolean {
  return json.length >= MIN_COMPRESSED_BYTES && !isLocalClient(request) && acceptsCoding(request, 'gzip');
}

/** Sends a page, script or style, compressed with the best coding that the client accepts. */
export async function sendFileText(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
): Promise<FastifyReply> {
  reply.type(type);
  if (text.length < MIN_COMPRESSED_BYTES || isLocalClient(request)) return reply.send(text);
  reply.header('Vary', addVary(reply.getHeader('Vary')));
  const bytes = Buffer.from(text);
  if (acceptsCoding(request, 'br')) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    return reply.header('Content-Encoding', 'br').send(await brotlied(bytes, { params }));
  }
  if (!acceptsCoding(request, 'gzip')) return reply.send(text);
  return reply.header('Content-Encoding', 'gzip').send(await gzipped(bytes, {}));
}
