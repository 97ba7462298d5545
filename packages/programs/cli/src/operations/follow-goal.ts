import { type Client, type EntityRef, GatewayRefused, type Reply } from '@medkit/client';
import type { OperationExecution } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { printError } from '../command/print-error.ts';
import { waitUnlessAborted } from '../command/stop-signal.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { valueLines } from '../terminal/value-lines.ts';

const LOOK_EVERY_MS = 250;
/** Maximum time for a canceled goal to end. */
const CANCEL_WITHIN_MS = 5000;
/** Return code of `action_msgs/srv/CancelGoal`. */
const GOAL_TERMINATED = 3;
const OVER: readonly string[] = ['completed', 'failed'];

interface Following {
  readonly client: Client;
  readonly entity: EntityRef;
  readonly path: { readonly operation_id: string; readonly execution_id: string };
  readonly json: boolean;
  /** Cancels the goal. */
  readonly signal: AbortSignal;
}

/** Waits for the end of a goal and returns the exit code. */
export async function followGoal(following: Following): Promise<number> {
  const { client, entity, path, json, signal } = following;
  const progress = progressLine();
  const look = () => client.ask('getExecution', { entity, path });
  let printed = '';
  const show = ({ text, value }: Reply<OperationExecution>) => {
    if (json && text !== printed) console.log(text);
    printed = text;
    if (!json) progress.show(`${value.status}  ${inShort(value.last_feedback)}`);
  };
  try {
    let last = await look();
    show(last);
    while (!OVER.includes(last.value.status) && (await waitUnlessAborted(LOOK_EVERY_MS, signal))) {
      last = await look();
      show(last);
    }
    if (!OVER.includes(last.value.status)) {
      progress.clear();
      return await cancel(following);
    }
    progress.clear();
    return ended(last.value, json);
  } finally {
    progress.clear();
  }
}

function ended({ status, result, error }: OperationExecution, json: boolean): number {
  if (!json) {
    if (result !== undefined) console.log(valueLines(result).join('\n'));
    if (error) printError(error);
  }
  return status === 'completed' ? ExitCode.ok : ExitCode.endedBadly;
}

/** Cancels the goal and waits for its end. */
async function cancel({ client, entity, path, json }: Following): Promise<number> {
  printError(`canceling goal ${path.execution_id}`);
  await client.call('cancelExecution', { entity, path }).catch(unlessTerminated);
  const late = AbortSignal.timeout(CANCEL_WITHIN_MS);
  do {
    const { text, value } = await client.ask('getExecution', { entity, path });
    if (!OVER.includes(value.status)) continue;
    if (json) console.log(text);
    // The goal may have completed before the cancel request arrived.
    return value.status === 'completed' ? ExitCode.ok : ExitCode.cancelled;
  } while (await waitUnlessAborted(LOOK_EVERY_MS, late));
  printError(`goal ${path.execution_id} was canceled, but did not end within ${CANCEL_WITHIN_MS / 1000} s`);
  return ExitCode.endedBadly;
}

/** Ignores the refusal to cancel a goal that has already ended. */
function unlessTerminated(error: unknown): void {
  if (!(error instanceof GatewayRefused) || error.parameters.return_code !== GOAL_TERMINATED) throw error;
}

/** Numbers of feedback on one line: `distance_remaining 4.92  number_of_recoveries 0`. */
function inShort(feedback: unknown): string {
  if (typeof feedback !== 'object' || feedback === null) return '';
  return Object.entries(feedback)
    .map(([name, value]) => [name, seconds(value) ?? value] as const)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toFixed(2)) : value}`)
    .join('  ');
}

/** Converts a ROS duration to seconds. */
function seconds(value: unknown): number | undefined {
  const { sec, nanosec } = (value ?? {}) as { readonly sec?: unknown; readonly nanosec?: unknown };
  return typeof sec === 'number' && typeof nanosec === 'number' ? sec + nanosec / 1e9 : undefined;
}
