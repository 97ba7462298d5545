import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barsOf, countsByHour, rateOf, rateText, rateUnit } from './bars.ts';

describe('the rate of an issue', () => {
  it('is per running hour, and unknown without running hours', () => {
    assert.equal(rateOf({ occurrences: 3, running_hours: 12 }), 0.25);
    for (const running_hours of [undefined, null, 0])
      assert.equal(rateOf({ occurrences: 3, running_hours }), undefined);
  });

  it('has one unit for a table, in which the largest is at least one', () => {
    const share = (occurrences: number, running_hours?: number) => ({ occurrences, running_hours });
    assert.equal(rateUnit([share(3, 2), share(1, 900)]), 1);
    assert.equal(rateUnit([share(3, 120), share(3)]), 100);
    assert.equal(rateUnit([share(3, 2900)]), 1000);
    assert.equal(rateUnit([share(1, 90_000)]), 10_000);
    assert.equal(rateUnit([share(3)]), 1);
    assert.equal(rateText(0.025, 100), '2.50');
    assert.equal(rateText(0.000_01, 100), '0.0010');
    assert.equal(rateText(0, 100), '0.00');
  });
});

describe('the bars of an issue', () => {
  it('are parts of the largest', () => {
    assert.deepEqual(barsOf([0, 2, 4]), [
      { at: 1, count: 2, height: 0.5 },
      { at: 2, count: 4, height: 1 },
    ]);
    assert.deepEqual(barsOf([]), []);
  });

  it('have a place for each hour, without those that a clock places elsewhere', () => {
    const row = (hour: string) => ({ hour, occurrences: 2 });
    const rows = ['2026-03-23T02:00:00Z', '2026-03-23T00:00:00Z', '2026-03-22T00:00:00Z', '2026-03-23T03:00:00Z'];
    const counts = countsByHour([...rows, 'no time'].map(row), 3, Date.parse('2026-03-23T02:40:00Z'));
    assert.deepEqual(counts, [2, 0, 2]);
  });
});
