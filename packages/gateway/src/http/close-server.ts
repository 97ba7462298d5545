import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';

/** How long requests under way may take to finish: a cold read ends within its sample timeout, well below. */
const GRACE_MS = 5000;

/** Takes no more requests, lets those under way finish for a bounded time, then cuts off whoever is left. */
export async function closeServer(app: FastifyInstance, clock: Clock): Promise<void> {
  const cutOff = clock.after(GRACE_MS, () => app.server.closeAllConnections());
  try {
    await app.close();
  } finally {
    cutOff.cancel();
  }
}
