import type { FastifyReply, FastifyRequest } from 'fastify';

/** Addresses that no route has, and that are answered all the same: those of pages, which only the pages know. Everybody may ask. */
export interface UnknownAddresses {
  /** Whether this is one of them. */
  isOne(request: FastifyRequest): boolean;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}
