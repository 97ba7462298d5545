import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { observation } from '../observation.ts';
import { MAX_FIRINGS, replayTrigger } from './replay-trigger.ts';

test('a replayed trigger stores a bounded number of times, and counts all', () => {
  const clock = new SimulatedClock();
  const trigger = replayTrigger(
    {
      number: 1,
      entity: { kind: 'app', id: 'battery' },
      resource: '/api/v1/apps/battery/data/voltage',
      collection: 'data',
      item: 'voltage',
      condition: { type: 'OnChange', parameters: {} },
      pointer: '',
      protocol: 'sse',
      multishot: true,
      persistent: false,
    },
    clock,
  );
  const times = MAX_FIRINGS + 5;
  for (let value = 0; value < times; value += 1)
    trigger.take(observation({ source: 'voltage', value: { data: value }, type: 'std_msgs/msg/Int32' }));
  assert.deepEqual([trigger.judged, trigger.fired.total, trigger.fired.timesNs.length], [times, times, MAX_FIRINGS]);
});
