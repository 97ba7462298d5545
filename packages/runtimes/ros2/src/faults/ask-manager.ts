import { type CallContext, ownerOf } from '@medkit/core';
import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';
import type { RosMessage, ServiceClient } from '@medkit/ros2';
import { callFailure } from '../call-failure.ts';
import { TaskQueue } from '../calls/task-queue.ts';
import { timeLeftMs } from '../calls/time-left.ts';

/** Concurrent calls of one service: a ROS service has a history of ten requests, so an eleventh may be lost. */
export const CONCURRENT_CALLS = 8;
/** Maximum waiting calls. Further calls are refused, and those of a client or reporter that exceeds its share. */
const MAX_WAITING_CALLS = 256;

/** Calls one service of a fault manager of the robot. */
export type Ask = (
  request: RosMessage,
  call: Pick<CallContext, 'signal' | 'deadlineMs'> & Partial<Pick<CallContext, 'principal' | 'source'>>,
  reporter?: string,
) => Promise<RosMessage>;

/** Calls one service of a fault manager; includes the bound of its waiting calls. */
export type BoundedAsk = Ask & { readonly quota: Quota };

export interface AskOptions {
  /** Full name of the manager's node. */
  readonly manager: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Returns an `Ask` that limits concurrent calls. Throws `service-unavailable` if the manager does not answer. */
export function askWith(client: ServiceClient, { manager, clock, timeoutMs }: AskOptions): BoundedAsk {
  const turns = new TaskQueue({
    clock,
    concurrency: CONCURRENT_CALLS,
    turnMs: timeoutMs,
    maxWaiting: MAX_WAITING_CALLS,
  });
  const ask: Ask = async (request, { signal, deadlineMs, principal, source = '' }, reporter) => {
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
  return Object.assign(ask, { quota: turns.quota });
}

/** Returns the waiting calls of the fullest service of a manager, and the refused calls of all. */
export function waitingCalls(asks: readonly BoundedAsk[]): QuotaFigures {
  return Quota.fullest(
    asks.map(({ quota }) => quota),
    MAX_WAITING_CALLS,
  );
}
