import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedOptions } from '@medkit/plugin';
import { Options, settingsOf } from './options.ts';

/** Returns the settings of these options, and the notices. */
function settings(raw: Readonly<Record<string, unknown>>) {
  const checked = checkedOptions(Options, raw);
  assert.ok('options' in checked, JSON.stringify(checked));
  const notices: string[] = [];
  return { ...settingsOf(checked.options as Options, (notice) => notices.push(notice)), notices };
}

describe('3.3 options', () => {
  it('3.3: default to those of the parameter beacon of ros2_medkit', () => {
    assert.deepEqual(settings({}), {
      poll: {
        prefix: 'ros2_medkit.discovery',
        intervalMs: 5000,
        budgetMs: 10_000,
        timeoutMs: 2000,
        evictionMs: 60_000,
      },
      hints: { ttlMs: 15_000, expiryMs: 300_000, maxHints: 10_000, allowNewEntities: false },
      notices: [],
    });
  });

  it('3.3 [edge]: a value below the minimum becomes the minimum, with a notice', () => {
    const { poll, notices } = settings({
      poll_interval_sec: 0,
      poll_budget_sec: 0.15,
      param_timeout_sec: -1,
      client_eviction_sec: -1,
    });
    assert.deepEqual([poll.intervalMs, poll.budgetMs, poll.timeoutMs, poll.evictionMs], [100, 150, 100, 0]);
    assert.equal(notices.length, 3);
  });

  it('3.3 [edge]: a ttl that is not greater than the interval becomes three intervals, an expiry not greater than it ten times that', () => {
    const { hints, notices } = settings({ poll_interval_sec: 20, beacon_ttl_sec: 20, beacon_expiry_sec: 60 });
    assert.deepEqual([hints.ttlMs, hints.expiryMs], [60_000, 600_000]);
    assert.deepEqual(notices, [
      'beacon_ttl_sec must be more than poll_interval_sec; 60 is used',
      'beacon_expiry_sec must be more than beacon_ttl_sec; 600 is used',
    ]);
  });

  it('3.3 [edge]: a budget that one node can use up causes a notice', () => {
    const { poll, notices } = settings({ poll_budget_sec: 2, param_timeout_sec: 2 });
    assert.deepEqual([poll.budgetMs, poll.timeoutMs], [2000, 2000]);
    assert.match(notices.join(), /a node that does not answer can use up a whole round/);
  });

  it('3.3: an unknown option, or one of a wrong type, is refused', () => {
    assert.deepEqual(checkedOptions(Options, { poll_intervall_sec: 5 }), {
      problems: ['there is no option poll_intervall_sec'],
    });
    assert.ok('problems' in checkedOptions(Options, { poll_interval_sec: 'often' }));
    assert.ok('problems' in checkedOptions(Options, { poll_interval_sec: 1e9 }));
  });
});
