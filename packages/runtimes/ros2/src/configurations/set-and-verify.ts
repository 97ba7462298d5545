import { errorMessage } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import type { CallOptions, Parameter, ParameterClient, ParameterSetResult } from '@medkit/ros2';
import { hasUnknownOutcome } from '../call-failure.ts';
import { timeLeftMs } from '../calls/time-left.ts';
import { sameValue } from './parameter-equality.ts';

/** Interval at which a value is read back until it is the new one: the node may still be in its callback. */
const POLL_INTERVAL_MS = 500;

/** Result of setting one parameter. */
export interface SetResult extends ParameterSetResult {
  /** The node did not reply and its current value differs: the new value may still be set. */
  readonly isOpen?: true;
}

interface ParametersToSet {
  readonly client: Pick<ParameterClient, 'set' | 'get'>;
  readonly parameters: readonly Parameter[];
  /** Options for the node's reply. */
  readonly options: CallOptions;
  readonly clock: Clock;
  /** If there is no reply, values are read back until this time, in monotonic milliseconds. */
  readonly deadlineMs: number;
}

/**
 * Sets parameters. If the node does not reply, reads the values back until they are set or the time is over: a node
 * with a slow callback replies late but still sets them. Throws if nothing was sent.
 */
export async function setAndVerify(request: ParametersToSet): Promise<readonly SetResult[]> {
  const { client, parameters, options } = request;
  try {
    return await client.set(parameters, options);
  } catch (error) {
    if (!hasUnknownOutcome(error)) throw error;
    return readBack(request, errorMessage(error));
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
    const leftMs = Math.min(POLL_INTERVAL_MS, timeLeftMs(clock, deadlineMs));
    await within(clock, leftMs, new Promise<void>(() => undefined), () => undefined);
  }
}
