import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 25;

/** Polls until the result is neither `undefined` nor false. Fails after `timeoutMs` with `what` and the last error. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeoutMs = 45_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastError = error;
    }
    await delay(RETRY_MS);
  }
  throw new Error(`${what} did not come about within ${timeoutMs} ms`, { cause: lastError });
}

/** Number of equal reads: spans more than a tenth of a second, for which `/health` reuses its result. */
const SETTLED_READS = 10;

/**
 * Returns a count once it is stable: `/health` may be a tenth of a second old, and gateways that aggregate each other
 * open further streams.
 */
export async function settled(read: () => Promise<number>): Promise<number> {
  let [last, same] = [await read(), 0];
  await eventually('a count that stays', async () => {
    const now = await read();
    same = now === last ? same + 1 : 0;
    last = now;
    return same >= SETTLED_READS;
  });
  return last;
}
