import assert from 'node:assert/strict';
import type { NetworkConditions } from '@medkit/edges/testing';
import type { ActionClient } from '../actions/action-client.ts';
import type { ActionServerOptions, ExecutingGoal, GoalEnd } from '../actions/action-server.ts';
import { openActionClient } from '../actions/open-action-client.ts';
import { openActionServer } from '../actions/open-action-server.ts';
import type { RosAdapter } from '../adapter/adapter.ts';
import { simulatedGraph } from './simulated-graph.ts';

export const ACTION = '/fibonacci';
export const TYPE = 'example_interfaces/action/Fibonacci';

/** A goal that a test ends manually. */
interface Job extends ExecutingGoal {
  finish(end: GoalEnd): void;
}

interface StageOptions extends Partial<ActionServerOptions> {
  readonly conditions?: NetworkConditions;
}

/** A robot that offers an action, and clients on separate hosts. */
async function stageAction({ conditions = {}, ...options }: StageOptions) {
  const graph = simulatedGraph({ conditions });
  const robot = await graph.join();
  const failures: unknown[] = [];
  const jobs = new Map<string, Job>();
  const server = await openActionServer(await robot.node({ name: 'mathematician' }), {
    action: ACTION,
    type: TYPE,
    clock: graph.clock,
    onFailure: (error) => failures.push(error),
    execute: (goal) => {
      const { promise, resolve } = Promise.withResolvers<GoalEnd>();
      jobs.set(goal.goalId, { ...goal, finish: resolve });
      return promise;
    },
    ...options,
  });
  const join = async (): Promise<{ readonly adapter: RosAdapter; readonly client: ActionClient }> => {
    const adapter = await graph.join();
    const node = await adapter.node({ name: 'client' });
    const client = await openActionClient(node, {
      action: ACTION,
      type: TYPE,
      random: graph.random,
      onFailure: (error) => failures.push(error),
    });
    return { adapter, client };
  };
  const job = (goalId: string): Job => {
    const found = jobs.get(goalId);
    assert.ok(found, 'the goal is executed');
    return found;
  };
  return { graph, robot, server, failures, jobs, job, join, during: graph.during, ...(await join()) };
}

/** Runs a scene with such an action, and closes everything afterwards. */
export async function runActionScene(
  options: StageOptions,
  scene: (set: Awaited<ReturnType<typeof stageAction>>) => Promise<void>,
): Promise<void> {
  const set = await stageAction(options);
  try {
    await scene(set);
  } finally {
    await set.graph.close();
  }
}
