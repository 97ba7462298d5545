import type { LifecycleAction } from '@medkit/contract';
import { reasonOf } from '@medkit/core';
import type { LifecycleClient, LifecycleStateLabel, LifecycleTransition } from '@medkit/ros2';
import { type Goal, goalsOf, nextStep } from './control-plan.ts';

/** How long a callback of a node may take: to configure a planner means to load maps and plugins. */
const STEP_TIMEOUT_MS = 60_000;
/** How long a node may take to tell its state after a transition. */
const STATE_TIMEOUT_MS = 5000;
/** Transitions on the way to one state: twice what the longest way takes, for somebody else may undo one. */
const MAX_STEPS_PER_GOAL = 4;

export interface Errand {
  readonly client: LifecycleClient;
  readonly action: LifecycleAction;
  /** Called before every transition. */
  readonly onStep: (step: LifecycleTransition) => void;
  /** Called with every state that the node is found in. */
  readonly onState: (state: LifecycleStateLabel) => void;
}

/** How an action ended. */
export interface ErrandEnd {
  readonly outcome: 'succeeded' | 'failed';
  /** Why it failed, or what had to be left out. */
  readonly message?: string;
}

/**
 * Takes a managed node through the transitions of an action, asking for its state after each, as errors lead elsewhere
 * than to the goal. Never throws.
 */
export async function carryOut(errand: Errand): Promise<ErrandEnd> {
  const failed: string[] = [];
  try {
    for (const goal of goalsOf(errand.action)) {
      const failure = await reach(goal, errand);
      if (!failure) continue;
      const { reason, state } = failure;
      // An active node has not even begun to shut down: to call that restarted would be a lie.
      const tolerable = errand.action === 'force-restart' && goal === 'unconfigured' && state !== 'active';
      failed.push(reason);
      if (!tolerable) return { outcome: 'failed', message: failed.join('; ') };
    }
  } catch (error) {
    return { outcome: 'failed', message: [...failed, reasonOf(error)].join('; ') };
  }
  return { outcome: 'succeeded', ...(failed.length > 0 && { message: failed.join('; ') }) };
}

interface Failure {
  readonly reason: string;
  readonly state: LifecycleStateLabel;
}

/** Takes the node to a state, or says why not. Throws where it does not answer. */
async function reach(goal: Goal, { client, onStep, onState }: Errand): Promise<Failure | undefined> {
  const stateNow = async (): Promise<LifecycleStateLabel> => {
    const state = await client.state({ timeoutMs: STATE_TIMEOUT_MS });
    onState(state);
    return state;
  };
  let state = await stateNow();
  for (let steps = 0; state !== goal; steps++) {
    const step = nextStep(goal, state);
    if (!step) return { reason: `nothing leads from ${state} to ${goal}`, state };
    if (steps === MAX_STEPS_PER_GOAL) return { reason: `somebody else changes its state: it is ${state}`, state };
    onStep(step);
    const done = await client.change(step, state, { timeoutMs: STEP_TIMEOUT_MS });
    state = await stateNow();
    // A node is finalized also where its shutdown callback fails, and that is all that was asked for.
    const finalized = goal === 'finalized' && state === goal;
    if (!done && !finalized) return { reason: `${step} failed: it is ${state}`, state };
  }
  return undefined;
}
