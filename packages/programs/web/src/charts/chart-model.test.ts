import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { axisFormat, axisMoments } from './axis-times.ts';
import {
  movedTo,
  plotsOf,
  seriesOfThreshold,
  unitOfThreshold,
  unitsOf,
  wholeRange,
  widened,
  zoomed,
} from './chart-model.ts';
import { cursorOf, onCursor, setCursor, setVisibleRange, visibleRange } from './cursor.ts';

const range = {
  id: 'a',
  label: 'range',
  unit: 'm',
  samples: [
    [10, 1],
    [30, 2],
  ] as const,
};
const speed = { id: 'b', label: 'speed', unit: 'm/s', samples: [[20, 0]] as const };
const whole = { fromMs: 0, toMs: 1000 };

describe('what a chart shows', () => {
  it('has a scale for each unit, and draws a threshold on the scale of its unit', () => {
    const model = { series: [range, speed] };
    assert.deepEqual(unitsOf(model), ['m', 'm/s']);
    assert.equal(unitOfThreshold(model, { label: '', value: 1, unit: 'm/s' }), 'm/s');
    assert.equal(unitOfThreshold(model, { label: '', value: 1, unit: 'V' }), 'm');
    assert.equal(seriesOfThreshold(model, { label: '', value: 1, unit: 'm/s' }), speed);
  });

  it('has a plot for each unit, with its thresholds, and all with the same times', () => {
    const thresholds = [{ label: 'limit', value: 0.8, unit: 'm' }];
    const crossing = { ms: 25, value: 0.8, label: 'range' };
    const plots = plotsOf({ series: [speed, range], thresholds, marks: [], crossing, range: undefined });
    assert.deepEqual(
      plots.map(({ series, places, isFirst, isLast }) => [series.map(({ id }) => id), places, isFirst, isLast]),
      [
        [['b'], [0], true, false],
        [['a'], [1], false, true],
      ],
    );
    assert.deepEqual(
      plots.map((plot) => [plot.thresholds.length, plot.crossing, plot.range]),
      [
        [0, undefined, { fromMs: 10, toMs: 30 }],
        [1, crossing, { fromMs: 10, toMs: 30 }],
      ],
    );
  });

  it('does not show noise as a signal', () => {
    assert.deepEqual(widened(1.999, 2.001, 'm'), [1.975, 2.025]);
    assert.deepEqual(widened(0, 4, 'm'), [0, 4]);
    assert.deepEqual(widened(100, 100, 'rpm'), [99, 101]);
    assert.deepEqual(widened(0, 0, 'rpm'), [0, 0]);
  });

  it('labels round times, also while the axis moves', () => {
    assert.deepEqual(axisMoments(34_200, 50_100, 5000), [35_000, 40_000, 45_000, 50_000]);
    assert.equal(axisMoments(0, 1e12, 1).length, 200);
  });

  it('ranges from the first to the last sample, unless a range is given', () => {
    const model = { series: [range, speed], thresholds: [], marks: [], crossing: undefined, range: undefined };
    assert.deepEqual(wholeRange(model), { fromMs: 10, toMs: 30 });
    assert.deepEqual(wholeRange({ ...model, range: whole }), whole);
    assert.deepEqual(wholeRange({ ...model, series: [speed] }), { fromMs: -480, toMs: 520 });
    assert.deepEqual(wholeRange({ ...model, series: [] }), { fromMs: 0, toMs: 1000 });
  });

  it('zooms in and out around a time, and never beyond all data', () => {
    assert.deepEqual(zoomed(whole, 0.5, 250, whole), { fromMs: 125, toMs: 625 });
    assert.deepEqual(zoomed({ fromMs: 400, toMs: 600 }, 2, 500, whole), { fromMs: 300, toMs: 700 });
    assert.equal(zoomed({ fromMs: 100, toMs: 900 }, 2, 500, whole), undefined);
    assert.deepEqual(zoomed({ fromMs: 1, toMs: 2 }, 0.5, 1, whole), { fromMs: 1, toMs: 2 });
    assert.deepEqual(movedTo({ fromMs: 0, toMs: 100 }, 500), { fromMs: 450, toMs: 550 });
    assert.deepEqual(movedTo({ fromMs: 0, toMs: 100 }, 50), { fromMs: 0, toMs: 100 });
  });

  it('has texts below its axis that are no longer than they have to be', () => {
    assert.deepEqual(
      [1, 10, 100, 1000, 60_000, 86_400_000].map((incr) => Object.keys(axisFormat(incr)).length),
      [4, 4, 4, 3, 2, 2],
    );
  });
});

describe('the cursor', () => {
  it('keeps its last position, and notifies listeners once for each move', () => {
    const positions: unknown[] = [];
    const stop = onCursor((cursor) => positions.push(cursor?.ms));
    for (const ms of [5, 5, Number.NaN, 7, undefined]) setCursor(ms, 'test');
    stop();
    setCursor(9, 'test');
    assert.deepEqual(positions, [5, 7, undefined]);
    assert.deepEqual(cursorOf(), { ms: 9, source: 'test' });
  });

  it('has a visible range of time around it, which is never empty', () => {
    setVisibleRange(whole);
    setVisibleRange({ fromMs: 5, toMs: 5 });
    assert.deepEqual(visibleRange(), whole);
    setVisibleRange(undefined);
    assert.equal(visibleRange(), undefined);
  });
});
