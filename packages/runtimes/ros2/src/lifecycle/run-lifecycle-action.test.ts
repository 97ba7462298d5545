import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LifecycleAction } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  CallAborted,
  CallTimeout,
  type LifecycleClient,
  type LifecycleStateLabel,
  type LifecycleTransition,
  ServiceUnavailable,
} from '@medkit/ros2';
import { runLifecycleAction } from './run-lifecycle-action.ts';

const SUCCESS = {
  configure: 'inactive',
  activate: 'active',
  deactivate: 'inactive',
  cleanup: 'unconfigured',
  shutdown: 'finalized',
} as const;

/** State of the node after a failed transition; `absent` if the request cannot be sent. */
type Failures = { readonly [Name in LifecycleTransition]?: LifecycleStateLabel | 'absent' };

/** Runs an action on a node in `state` with failing transitions, and returns the result. */
async function end(action: LifecycleAction, state: LifecycleStateLabel, failures: Failures = {}) {
  let now = state;
  const clock = new SimulatedClock();
  const steps: LifecycleTransition[] = [];
  const client: LifecycleClient = {
    node: '/planner',
    state: async () => now,
    change: async (transition, from) => {
      assert.equal(from, now);
      const failure = failures[transition];
      if (failure === 'absent') throw new ServiceUnavailable('nobody offers /planner/change_state');
      now = failure ?? SUCCESS[transition];
      return failure === undefined;
    },
    close: async () => undefined,
  };
  const ended = await runLifecycleAction({
    client,
    action,
    clock,
    onStep: (step) => steps.push(step),
    onState: () => undefined,
  });
  return { ...ended, steps: steps.join(' '), now };
}

test('takes a node through all missing transitions', async () => {
  const ways: readonly [LifecycleAction, LifecycleStateLabel, string, LifecycleStateLabel][] = [
    ['start', 'unconfigured', 'configure activate', 'active'],
    ['start', 'inactive', 'activate', 'active'],
    ['shutdown', 'active', 'deactivate cleanup', 'unconfigured'],
    ['shutdown', 'inactive', 'cleanup', 'unconfigured'],
    ['restart', 'active', 'deactivate cleanup configure activate', 'active'],
    ['restart', 'unconfigured', 'configure activate', 'active'],
    ['force-restart', 'inactive', 'cleanup configure activate', 'active'],
    ['force-shutdown', 'active', 'shutdown', 'finalized'],
    ['force-shutdown', 'unconfigured', 'shutdown', 'finalized'],
  ];
  for (const [action, from, steps, now] of ways) {
    assert.deepEqual(await end(action, from), { outcome: 'succeeded', steps, now }, `${action} from ${from}`);
  }
});

test('stops at the first transition that fails, and gives the state of the node', async () => {
  assert.deepEqual(await end('restart', 'active', { cleanup: 'inactive' }), {
    outcome: 'failed',
    message: 'cleanup failed: it is inactive',
    steps: 'deactivate cleanup',
    now: 'inactive',
  });
  const finalized = await end('start', 'unconfigured', { configure: 'finalized' });
  assert.equal(finalized.message, 'configure failed: it is finalized');
  const mended = await end('restart', 'active', { deactivate: 'unconfigured' });
  assert.equal(mended.outcome, 'failed', 'an error is one, also where the node mends it');
});

test('a restart by force skips a cleanup that fails and starts from the current state of the node', async () => {
  assert.deepEqual(await end('force-restart', 'active', { cleanup: 'inactive' }), {
    outcome: 'succeeded',
    message: 'cleanup failed: it is inactive',
    steps: 'deactivate cleanup activate',
    now: 'active',
  });
  assert.deepEqual(await end('force-restart', 'active', { deactivate: 'unconfigured' }), {
    outcome: 'succeeded',
    message: 'deactivate failed: it is unconfigured',
    steps: 'deactivate configure activate',
    now: 'active',
  });
});

