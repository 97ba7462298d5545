import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import type { FreezeFrame } from '@medkit/core';
import { fault, type MemoryFaultsOptions, memoryFaults } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const FRAME: FreezeFrame = {
  kind: 'freeze_frame',
  name: 'min_range_m',
  channel: '/collision_monitor/min_range_m',
  messageType: 'std_msgs/msg/Float64',
  data: { data: 0.107 },
  captureId: 1,
  capturedAtNs: 1_770_201_012_500_000_000n,
};
const HOT = fault('HOT');
const FLAT = fault('FLAT', { sources: ['battery_monitor'] });
const LIDAR = '/api/v1/apps/lidar_driver/bulk-data/snapshots';

async function setUp(options: MemoryFaultsOptions = { faults: [HOT, FLAT], snapshots: [FRAME] }) {
  const { app } = await testGateway({}, undefined, { faults: memoryFaults(options) });
  return (url: string, method: 'GET' | 'HEAD' | 'PUT' | 'DELETE' = 'GET', headers: Record<string, string> = {}) =>
    app.inject({ method, url, headers });
}

describe('freeze frames as bulk data', () => {
  it('are a document for each fault of the entity, found by its code', async () => {
    const ask = await setUp();
    for (const owner of ['apps/lidar_driver', 'components/amr_01', 'areas/warehouse', 'functions/navigation']) {
      const [item, ...others] = (await ask(`/api/v1/${owner}/bulk-data/snapshots`)).json().items;
      assert.deepEqual([item.id, item.mimetype, others], ['HOT', 'application/json', []]);
      assert.equal(item.creation_date, '2026-02-04T10:30:12.500Z');
      const file = await ask(`/api/v1/${owner}/bulk-data/snapshots/HOT`);
      assert.equal(file.rawPayload.byteLength, item.size);
      assert.match(String(file.headers['content-disposition']), /HOT\.json/);
      const { fault_code, freeze_frame_snapshots } = file.json();
      assert.deepEqual([fault_code, freeze_frame_snapshots.length], ['HOT', 1]);
      assert.match(file.body, /0\.107/);
    }
  });

  it('are sent in parts, and HEAD returns their size', async () => {
    const ask = await setUp();
    const whole = (await ask(`${LIDAR}/HOT`)).rawPayload;
    const part = await ask(`${LIDAR}/HOT`, 'GET', { range: 'bytes=2-9' });
    assert.deepEqual([part.statusCode, part.rawPayload], [206, whole.subarray(2, 10)]);
    const head = await ask(`${LIDAR}/HOT`, 'HEAD');
    assert.deepEqual([head.statusCode, head.headers['content-length'], head.body], [200, `${whole.byteLength}`, '']);
  });

  it('of other entities, of unknown faults and of faults without frames are 404', async () => {
    const ask = await setUp();
    for (const code of ['FLAT', 'COLD', '..%2Fx', 'x'.repeat(200)]) {
      assert.equal((await ask(`${LIDAR}/${code}`)).statusCode, 404, code);
    }
    const empty = await setUp({ faults: [HOT] });
    assert.deepEqual((await empty(LIDAR)).json(), { items: [], 'x-medkit': { total_count: 0 } });
    assert.equal((await empty(`${LIDAR}/HOT`)).statusCode, 404);
  });

  it('cannot be deleted, and are unavailable without a fault store', async () => {
    const ask = await setUp();
    assert.equal((await ask(`${LIDAR}/HOT`, 'DELETE')).json().error_code, 'invalid-parameter');
    const broken = await setUp({
      onCall: () => {
        throw new SovdError({ code: 'service-unavailable', message: 'asleep' });
      },
    });
    assert.equal((await broken(LIDAR)).statusCode, 503);
    assert.equal((await broken(`${LIDAR}/HOT`)).statusCode, 503);
  });
});
