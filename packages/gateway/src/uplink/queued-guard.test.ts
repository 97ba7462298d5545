import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testGateway } from '../testing/test-gateway.ts';

const LIDAR = '/api/v1/apps/lidar_driver';
const NAME = 'apps/lidar_driver/data/cmd_vel';
const DIRECT = { host: 'localhost' };
const QUEUED = { ...DIRECT, 'x-medkit-queued': '1' };

describe('a request that waited in the queue of a hub', () => {
  it('writes a data item only if the robot lists it', async () => {
    for (const queueable of [[], ['apps/lidar_driver/data/scan'], [NAME]]) {
      const { app } = await testGateway({ hub: { queueable } });
      const write = (headers: Record<string, string>, id = 'cmd_vel') => {
        const payload = { type: 'geometry_msgs/msg/Twist', data: {} };
        return app.inject({ method: 'PUT', url: `${LIDAR}/data/${id}`, headers, payload });
      };
      const direct = await write(DIRECT);
      assert.notEqual(direct.statusCode, 403, direct.body);
      const queued = await write(QUEUED);
      if (queueable.includes(NAME)) assert.equal(queued.statusCode, direct.statusCode, queued.body);
      else {
        const { error_code, message, parameters } = queued.json();
        assert.deepEqual([queued.statusCode, error_code], [403, 'insufficient-access-rights']);
        assert.match(message, /list apps\/lidar_driver\/data\/cmd_vel in hub\.queueable of the robot/);
        assert.deepEqual(parameters, { setting: 'hub.queueable', name: NAME });
      }
      await app.close();
    }
  });

  it('never changes the status, and may clear faults', async () => {
    const { app } = await testGateway({ hub: { queueable: [NAME] } });
    const restart = await app.inject({ method: 'PUT', url: `${LIDAR}/status/restart`, headers: QUEUED });
    assert.deepEqual(
      [restart.statusCode, restart.json().parameters],
      [403, { setting: 'hub.queueable' }],
      restart.body,
    );
    const clear = await app.inject({ method: 'DELETE', url: `${LIDAR}/faults`, headers: QUEUED });
    assert.notEqual(clear.statusCode, 403, clear.body);
    await app.close();
  });
});
