import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultDetailResult } from '@medkit/contract';
import { NIGHT_MS } from '../testing/occurrence.ts';
import { channelsOf } from './measurements.ts';

const captured_at = new Date(NIGHT_MS).toISOString();
const detail = (...snapshots: readonly unknown[]) =>
  ({ item: {}, environment_data: { snapshots } }) as unknown as FaultDetailResult;

describe('the channels of a freeze frame', () => {
  it('are the fields of topics, with the name and unit of the topic', () => {
    const frames = [
      { type: 'freeze_frame', name: 'speed', data: 0, 'x-medkit': { topic: '/speed', label: 'speed', unit: 'm/s' } },
      {
        type: 'freeze_frame',
        name: 'history',
        data: { '/speed.data': { history: [[(NIGHT_MS - 500) * 1e6, 0.8]] }, '/other.x': { history: [['x', 1]] } },
        'x-medkit': { captured_at },
      },
    ];
    assert.deepEqual(channelsOf(detail(...frames), 1), [
      { channel: '/speed.data', label: 'speed', unit: 'm/s', samples: [[NIGHT_MS - 500, 0.8]] },
      { channel: '/other.x', samples: [] },
    ]);
  });

  it('are the ports of another runtime, in local time, without their thresholds', () => {
    const port = (...history: readonly (readonly [number, number])[]) => ({ value: history.at(-1)?.[1], history });
    const data = {
      range_m: port([1_000_000, 2], [1_500_000, 0.2]),
      stop_threshold_m: port([9, 0.8]),
      vx: port([7, 0]),
      name: 'gate',
    };
    const frame = (occurrence: number) => ({
      type: 'freeze_frame',
      name: 'frame',
      data,
      'x-medkit': { captured_at, occurrence },
    });
    assert.deepEqual(channelsOf(detail(frame(1), frame(2)), 2), [
      {
        channel: 'range_m',
        samples: [
          [NIGHT_MS - 500, 2],
          [NIGHT_MS, 0.2],
        ],
      },
      { channel: 'vx', samples: [[NIGHT_MS, 0]] },
    ]);
  });
});
