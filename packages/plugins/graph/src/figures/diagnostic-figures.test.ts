import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagnosticFigures } from './diagnostic-figures.ts';

const read = (values: Readonly<Record<string, string>>) =>
  diagnosticFigures(Object.entries(values).map(([key, value]) => ({ key, value })));

describe('3.5 metrics: a status of /diagnostics', () => {
  it('gives rate, delay, losses and the expected rate', () => {
    assert.deepEqual(
      read({
        frame_rate_msg: '29.9',
        current_delay_from_realtime_ms: '-3.5',
        drop_rate_percent: '0.5',
        expected_frequency: '30',
      }),
      { frequencyHz: 29.9, latencyMs: -3.5, dropRatePercent: 0.5, expectedFrequencyHz: 30 },
    );
    assert.deepEqual(read({ drop_rate: '2' }), { dropRatePercent: 2 });
  });

  it('gives frame_rate_node if frame_rate_msg is 0 or missing', () => {
    assert.deepEqual(read({ frame_rate_msg: '0', frame_rate_node: '12' }), { frequencyHz: 12 });
    assert.deepEqual(read({ frame_rate_msg: '0', frame_rate_node: '0' }), {});
    assert.deepEqual(read({ frame_rate_msg: '7', frame_rate_node: '12' }), { frequencyHz: 7 });
    assert.deepEqual(read({ frame_rate_node: '12' }), {});
  });

  it('loses each figure that is negative or not a number', () => {
    for (const bad of ['-1', 'nan', 'NaN', 'inf', '1e999', '12 ', ' 12', '12Hz', '', '0x10', '1,5']) {
      assert.deepEqual(read({ frame_rate_msg: bad, expected_frequency: bad, drop_rate: bad }), {}, bad);
    }
    assert.deepEqual(read({ drop_rate_percent: 'x', drop_rate: '1', frame_rate_msg: '5' }), {
      frequencyHz: 5,
      dropRatePercent: 1,
    });
  });

  it('gives no figure for total_dropped_frames, which says nothing about the current state', () => {
    assert.deepEqual(read({ total_dropped_frames: '9' }), {});
  });

  it('is ignored if it has none of the known keys', () => {
    assert.equal(read({ min_range_m: '0.4', rate_hz: '10' }), undefined);
    assert.equal(read({}), undefined);
  });
});
