import { setTimeout as delay } from 'node:timers/promises';

const RETRY_MS = 25;

/** Asks until the answer is something other than `undefined` or false; fails after `timeoutMs`, naming `what` and the last error. */
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
