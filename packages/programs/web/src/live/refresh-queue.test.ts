import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RefreshQueue } from './refresh-queue.ts';

function setUp(t: import('node:test').TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const shown = { isBusy: false, renewed: 0, stale: 0, isHidden: false };
  const one = {
    isBusy: () => shown.isBusy,
    renew: () => void shown.renewed++,
    makeStale: () => void shown.stale++,
  };
  const renewals = new RefreshQueue<string>({
    find: (key) => (key === 'list' ? [one] : []),
    isHidden: () => shown.isHidden,
    nowMs: () => Date.now(),
  });
  return { shown, renewals, pass: (ms: number) => t.mock.timers.tick(ms) };
}

it('requests once a second at most, however many events arrive', (t) => {
  const { shown, renewals, pass } = setUp(t);
  for (let ms = 0; ms < 5_000; ms += 50) {
    renewals.touch(['list', 'other']);
    pass(50);
  }
  assert.ok(shown.renewed >= 4 && shown.renewed <= 6, `${shown.renewed}`);
  pass(2_000);
  const { renewed } = shown;
  pass(10_000);
  assert.equal(shown.renewed, renewed, 'without news it asks for nothing');
});

it('requests again if an event arrives during a request', (t) => {
  const { shown, renewals, pass } = setUp(t);
  shown.isBusy = true;
  renewals.touch(['list']);
  pass(3_000);
  assert.equal(shown.renewed, 0);
  shown.isBusy = false;
  pass(1_000);
  assert.equal(shown.renewed, 1);
});

it('requests nothing in a hidden tab', (t) => {
  const { shown, renewals, pass } = setUp(t);
  shown.isHidden = true;
  renewals.touch(['list']);
  pass(5_000);
  assert.deepEqual([shown.renewed, shown.stale], [0, 1]);
});
