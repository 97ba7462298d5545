import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';

/** How long requests under way may take to finish: a cold read ends within its sample timeout, well below. */
const GRACE_MS = 5000;
/** How long the answers to calls that are then ended may take to be sent. */
const ANSWER_MS = 1000;

/**
 * Takes no more requests and lets those under way finish for a bounded time. `endCalls` then answers those that wait for the robot,
 * so that a client whose change may have taken effect gets an answer; what is left after that is cut off.
 */
export async function closeServer(app: FastifyInstance, clock: Clock, endCalls?: () => void): Promise<void> {
  const end = clock.after(GRACE_MS, () => endCalls?.());
  const cutOff = clock.after(GRACE_MS + ANSWER_MS, () => app.server.closeAllConnections());
  try {
    await app.close();
  } finally {
    end.cancel();
    cutOff.cancel();
  }
}
