import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultDetailResult } from '@medkit/contract';
import { framesOf, recordingsOf } from './frame-values.ts';

const detail = {
  environment_data: {
    snapshots: [
      {
        type: 'freeze_frame',
        name: 'pose',
        data: { position: { x: 1, y: 2 }, ranges: [1, 2, 3], deep: { a: { b: { c: { d: 1 } } } } },
        'x-medkit': {
          topic: '/pose',
          message_type: 'x',
          captured_at: '1970-01-01T00:00:01Z',
          occurrence: 1,
          earlier_occurrence: true,
        },
      },
      { type: 'freeze_frame', name: 'voltage', data: 25.4 },
      { type: 'freeze_frame', name: 'history', data: {} },
      {
        type: 'rosbag',
        name: 'bag',
        bulk_data_uri: '/apps/x/bulk-data/rosbags/b',
        size_bytes: 5,
        duration_sec: 6,
        format: 'mcap',
      },
      { of: 'somebody else' },
    ],
  },
} as unknown as FaultDetailResult;

describe('the frames of a fault', () => {
  const [pose, voltage, ...others] = framesOf(detail);

  it('have the fields of their messages by name', () => {
    assert.deepEqual(pose!.values, [
      { name: 'position.x', value: 1 },
      { name: 'position.y', value: 2 },
      { name: 'ranges', value: [1, 2, 3] },
      { name: 'deep.a.b.c', value: { d: 1 } },
    ]);
    assert.deepEqual([pose!.capturedMs, pose!.occurrence, pose!.isEarlier], [1000, 1, true]);
    assert.deepEqual(voltage!.values, [{ name: '', value: 25.4 }]);
    assert.equal(voltage!.topic, 'voltage');
    assert.deepEqual(others, []);
  });

  it('are no longer than can be read', () => {
    const data = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`v${at}`, at]));
    const [frame] = framesOf({ environment_data: { snapshots: [{ type: 'freeze_frame', name: 'x', data }] } } as never);
    assert.deepEqual([frame!.values.length, frame!.left], [40, 10]);
  });

  it('do not include recordings', () => {
    assert.deepEqual(
      recordingsOf(detail).map(({ name }) => name),
      ['bag'],
    );
  });
});
