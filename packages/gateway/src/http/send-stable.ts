import { gzipSync } from 'node:zlib';
import { memoizeByObject } from '@medkit/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptsCoding, addVary, MIN_COMPRESSED_BYTES } from './content-coding.ts';
import { matchesEtag, type Page } from './page-cache.ts';
import { sendJson } from './send-json.ts';

/**
 * The fastest level: these replies are compressed again after each change of the tree, and repeated names compress well
 * anyway.
 */
const gzipOf = memoizeByObject((bytes: Buffer) => gzipSync(bytes, { level: 1 }));

/**
 * Sends JSON that many clients receive unchanged; compresses it once for all of them. While `isCurrent`, repeated
 * requests are answered without the handler.
 */
export function sendStable(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: Buffer,
  isCurrent?: () => boolean,
): FastifyReply {
  if (isCurrent) reply.renew = (sent) => (isCurrent() ? sent : undefined);
  if (bytes.length < MIN_COMPRESSED_BYTES) return sendJson(reply, bytes);
  reply.header('Vary', addVary(reply.getHeader('Vary')));
  if (!acceptsCoding(request, 'gzip')) return sendJson(reply, bytes);
  return sendJson(reply.header('Content-Encoding', 'gzip'), gzipOf(bytes));
}

/**
 * Sends a page, or 304 if the client has it. The compressed body is only equivalent to the plain one, hence a weak tag
 * (RFC 9110, 8.8.1).
 */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, bytes }: Page,
  isCurrent?: () => boolean,
): FastifyReply {
  const isCompressed = bytes.length >= MIN_COMPRESSED_BYTES && acceptsCoding(request, 'gzip');
  reply.header('ETag', isCompressed ? `W/${etag}` : etag).header('Cache-Control', 'no-cache');
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return sendStable(request, reply, bytes, isCurrent);
}
