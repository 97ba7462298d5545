import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Awaitable, type CallContext, callContext, isPromise, LOCAL } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { ask, FIND, LIST } from './ask.ts';

function owner(origin: string, list: (call: CallContext) => Awaitable<readonly string[]>) {
  return { origin, provider: { list } };
}

function asking(owners: readonly ReturnType<typeof owner>[]) {
  const clock = new SimulatedClock();
  const question = () => ({ owners, clock, call: callContext({ clock, timeoutMs: 9000 }), budget: LIST });
  return { clock, question, run: () => ask(question(), ({ provider }, call) => provider.list(call)) };
}

describe('owners that are called', () => {
  it('return their results without waiting if all of them have cached them', () => {
    const { run, clock } = asking([owner(LOCAL, () => ['a', 'b']), owner('peer', () => ['c'])]);
    const gathered = run();
    assert.ok(!isPromise(gathered));
    assert.deepEqual([gathered.entries.map(({ entry }) => entry), gathered.silent], [['a', 'b', 'c'], []]);
    assert.equal(clock.timers, 0);
  });

  it('have the whole deadline at this gateway and a second at others, or half of it to find an item', () => {
    const deadlines: number[] = [];
    const listed = (call: CallContext) => {
      deadlines.push(call.deadlineMs);
      return [];
    };
    const { run, question } = asking([owner(LOCAL, listed), owner('peer', listed)]);
    run();
    ask({ ...question(), budget: FIND }, ({ provider }, call) => provider.list(call));
    asking([owner('peer', listed)]).run();
    assert.deepEqual(deadlines, [9000, 1000, 4500, 1000, 9000]);
  });

  it('that fail are reported, and do not affect the others', async () => {
    const error = new Error('off');
    const [mute, other] = [owner(LOCAL, async () => Promise.reject(error)), owner('peer', () => ['c'])];
    const { entries, silent } = await asking([mute, other]).run();
    assert.deepEqual([entries, silent], [[{ owner: other, entry: 'c' }], [{ owner: mute, error }]]);
  });
});
