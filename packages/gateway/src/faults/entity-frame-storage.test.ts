import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FreezeFrame } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryDatabase } from '../testing/memory-database.ts';
import { entityFrameStorage } from './entity-frame-storage.ts';

const frame = (capturedAtNs: bigint, data: FreezeFrame['data'] = { level: 1.5, count: 2n ** 60n }): FreezeFrame => ({
  kind: 'freeze_frame',
  name: 'tank',
  channel: '',
  messageType: '',
  data,
  history: { level: { value: 1.5, history: [[5n, 2] as const, [2n ** 60n, 1.5] as const] } },
  limits: [{ field: 'level', value: 1.75, side: 'below', unit: 'm', label: 'Level' }],
  problem: 'some is left out',
  occurrence: 1,
  provenance: { atStart: false, connected: true, sourceTimestampNs: 0n },
  capturedAtNs,
});

it('frames of entities are stored unchanged, the newest last, and a damaged one is left out', async () => {
  const database = memoryDatabase(new SimulatedClock());
  const logged: string[] = [];
  const storage = entityFrameStorage(database, (_, message) => logged.push(message));
  assert.deepEqual(await storage.load(), []);
  for (const code of ['A', 'B', 'C']) {
    await storage.write({ put: { faultCode: code, frames: [frame(5n), frame(2n ** 60n)] }, remove: [] });
  }
  await storage.write({ put: { faultCode: 'A', frames: [frame(7n)] }, remove: ['B'] });
  assert.deepEqual(await storage.load(), [
    { faultCode: 'C', frames: [frame(5n), frame(2n ** 60n)] },
    { faultCode: 'A', frames: [frame(7n)] },
  ]);
  await (await database.store()).write([
    { sql: "UPDATE entity_frames SET data = '[' WHERE fault_code = 'C'", parameters: [] },
  ]);
  assert.deepEqual(await storage.load(), [
    { faultCode: 'C', frames: [] },
    { faultCode: 'A', frames: [frame(7n)] },
  ]);
  assert.match(logged.join(), /^The data of tank stored with C is damaged on disk and is skipped: /);
  await database.close();
});
