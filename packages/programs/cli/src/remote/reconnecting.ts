import { type Client, type FollowOptions, GatewayUnreachable } from '@medkit/client';
import { complain } from '../command/complain.ts';
import { remoteFailure } from './remote-failure.ts';

/** Somebody sits there and waits. */
const MAX_PAUSE_MS = 3000;

/** Tells a person once that a stream broke; it is opened anew again and again. */
export function reconnecting({ url }: Client): Pick<FollowOptions, 'onPause' | 'maxPauseMs'> {
  return {
    maxPauseMs: MAX_PAUSE_MS,
    onPause(_pauseMs, count, why) {
      if (count === 1) tellOutage(url, why);
    },
  };
}

/** Tells a person that something which is followed cannot be had at the moment. */
export function tellOutage(url: string, why: unknown): void {
  const reason =
    why === undefined || why instanceof GatewayUnreachable
      ? `lost the connection to ${url}`
      : (remoteFailure(why) as Error).message;
  complain(`${reason}; reconnecting`);
}
