import { API_BASE } from '@medkit/contract';
import { parseJson } from '@medkit/core';
import type { FastifyInstance } from 'fastify';

/**
 * What the gateway itself reads, over the same routes as its clients: what they give is joined, corrected and named as for anybody else.
 * `undefined` for whatever is no 200.
 */
export type OwnRequest = <Body>(path: string) => Promise<Body | undefined>;

/** @param authorization of a principal that may read everything */
export function ownRequests(server: Pick<FastifyInstance, 'inject'>, authorization: string): OwnRequest {
  return async <Body>(path: string) => {
    const reply = await server.inject({
      method: 'GET',
      url: `${API_BASE}${path}`,
      headers: { authorization, host: 'localhost' },
    });
    return reply.statusCode === 200 ? (parseJson(reply.payload) as Body) : undefined;
  };
}
