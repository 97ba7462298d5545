import { API_BASE } from '@medkit/contract';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config/index.ts';

/** Under which this gateway is reached from outside, without a slash at its end; `undefined` where nobody said. */
export function publicUrl({ server }: Pick<GatewayConfig, 'server'>): string | undefined {
  return server.public_url.replace(/\/+$/, '') || undefined;
}

/**
 * Has every `Location` begin with `url`: behind a proxy that gives a path of its own, a client would look for the path alone in
 * the wrong place.
 */
export function absoluteLocations(app: FastifyInstance, url: string): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    const location = reply.getHeader('location');
    if (typeof location === 'string' && location.startsWith(`${API_BASE}/`)) reply.header('location', url + location);
    done(null, payload);
  });
}
