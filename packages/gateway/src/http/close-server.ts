import type { Clock } from '@medkit/edges';
import type { FastifyInstance } from 'fastify';

/** Time for running requests to finish: well above the sample timeout of a cold read. */
const GRACE_MS = 5000;
/** Time to send the replies of calls that were then cancelled. */
const ANSWER_MS = 1000;

/**
 * Accepts no more requests and lets running ones finish for a bounded time. `endCalls` then answers the calls that wait
 * for the robot, so that a client whose change may have taken effect gets a reply. Closes the remaining connections
 * after that.
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
