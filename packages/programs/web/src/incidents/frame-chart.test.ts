import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartOf } from './frame-chart.ts';

const BEGAN_MS = Date.UTC(2026, 2, 23, 2, 14, 38);
const at = (sec: number) => new Date(BEGAN_MS + sec * 1000).toISOString();
const falling = [2, 1.5, 0.6, 0.11].map((value, step) => [BEGAN_MS - 750 + step * 250, value] as const);
const range = { channel: '/range', label: 'nearest obstacle', unit: 'm', samples: falling };
const incident = { began: at(0), faults: [{ fault_code: 'STOP', began: at(0) }] } as never;

describe('the chart of a freeze frame', () => {
  it('has the measured value with its threshold, the harmful side and how long before the fault it was crossed', () => {
    const chart = chartOf(incident, {
      thresholds: [{ ...range, threshold: 0.8 }],
      channels: [
        { channel: '/range.data', samples: falling },
        { channel: '/vx', samples: [[BEGAN_MS, 0]] },
      ],
    });
    assert.deepEqual(
      chart?.props.series.map(({ id, label }) => [id, label]),
      [
        ['/range', 'nearest obstacle'],
        ['/vx', '/vx'],
      ],
    );
    assert.deepEqual(chart?.props.thresholds, [{ label: '0.8 m', value: 0.8, unit: 'm', side: 'below' }]);
    assert.deepEqual(chart?.props.crossing, { ms: BEGAN_MS - 250, value: 0.6, label: 'nearest obstacle' });
    assert.deepEqual([chart?.everyMs, chart?.leadMs, chart?.props.marks[0]?.number], [250, 250, 1]);
  });

  it('shows the crossing that the incident names, whatever a later frame shows', () => {
    const crossing = { channel: '/range', value: 0.7, threshold: 0.8, at: at(-20) };
    const chart = chartOf({ ...(incident as object), crossing } as never, {
      thresholds: [{ ...range, threshold: 0.8 }],
      channels: [],
    });
    assert.equal(chart?.props.crossing?.ms, BEGAN_MS - 20_000);
  });

  it('shows the value that changed most if no value has a threshold, and does not exist without samples', () => {
    const still = { channel: 'a', samples: [[1, 5] as const, [2, 5] as const] };
    const moved = { channel: 'b', samples: [[1, 5] as const, [2, 6] as const] };
    const chart = chartOf(incident, { thresholds: [], channels: [still, moved] });
    assert.deepEqual(
      chart?.props.series.map(({ id }) => id),
      ['b', 'a'],
    );
    assert.equal(chartOf(incident, { thresholds: [], channels: [{ channel: 'c', samples: [] }] }), undefined);
  });
});
