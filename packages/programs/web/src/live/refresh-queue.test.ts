import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RefreshQueue } from './refresh-queue.ts';

function setUp(t: import('node:test').TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const page = { isBusy: false, renewed: 0, stale: 0, isHidden: false };
  const one = {
    isBusy: () => page.isBusy,
    renew: () => void page.renewed++,
    makeStale: () => void page.stale++,
  };
  const renewals = new RefreshQueue<string>({
    find: (key) => (key === 'list' ? [one] : []),
    isHidden: () => page.isHidden,
    nowMs: () => Date.now(),
  });
  return { page, renewals, pass: (ms: number) => t.mock.timers.tick(ms) };
}

it('requests once a second at most, however many events arrive', (t) => {
  const { page, renewals, pass } = setUp(t);
  for (let ms = 0; ms < 5_000; ms += 50) {
    renewals.touch(['list', 'other']);
    pass(50);
  }
  assert.ok(page.renewed >= 4 && page.renewed <= 6, `${page.renewed}`);
  pass(2_000);
  const { renewed } = page;
  pass(10_000);
  assert.equal(page.renewed, renewed, 'without news it asks for nothing');
});

it('requests again if an event arrives during a request', (t) => {
  const { page, renewals, pass } = setUp(t);
  page.isBusy = true;
  renewals.touch(['list']);
  pass(3_000);
  assert.equal(page.renewed, 0);
  page.isBusy = false;
  pass(1_000);
  assert.equal(page.renewed, 1);
});

it('requests nothing in a hidden tab', (t) => {
  const { page, renewals, pass } = setUp(t);
  page.isHidden = true;
  renewals.touch(['list']);
  pass(5_000);
  assert.deepEqual([page.renewed, page.stale], [0, 1]);
});
