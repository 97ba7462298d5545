import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinSeries, usualPauseMs } from './join-series.ts';
import { pickEvenly, thinSamples } from './thin-samples.ts';

const series = (id: string, samples: readonly (readonly [number, number])[], step?: boolean) => ({
  id,
  label: id,
  samples,
  ...(step !== undefined && { step }),
});

describe('series of different sampling', () => {
  it('become columns of equal length, each with values where it has samples', () => {
    assert.deepEqual(
      joinSeries([
        series('a', [
          [0, 1],
          [200, 2],
        ]),
        series('b', [
          [100, 8],
          [200, 9],
        ]),
      ]),
      [
        [0, 100, 200],
        [1, undefined, 2],
        [undefined, 8, 9],
      ],
    );
    assert.deepEqual(joinSeries([]), [[]]);
    assert.deepEqual(joinSeries([series('a', [])]), [[], []]);
  });

  it('have a gap where values are missing for long or are no numbers; a series that holds its value has none', () => {
    const samples = [...Array.from({ length: 10 }, (_, at) => [at * 100, 1] as const), [5000, 2] as const];
    const [moments, values] = joinSeries([series('a', samples)]);
    assert.equal(values?.[moments.indexOf(2950)], null);
    assert.ok(!joinSeries([series('a', samples, true)])[1]?.includes(null));
    assert.deepEqual(
      joinSeries([
        series('a', [
          [0, Number.NaN],
          [1, Number.POSITIVE_INFINITY],
          [2, 3],
        ]),
      ])[1],
      [null, null, 3],
    );
    assert.equal(usualPauseMs(samples), 100);
    assert.equal(usualPauseMs([]), 0);
  });
});

describe('many samples', () => {
  const many = Array.from(
    { length: 100_000 },
    (_, at) => [at, at === 54_321 ? -7 : at === 70_000 ? 9 : Math.sin(at)] as const,
  );

  it('are thinned to the visible number, with every peak, in order, from the first to the last', () => {
    const thin = thinSamples(many, 1000);
    assert.ok(thin.length <= 1000 && thin.length > 500);
    assert.ok(thin.some(([, value]) => value === -7) && thin.some(([, value]) => value === 9));
    assert.deepEqual([thin[0], thin.at(-1)], [many[0], many.at(-1)]);
    assert.ok(thin.every(([at], place) => place === 0 || at > thin[place - 1]![0]));
    assert.equal(thinSamples(many.slice(0, 1000), 1000).length, 1000);
  });

  it('are thinned also if all have the same time, or none is a number', () => {
    assert.ok(
      thinSamples(
        many.map(() => [5, 1] as const),
        100,
      ).length <= 100,
    );
    assert.ok(
      thinSamples(
        many.map(([at]) => [at, Number.NaN] as const),
        100,
      ).length <= 100,
    );
  });

  it('are spread evenly in a table', () => {
    const rows = pickEvenly(many, 200);
    assert.equal(rows.length, 200);
    assert.deepEqual([rows[0]![0], rows.at(-1)![0]], [0, 99_999]);
  });
});
