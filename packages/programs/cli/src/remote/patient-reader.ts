import { GatewayUnreachable } from '@medkit/client';
import { goesOn } from '../command/stop-signal.ts';
import { tellOutage } from './reconnecting.ts';

/** Between two tries to reach a gateway that is away. */
const RETRY_MS = 2000;

/**
 * Reads again and again; gives nothing where the gateway is away for a moment, which is told once and waited for, or where
 * `signal` was aborted.
 */
export function patientReader<T>(
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
      if (!isAway) tellOutage(url, error);
      isAway = true;
      await goesOn(RETRY_MS, signal);
      return undefined;
    }
  };
}
