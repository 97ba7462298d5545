import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { callContext, openModel } from '@medkit/core';
import { app, type MemoryItem, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { findVitalSigns } from './find-vital-signs.ts';

type Direction = 'publish' | 'subscribe';
const topic = (name: string, type: string, direction: Direction = 'publish'): Record<string, MemoryItem> => ({
  [name]: { channel: { name, direction, type } },
});
const BATTERY = 'sensor_msgs/msg/BatteryState';
const STATUS = 'action_msgs/msg/GoalStatusArray';

async function found(data: Readonly<Record<string, Readonly<Record<string, MemoryItem>>>>) {
  const clock = new SimulatedClock();
  const apps = Object.keys(data).map((id) => app(id, { address: { runtime: 'memory', nativeId: id } }));
  const model = await openModel({ runtimes: [memoryRuntime({ apps, data })], clock, log: () => undefined });
  const signs = await findVitalSigns(model, callContext({ clock, timeoutMs: 1000 }));
  return signs.map(({ kind, value }) => `${kind} ${value}`);
}

suite('vital signs found by message type', () => {
  test('are battery, speed and navigation goal, in this order', async () => {
    assert.deepEqual(
      await found({
        a_nav: {
          ...topic('/navigate_to_pose/_action/status', STATUS),
          ...topic('/compute_path/_action/status', STATUS),
        },
        drive: topic('/odom', 'nav_msgs/msg/Odometry'),
        power: { ...topic('/battery_state', BATTERY), ...topic('/voltage', 'std_msgs/msg/Float32') },
      }),
      [
        'battery apps/power/data/%2Fbattery_state:/percentage',
        'speed apps/drive/data/%2Fodom:/twist/twist/linear/x',
        'goal apps/a_nav/data/%2Fnavigate_to_pose%2F_action%2Fstatus:',
      ],
    );
  });

  test('come from publishers, once for each topic, and at most two of a kind', async () => {
    assert.deepEqual(
      await found({
        a_reader: topic('/battery_state', BATTERY, 'subscribe'),
        b_power: topic('/battery_state', BATTERY),
        c_copy: topic('/battery_state', BATTERY),
        d_pack: topic('/pack_2', BATTERY),
        e_pack: topic('/pack_3', BATTERY),
      }),
      ['battery apps/b_power/data/%2Fbattery_state:/percentage', 'battery apps/d_pack/data/%2Fpack_2:/percentage'],
    );
  });
});
