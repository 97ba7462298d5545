import assert from 'node:assert/strict';
import { it } from 'node:test';
import { poissonInterval } from './poisson-interval.ts';

/** Published limits of the exact interval (Garwood 1936). */
const CASES: readonly (readonly [count: number, low: number, high: number])[] = [
  [0, 0, 2.996],
  [1, 0.0513, 4.744],
  [3, 0.818, 7.754],
  [10, 5.425, 16.962],
  [100, 84.139, 118.079],
];

for (const [count, low, high] of CASES) {
  it(`the 90 % interval of ${count} events`, () => {
    const found = poissonInterval(count);
    assert.ok(Math.abs(found.low - low) < 0.01 && Math.abs(found.high - high) < 0.01, JSON.stringify(found));
  });
}

it('the approximation for many events continues the exact interval', () => {
  const [exact, next] = [poissonInterval(200), poissonInterval(201)];
  assert.ok(next.low > exact.low && next.low - exact.low < 1.5, JSON.stringify([exact, next]));
  assert.ok(next.high > exact.high && next.high - exact.high < 1.5, JSON.stringify([exact, next]));
});
