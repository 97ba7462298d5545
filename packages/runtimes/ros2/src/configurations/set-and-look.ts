import { reasonOf } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import type { CallOptions, Parameter, ParameterClient, ParameterSetResult } from '@medkit/ros2';
import { leavesOutcomeOpen } from '../calls/call-failure.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import { sameValue } from './same-value.ts';

/** How often a value is read back that is not yet the new one: the node may still be in its callback. */
const LOOK_EVERY_MS = 500;

/** What became of one parameter that was to be set. */
export interface SetResult extends ParameterSetResult {
  /** The node did not reply, and the value that it has now is another one: it may still be set. */
  readonly isOpen?: true;
}

interface ParametersToSet {
  readonly client: Pick<ParameterClient, 'set' | 'get'>;
  readonly parameters: readonly Parameter[];
  /** For the reply of the node. */
  readonly options: CallOptions;
  readonly clock: Clock;
  /** Until when the values may be read back if there is no reply, monotonic milliseconds. */
  readonly deadlineMs: number;
}

/**
 * Sets parameters. If the node does not reply, reads them back until they have their new values or the time is over: a node
 * with a slow callback replies late, and sets them all the same. Throws if nothing was sent.
 */
export async function setAndLook(request: ParametersToSet): Promise<readonly SetResult[]> {
  const { client, parameters, options } = request;
  try {
    return await client.set(parameters, options);
  } catch (error) {
    if (!leavesOutcomeOpen(error)) throw error;
    return readBack(request, reasonOf(error));
  }
}

async function readBack(
  { client, parameters, options: { signal }, clock, deadlineMs }: ParametersToSet,
  reason: string,
): Promise<readonly SetResult[]> {
  const names = parameters.map(({ name }) => name);
  let results: readonly SetResult[] = parameters.map(() => ({ successful: false, reason, isOpen: true }));
  for (;;) {
    const timeoutMs = timeLeftMs(clock, deadlineMs);
    if (timeoutMs <= 0 || signal?.aborted) return results;
    const values = await client.get(names, { timeoutMs, ...(signal && { signal }) }).catch(() => undefined);
    if (!values) return results;
    results = parameters.map(({ value }, at): SetResult => {
      const now = values[at];
      const isSet = now !== undefined && sameValue(now, value);
      return isSet ? { successful: true, reason: '' } : { successful: false, reason, isOpen: true };
    });
    if (results.every(({ successful }) => successful)) return results;
    const leftMs = Math.min(LOOK_EVERY_MS, timeLeftMs(clock, deadlineMs));
    await within(clock, leftMs, new Promise<void>(() => undefined), () => undefined);
  }
}
