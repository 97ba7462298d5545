import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Lets a gateway wait for its running requests before it closes, as its server does for connections that it has accepted
 * itself. Returns the responses of the running requests. Call it before the gateway listens.
 */
export function finishRequests(app: FastifyInstance): ReadonlySet<ServerResponse> {
  const running = new Set<ServerResponse>();
  let closing = false;
  let onIdle = (): void => undefined;
  app.server.prependListener('request', (_request, response) => {
    if (closing) return;
    running.add(response);
    response.once('close', () => {
      running.delete(response);
      if (running.size === 0) onIdle();
    });
  });
  app.addHook('preClose', async () => {
    closing = true;
    if (running.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
  });
  return running;
}
