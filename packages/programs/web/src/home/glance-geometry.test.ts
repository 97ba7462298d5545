import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { IncidentFault } from '@medkit/contract';
import type { FrameChart } from '../incidents/frame-chart.ts';
import { glanceOf } from './glance-geometry.ts';

const fault = (code: string, began: string, more: Partial<IncidentFault> = {}) =>
  ({ fault_code: code, began, severity: 2, status: 'active', ...more }) as IncidentFault;

const chart: FrameChart = {
  props: {
    series: [
      {
        id: 'min_range',
        label: 'min_range',
        unit: 'm',
        samples: [
          [0, 2],
          [4000, 2],
          [5000, 0],
        ],
      },
    ],
    thresholds: [{ label: '0.8 m', value: 0.8, unit: 'm' }],
    marks: [],
    crossing: { ms: 5000, value: 0, label: 'min_range' },
  },
};

suite('an incident at a glance', () => {
  test('has faults and the measured value on one axis', () => {
    const glance = glanceOf(
      { faults: [fault('STOP', '1970-01-01T00:00:06Z'), fault('ABORT', '1970-01-01T00:00:08Z')] },
      chart,
    )!;
    assert.equal(glance.fromMs, 0, 'the first sample');
    assert.ok(glance.toMs > 8000, 'the axis continues after the last fault');
    assert.deepEqual(
      glance.bars.map(({ code, to, isActive }) => [code, to, isActive]),
      [
        ['STOP', 1, true],
        ['ABORT', 1, true],
      ],
    );
    const { curve } = glance;
    assert.ok(curve!.points[0]![1] < curve!.threshold, 'the value begins above its threshold');
    assert.ok(curve!.crossing![1] > curve!.threshold, 'and crosses it');
    assert.equal(curve!.crossing![0], 5000 / glance.toMs);
  });

  test('ends the bar of a healed fault', () => {
    const healed = { status: 'healed', healed_at: '1970-01-01T00:00:07Z' } as const;
    const [bar] = glanceOf({ faults: [fault('STOP', '1970-01-01T00:00:06Z', healed)] }, chart)!.bars;
    assert.equal(bar!.isActive, false);
    assert.ok(bar!.to < 1 && bar!.to > bar!.from);
  });

  test('works without a freeze frame, and with times that are not times', () => {
    assert.equal(glanceOf({ faults: [fault('STOP', 'yesterday')] }, chart), undefined);
    const glance = glanceOf({ faults: [fault('STOP', '1970-01-01T00:00:06Z'), fault('ODD', '')] }, undefined)!;
    assert.equal(glance.bars.length, 1);
    assert.equal(glance.curve, undefined);
    assert.equal(glance.toMs - glance.fromMs, 2000);
  });
});
