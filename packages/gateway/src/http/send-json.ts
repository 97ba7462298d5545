import type { FastifyReply } from 'fastify';

/**
 * Sends JSON text. As bytes, since Fastify would add a charset to the media type of a string, which JSON does not have:
 * it is always UTF-8 (RFC 8259, 8.1 and 11).
 */
export function sendJson(reply: FastifyReply, json: string | Buffer): FastifyReply {
  return reply.header('Content-Type', 'application/json').send(typeof json === 'string' ? Buffer.from(json) : json);
}
