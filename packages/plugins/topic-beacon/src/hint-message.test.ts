import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emptyHint } from '@medkit/beacon';
import { SimulatedClock } from '@medkit/edges/testing';
import { timeMessage } from '@medkit/ros2';
import { hintOf } from './hint-message.ts';

const EMPTY = {
  entity_id: 'lidar',
  stable_id: '',
  display_name: '',
  function_ids: [],
  depends_on: [],
  component_id: '',
  transport_type: '',
  negotiated_format: '',
  process_id: 0,
  process_name: '',
  hostname: '',
  metadata: [],
  stamp: { sec: 0, nanosec: 0 },
};

describe('3.2 announcements', () => {
  it('3.2: every field becomes a field of the hint', () => {
    const message = {
      ...EMPTY,
      stable_id: 'front',
      display_name: 'Front LiDAR',
      function_ids: ['localization'],
      depends_on: ['base'],
      component_id: 'perception',
      transport_type: 'shared_memory',
      negotiated_format: 'nitros',
      process_id: 7,
      process_name: 'lidar_node',
      hostname: 'amr',
      metadata: [
        { key: 'firmware', value: '2.3' },
        { key: '__proto__', value: 'plain' },
        { key: 'firmware', value: '2.4' },
      ],
    };
    const hint = hintOf(message, new SimulatedClock());
    assert.deepEqual(hint, {
      entityId: 'lidar',
      stableId: 'front',
      displayName: 'Front LiDAR',
      functionIds: ['localization'],
      dependsOn: ['base'],
      componentId: 'perception',
      transportType: 'shared_memory',
      negotiatedFormat: 'nitros',
      processId: 7,
      processName: 'lidar_node',
      hostname: 'amr',
      metadata: JSON.parse('{"firmware": "2.4", "__proto__": "plain"}'),
      receivedAtMs: 0,
    });
  });

  it('3.2 [edge]: a hint is as old as its arrival, whatever the clock of its sender says', () => {
    const clock = new SimulatedClock();
    clock.advance(60_000);
    for (const agoMs of [0, 12_500, 3_600_000, -5000]) {
      const stamp = timeMessage(clock.wallNs() - BigInt(agoMs) * 1_000_000n);
      assert.deepEqual(hintOf({ ...EMPTY, stamp }, clock), emptyHint('lidar', 60_000));
    }
    assert.deepEqual(hintOf({ ...EMPTY, stamp: { sec: 5, nanosec: 0 } }, clock), emptyHint('lidar', 60_000));
  });
});
