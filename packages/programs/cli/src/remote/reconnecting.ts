import { type Client, type FollowOptions, GatewayUnreachable } from '@medkit/client';
import { printError } from '../command/print-error.ts';
import { remoteFailure } from './remote-failure.ts';

/** Maximum pause between attempts: the user is waiting. */
const MAX_PAUSE_MS = 3000;

/** Options for a stream that reconnects forever and prints a connection loss once. */
export function reconnecting({ url }: Client): Pick<FollowOptions, 'onPause' | 'maxPauseMs'> {
  return {
    maxPauseMs: MAX_PAUSE_MS,
    onPause(_pauseMs, count, cause) {
      if (count === 1) reportOutage(url, cause);
    },
  };
}

/** Prints that a followed resource is unavailable at the moment. */
export function reportOutage(url: string, cause: unknown): void {
  const reason =
    cause === undefined || cause instanceof GatewayUnreachable
      ? `lost the connection to ${url}`
      : (remoteFailure(cause) as Error).message;
  printError(`${reason}; reconnecting`);
}
