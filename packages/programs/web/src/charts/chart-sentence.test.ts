import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChartModel } from './chart-model.ts';
import { chartSentence, cursorSentence } from './chart-sentence.ts';
import { formatLimit, formatMeasurement, sampleAt, sampleMoment } from './chart-series.ts';
import { chartTable } from './table-rows.ts';

const obstacle = {
  id: 'scan',
  label: 'nearest obstacle',
  unit: 'm',
  samples: [
    [1000, 2],
    [1100, 0.9],
    [1200, 0.77],
    [1300, 0.106],
  ],
} as const;
const model = (changes: Partial<ChartModel>): ChartModel => ({
  series: [obstacle],
  thresholds: [],
  marks: [],
  crossing: undefined,
  range: undefined,
  ...changes,
});
const time = (ms: number) => `${ms}`;

describe('a chart as a sentence', () => {
  it('says when a threshold was passed, and how far', () => {
    const thresholds = [{ label: 'stop', value: 0.8, unit: 'm' }];
    assert.equal(
      chartSentence(model({ thresholds }), time),
      'nearest obstacle fell below 0.8 m at 1200, minimum 0.11 m',
    );
    const crossing = { ms: 1150, value: 0.8, label: '' };
    assert.match(chartSentence(model({ thresholds, crossing }), time), /at 1150,/);
    const warm = {
      ...obstacle,
      label: 'motor',
      unit: '°C',
      samples: [
        [0, 40],
        [9, 91.25],
      ] as const,
    };
    const hot = [{ label: 'limit', value: 90, unit: '°C', side: 'above' as const }];
    assert.equal(
      chartSentence(model({ series: [warm], thresholds: hot }), time),
      'motor rose above 90 °C at 9, maximum 91.25 °C',
    );
  });

  it('says that none was passed, or that it was all the time', () => {
    const at = (value: number, side?: 'below' | 'above') =>
      chartSentence(model({ thresholds: [{ label: '', value, ...(side && { side }) }] }), time);
    assert.equal(at(0.05), 'nearest obstacle stayed above 0.05 m, minimum 0.11 m');
    assert.equal(at(3), 'nearest obstacle stayed below 3 m, maximum 2.00 m');
    assert.equal(at(3, 'below'), 'nearest obstacle was below 3 m all the time, minimum 0.11 m');
  });

  it('contains the range of every other value, and names series without values', () => {
    const speed = {
      id: 'v',
      label: 'speed',
      unit: 'm/s',
      samples: [
        [0, 0],
        [1, 0],
      ] as const,
    };
    assert.equal(
      chartSentence(model({ series: [obstacle, speed, { ...speed, label: 'x', samples: [[0, Number.NaN]] }] })),
      'nearest obstacle between 0.11 m and 2.00 m; speed 0.00 m/s all the time; no value of x',
    );
    assert.equal(chartSentence(model({ series: [] })), 'nothing to show yet');
  });

  it('says what is at the cursor', () => {
    assert.equal(
      cursorSentence('02:14:37.52', [
        ['range', formatMeasurement(0.7712, 'm')],
        ['commanded', formatMeasurement(0, 'm/s')],
      ]),
      '02:14:37.52: range 0.77 m, commanded 0.00 m/s',
    );
    assert.deepEqual(
      [0.0123, -4, 1234.5, 2e9, Number.NaN, Number.NEGATIVE_INFINITY].map((value) => formatMeasurement(value)),
      ['0.012', '−4.00', '1235', '2.00e+9', '–', '−∞'],
    );
    assert.deepEqual([formatLimit(0.8, 'm'), formatLimit(-22)], ['0.8 m', '−22']);
  });
});

describe('the samples of a chart', () => {
  it('are valid until the next sample', () => {
    assert.deepEqual(
      [999, 1000, 1199, 9999].map((ms) => sampleAt(obstacle.samples, ms)?.[1]),
      [undefined, 2, 0.9, 0.106],
    );
  });

  it('are found by a time in whole milliseconds', () => {
    const samples = [
      [1000, 1],
      [2000.4, 2],
    ] as const;
    assert.equal(sampleAt(samples, 2000)?.[1], 2);
    const steps = (count: number) => sampleMoment([{ ...obstacle, samples }], 2000, count);
    assert.deepEqual([steps(1), steps(-1)], [2000.4, 1000]);
  });

  it('are visited one by one, from wherever the cursor is', () => {
    const steps = (ms: number, count: number) => sampleMoment([obstacle], ms, count);
    assert.deepEqual(
      [steps(1000, 1), steps(1050, 1), steps(1050, -1), steps(1100, -1), steps(1100, 10), steps(900, -1)],
      [1100, 1100, 1000, 1000, 1300, 1000],
    );
    assert.equal(sampleMoment([], 0, 1), undefined);
  });

  it('are shown in a table of bounded length, which has the number of all', () => {
    const many = { ...obstacle, samples: Array.from({ length: 1000 }, (_, at) => [at, at] as const) };
    const { rows, total } = chartTable([many, obstacle]);
    assert.deepEqual([rows.length, total], [200, 1004]);
    assert.deepEqual(rows[0], { ms: 0, values: [0, undefined] });
    assert.deepEqual(rows.at(-1), { ms: 1300, values: [999, 0.106] });
  });
});
