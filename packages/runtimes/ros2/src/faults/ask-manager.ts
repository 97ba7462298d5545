import { type CallContext, ownerOf } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { RosMessage, ServiceClient } from '@medkit/ros2';
import { callFailure } from '../calls/call-failure.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import { Turns } from '../calls/turns.ts';

/** Calls of one service at a time: the history of a service in ROS is ten requests deep, an eleventh may be lost. */
export const CALLS_AT_ONCE = 8;
/** Calls that wait for their turn; more are refused, as are more of one client or one reporter than its share. */
const MAX_WAITING_CALLS = 256;

/** One service of a fault manager of the robot. */
export type Ask = (
  request: RosMessage,
  call: Pick<CallContext, 'signal' | 'deadlineMs'> & Partial<Pick<CallContext, 'principal' | 'source'>>,
  reporter?: string,
) => Promise<RosMessage>;

export interface AskOptions {
  /** Full name of the node of the manager. */
  readonly manager: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Asks over a client in turns; throws `service-unavailable` where the manager does not answer. */
export function askWith(client: ServiceClient, { manager, clock, timeoutMs }: AskOptions): Ask {
  const turns = new Turns({ clock, atOnce: CALLS_AT_ONCE, turnMs: timeoutMs, maxWaiting: MAX_WAITING_CALLS });
  return async (request, { signal, deadlineMs, principal, source = '' }, reporter) => {
    const owner = reporter ?? (principal && ownerOf({ principal, source }));
    try {
      return await turns.take(
        signal,
        () => client.call(request, { timeoutMs: timeLeftMs(clock, deadlineMs, timeoutMs), signal }),
        owner,
      );
    } catch (error) {
      const message = `The fault manager ${manager} did not answer`;
      throw callFailure(error, { code: 'service-unavailable', message, parameters: { service: client.service } });
    }
  };
}
