import type { FastifyReply, FastifyRequest } from 'fastify';

/** Addresses without a route that are still served: those of pages, which only the pages know. Public. */
export interface UnroutedAddresses {
  /** Returns whether the request is for one of them. */
  isOne(request: FastifyRequest): boolean;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
}
