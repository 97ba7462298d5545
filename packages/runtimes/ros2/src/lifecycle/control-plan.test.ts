import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIFECYCLE_ACTIONS } from '@medkit/contract';
import type { LifecycleStateLabel } from '@medkit/ros2';
import { goalsOf, nextStep, possibleActions, refusal } from './control-plan.ts';

const POSSIBLE: Readonly<Record<LifecycleStateLabel, string>> = {
  unknown: '',
  unconfigured: 'start restart force-restart force-shutdown',
  inactive: 'start restart force-restart shutdown force-shutdown',
  active: 'restart force-restart shutdown force-shutdown',
  finalized: '',
  configuring: '',
  cleaningup: '',
  shuttingdown: '',
  activating: '',
  deactivating: '',
  errorprocessing: '',
};

for (const [state, possible] of Object.entries(POSSIBLE)) {
  test(`a node that is ${state} allows: ${possible || 'nothing'}`, () => {
    assert.equal(possibleActions(state as LifecycleStateLabel).join(' '), possible);
  });
}

test('a refusal gives its reason', () => {
  assert.match(refusal('start', 'active') ?? '', /already active/);
  assert.match(refusal('shutdown', 'unconfigured') ?? '', /already unconfigured/);
  assert.match(refusal('force-restart', 'configuring') ?? '', /in progress: it is configuring/);
  assert.match(refusal('start', 'finalized') ?? '', /finalized/);
});

test('from every state in which an action is possible, its transitions lead through its goals', () => {
  const after = {
    configure: 'inactive',
    activate: 'active',
    deactivate: 'inactive',
    cleanup: 'unconfigured',
    shutdown: 'finalized',
  } as const;
  for (const action of LIFECYCLE_ACTIONS) {
    for (const start of Object.keys(POSSIBLE) as LifecycleStateLabel[]) {
      if (refusal(action, start) !== undefined) continue;
      let state = start;
      for (const goal of goalsOf(action)) {
        for (let steps = 0; state !== goal; steps++) {
          assert.ok(steps < 2, `${action} from ${start}`);
          const step = nextStep(goal, state);
          assert.ok(step, `${action} from ${start} is stuck in ${state}`);
          state = after[step];
        }
      }
      assert.equal(state, goalsOf(action).at(-1));
    }
  }
});
