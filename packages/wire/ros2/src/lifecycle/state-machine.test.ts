import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { CallbackOutcome, LifecycleStateLabel } from './lifecycle.ts';
import { ALL_STATES } from './lifecycle-messages.ts';
import { endedTransition, requestedTransition, TRANSITIONS, transitionsFrom } from './state-machine.ts';

// Start, number, label and goal, from lifecycle_msgs/msg/Transition and the default state machine of rcl.
const EXPECTED = `
unconfigured 1 configure configuring
unconfigured 5 shutdown shuttingdown
inactive 2 cleanup cleaningup
inactive 3 activate activating
inactive 6 shutdown shuttingdown
active 4 deactivate deactivating
active 7 shutdown shuttingdown
configuring 10 transition_success inactive
configuring 11 transition_failure unconfigured
configuring 12 transition_error errorprocessing
cleaningup 20 transition_success unconfigured
cleaningup 21 transition_failure inactive
cleaningup 22 transition_error errorprocessing
activating 30 transition_success active
activating 31 transition_failure inactive
activating 32 transition_error errorprocessing
deactivating 40 transition_success inactive
deactivating 41 transition_failure active
deactivating 42 transition_error errorprocessing
shuttingdown 50 transition_success finalized
shuttingdown 51 transition_failure finalized
shuttingdown 52 transition_error errorprocessing
errorprocessing 60 transition_success unconfigured
errorprocessing 61 transition_failure finalized
errorprocessing 62 transition_error finalized`
  .trim()
  .split('\n');

const REQUESTS = EXPECTED.slice(0, 7).map((row) => row.split(' '));
const LABELS = ['configure', 'cleanup', 'activate', 'deactivate', 'shutdown', 'transition_success', 'destroy'];
const OUTCOMES: readonly CallbackOutcome[] = ['success', 'failure', 'error'];

test('the state machine equals that of managed nodes', () => {
  const rows = TRANSITIONS.map(({ start, id, label, goal }) => [start, id, label, goal].join(' '));
  assert.deepEqual(rows.sort(), [...EXPECTED].sort());
});

test('a client may request in each state the allowed transitions and nothing else, by number or by label', () => {
  for (const state of ALL_STATES) {
    for (let id = 0; id < 256; id++) {
      const expected = REQUESTS.find(([start, number]) => start === state && Number(number) === id);
      assert.equal(requestedTransition(state, { id })?.goal, expected?.[3], `${state} ${id}`);
    }
    for (const label of LABELS) {
      const expected = REQUESTS.find(([start, , known]) => start === state && known === label);
      assert.equal(requestedTransition(state, { id: 0, label })?.id.toString(), expected?.[1], `${state} ${label}`);
    }
  }
});

test('a label takes precedence over a number that does not match it', () => {
  assert.equal(requestedTransition('active', { id: 5, label: 'shutdown' })?.id, 7);
  assert.equal(requestedTransition('active', { id: 4, label: 'cleanup' }), undefined);
});

test('a callback leads out of every transition state, and none runs in a primary one', () => {
  for (const state of ALL_STATES) {
    for (const outcome of OUTCOMES) {
      const expected = EXPECTED.find((row) => row.startsWith(`${state} `) && row.includes(`transition_${outcome}`));
      if (expected) assert.equal(endedTransition(state, outcome).goal, expected.split(' ')[3]);
      else assert.throws(() => endedTransition(state, outcome), RangeError, state);
    }
  }
});

test('a node ends in a primary state and stays finalized, whatever is requested and however callbacks end', () => {
  const random = seededRandom(11);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.float() * from.length)]!;
  const resting = new Set<LifecycleStateLabel>(['unconfigured', 'inactive', 'active', 'finalized']);
  for (let walk = 0; walk < 300; walk++) {
    let state: LifecycleStateLabel = 'unconfigured';
    for (let step = 0; step < 12; step++) {
      const before: LifecycleStateLabel = state;
      const requested = requestedTransition(state, { label: pick(LABELS) });
      if (!requested) continue;
      const outcome = pick(OUTCOMES);
      state = endedTransition(requested.goal, outcome).goal;
      if (state === 'errorprocessing') state = endedTransition(state, pick(OUTCOMES)).goal;
      assert.ok(resting.has(state), state);
      assert.notEqual(before, 'finalized');
      if (outcome === 'failure' && requested.label !== 'shutdown') assert.equal(state, before);
    }
  }
});

test('the transitions of a state are those that start there', () => {
  for (const state of ALL_STATES) {
    assert.equal(transitionsFrom(state).length, EXPECTED.filter((row) => row.startsWith(`${state} `)).length);
  }
});
