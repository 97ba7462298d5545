import type { LifecycleAction } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import {
  CallTimeout,
  type LifecycleClient,
  type LifecycleStateLabel,
  type LifecycleTransition,
  ServiceUnavailable,
  TooManyCalls,
} from '@medkit/ros2';
import { END, type Goal, goalsOf, isSettled, nextStep } from './control-plan.ts';

/** How long a callback of a node may take: configuring a planner means loading maps and plugins. */
const STEP_TIMEOUT_MS = 60_000;
/** How long a node may take to return its state after a transition. */
const STATE_TIMEOUT_MS = 5000;
/** How often the state is read while the reply to a transition is missing: it may be lost. */
const POLL_INTERVAL_MS = 2000;
/** Attempts to read the state: a reply may be lost. */
const MAX_LOOKS = 2;
/** Maximum transitions to reach one state: twice the longest path, because another client may undo one. */
const MAX_STEPS_PER_GOAL = 4;

export interface LifecycleActionRun {
  readonly client: LifecycleClient;
  readonly action: LifecycleAction;
  readonly clock: Clock;
  /** Called before every transition. */
  readonly onStep: (step: LifecycleTransition) => void;
  /** Called with every state that the node is found in. */
  readonly onState: (state: LifecycleStateLabel) => void;
}

/** How an action ended. */
export interface LifecycleActionResult {
  /** `unknown` if a transition was sent and neither its reply nor the node's state shows the result. */
  readonly outcome: 'succeeded' | 'failed' | 'unknown';
  /** Why it failed, or which part was skipped. */
  readonly message?: string;
}

/**
 * Takes a managed node through the transitions of an action. Reads its state after each transition, because an error
 * leads to a different state. Never throws.
 */
export async function runLifecycleAction(run: LifecycleActionRun): Promise<LifecycleActionResult> {
  const failed: string[] = [];
  try {
    for (const goal of goalsOf(run.action)) {
      const failure = await reach(goal, run);
      if (!failure) continue;
      const { reason, state } = failure;
      failed.push(reason);
      if (state === undefined) return { outcome: 'unknown', message: failed.join('; ') };
      // An active node has not begun to shut down, so it cannot count as restarted.
      const tolerable = run.action === 'force-restart' && goal === 'unconfigured' && state !== 'active';
      if (!tolerable) return { outcome: 'failed', message: failed.join('; ') };
    }
  } catch (error) {
    return { outcome: 'failed', message: [...failed, errorMessage(error)].join('; ') };
  }
  return { outcome: 'succeeded', ...(failed.length > 0 && { message: failed.join('; ') }) };
}

interface Failure {
  readonly reason: string;
  /** `undefined` if a transition may still be running. */
  readonly state: LifecycleStateLabel | undefined;
}

/**
 * Takes the node to a state or returns why that failed. Throws if the node does not answer and nothing was sent to it.
 */
async function reach(goal: Goal, run: LifecycleActionRun): Promise<Failure | undefined> {
  let state = await stateOf(run);
  for (let steps = 0; state !== goal; steps++) {
    const step = nextStep(goal, state);
    if (!step) return { reason: `no transition leads from ${state} to ${goal}`, state };
    if (steps === MAX_STEPS_PER_GOAL) return { reason: `another client changes its state: it is ${state}`, state };
    run.onStep(step);
    const done = await change(step, state, run);
    try {
      state = await stateOf(run);
    } catch (error) {
      return { reason: `${step} was sent, its outcome is unknown: ${errorMessage(error)}`, state: undefined };
    }
    // A node is finalized even if its shutdown callback fails, so the goal is reached.
    const finalized = goal === 'finalized' && state === goal;
    if (finalized || done) continue;
    if (done === false) return { reason: `${step} failed: it is ${state}`, state };
    if (state === END[step]) continue;
    if (isSettled(state)) return { reason: `${step} got no reply and was not carried out: it is ${state}`, state };
    return { reason: `${step} got no reply, its outcome is unknown: it is still ${state}`, state: undefined };
  }
  return undefined;
}

/**
 * Requests a transition and waits for the reply or for the resulting state: the reply may be lost although the node
 * proceeds. Returns `undefined` if no reply arrived. Throws if the request was not sent.
 */
async function change(
  step: LifecycleTransition,
  from: LifecycleStateLabel,
  { client, clock }: LifecycleActionRun,
): Promise<boolean | undefined> {
  const over = new AbortController();
  const reply = client
    .change(step, from, { timeoutMs: STEP_TIMEOUT_MS, signal: over.signal })
    .catch((error: unknown): undefined => {
      if (error instanceof ServiceUnavailable || error instanceof TooManyCalls) throw error;
    });
  const isOver = reply.then(
    () => true,
    () => true,
  );
  while (!(await within(clock, POLL_INTERVAL_MS, isOver, () => false))) {
    const state = await client.state({ timeoutMs: POLL_INTERVAL_MS }).catch(() => undefined);
    if (state === END[step]) over.abort();
  }
  return reply;
}

/** Reads the state of the node. Repeats the request if a reply is missing; throws the error of the last call. */
async function stateOf({ client, onState }: LifecycleActionRun): Promise<LifecycleStateLabel> {
  for (let looks = 1; ; looks++) {
    try {
      const state = await client.state({ timeoutMs: STATE_TIMEOUT_MS });
      onState(state);
      return state;
    } catch (error) {
      if (!(error instanceof CallTimeout) || looks === MAX_LOOKS) throw error;
    }
  }
}