test('a restart by force does not claim success for a node that never stopped or is finalized now', async () => {
  const active = await end('force-restart', 'active', { deactivate: 'active' });
  assert.deepEqual([active.outcome, active.message], ['failed', 'deactivate failed: it is active']);
  const gone = await end('force-restart', 'active', { deactivate: 'finalized' });
  assert.deepEqual(
    [gone.outcome, gone.message],
    ['failed', 'deactivate failed: it is finalized; no transition leads from finalized to active'],
  );
  const broken = await end('force-restart', 'active', { activate: 'inactive' });
  assert.equal(broken.outcome, 'failed');
});

test('a shutdown by force succeeds also if the callback of the node fails', async () => {
  assert.equal((await end('force-shutdown', 'active', { shutdown: 'finalized' })).outcome, 'succeeded');
  assert.equal((await end('force-shutdown', 'active', { shutdown: 'unconfigured' })).outcome, 'failed');
});

test('a node without a server for its transitions is a failure with its reason', async () => {
  const { outcome, message } = await end('start', 'inactive', { activate: 'absent' });
  assert.deepEqual([outcome, message], ['failed', 'nobody offers /planner/change_state']);
});

/** State of a node, from the second read on, whose reply to a transition is lost; `undefined` if it does not answer. */
type StateAfter = { readonly [Name in LifecycleTransition]?: LifecycleStateLabel | undefined };

/** Runs `start` on a node in `unconfigured` whose replies to transitions are all lost, and returns the result. */
async function endWithoutReplies(stateAfter: StateAfter) {
  const clock = new SimulatedClock();
  let now: LifecycleStateLabel | undefined = 'unconfigured';
  const client: LifecycleClient = {
    node: '/planner',
    state: async () => {
      if (now === undefined) throw new CallTimeout('/planner/get_state did not answer');
      return now;
    },
    change: (transition, _from, { timeoutMs, signal }) => {
      now = transition in stateAfter ? stateAfter[transition] : SUCCESS[transition];
      return new Promise((_resolve, reject) => {
        clock.after(timeoutMs, () => reject(new CallTimeout('/planner/change_state did not answer')));
        signal?.addEventListener('abort', () => reject(new CallAborted('given up')));
      });
    },
    close: async () => undefined,
  };
  const ending = runLifecycleAction({
    client,
    action: 'start',
    clock,
    onStep: () => undefined,
    onState: () => undefined,
  });
  let end: Awaited<typeof ending> | undefined;
  void ending.then((ended) => {
    end = ended;
  });
  while (!end) await clock.advanceAsync(1000, 1000);
  return { ...end, now, tookMs: clock.monotonicMs() };
}

test('a transition whose reply is lost is read from the state of the node, and the next one follows soon', async () => {
  const { outcome, message, now, tookMs } = await endWithoutReplies({});
  assert.deepEqual([outcome, message, now], ['succeeded', undefined, 'active']);
  assert.ok(tookMs <= 10_000, `${tookMs} ms for two transitions`);
});

test('a transition without a reply that did not happen is a failure that gives the state of the node', async () => {
  const { outcome, message } = await endWithoutReplies({ activate: 'inactive' });
  assert.equal(outcome, 'failed');
  assert.match(message ?? '', /activate got no reply and was not carried out: it is inactive/);
});

test('a transition that may still be running has an unknown outcome', async () => {
  const { outcome, message } = await endWithoutReplies({ configure: 'configuring' });
  assert.equal(outcome, 'unknown');
  assert.match(message ?? '', /configure got no reply, its outcome is unknown: it is still configuring/);
});

test('a node that neither replies nor reports its state has an unknown outcome', async () => {
  const { outcome, message } = await endWithoutReplies({ configure: undefined });
  assert.equal(outcome, 'unknown');
  assert.match(message ?? '', /configure was sent, its outcome is unknown: .*get_state did not answer/);
});

test('gives up on a node that another client keeps bringing back', async () => {
  const client: LifecycleClient = {
    node: '/planner',
    state: async () => 'inactive',
    change: async () => true,
    close: async () => undefined,
  };
  const quiet = { onStep: () => undefined, onState: () => undefined };
  const { outcome, message } = await runLifecycleAction({
    client,
    action: 'start',
    clock: new SimulatedClock(),
    ...quiet,
  });
  assert.equal(outcome, 'failed');
  assert.match(message ?? '', /another client/);
});
