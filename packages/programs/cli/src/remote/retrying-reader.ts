import { GatewayUnreachable } from '@medkit/client';
import { waitUnlessAborted } from '../command/stop-signal.ts';
import { reportOutage } from './reconnecting.ts';

/** Pause between attempts to reach an offline gateway. */
const RETRY_MS = 2000;

/**
 * Wraps `read` for polling. If the gateway is offline, prints that once, waits, and returns `undefined`. Returns `undefined` too if
 * `signal` is aborted.
 */
export function retryingReader<T>(
  url: string,
  read: () => Promise<T>,
  signal: AbortSignal,
): () => Promise<T | undefined> {
  let isAway = false;
  return async () => {
    try {
      const found = await read();
      isAway = false;
      return found;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof GatewayUnreachable)) throw error;
      if (!isAway) reportOutage(url, error);
      isAway = true;
      await waitUnlessAborted(RETRY_MS, signal);
      return undefined;
    }
  };
}
