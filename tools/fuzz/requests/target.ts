import { memoryConfigurations, memoryOperations } from '@medkit/core/testing';
import { type TestGateway, testGateway } from '../../../packages/gateway/src/testing/test-gateway.ts';
import { targetFaults } from './target-faults.ts';

/** Small, so that requests exceed it. */
const MAX_BODY_BYTES = 16_384;
const MAX_UPLOAD_BYTES = 1500;
const MAX_UPLOADS_BYTES = 100_000;

/** Opens a gateway with resources of every kind, named as in the contract's examples. */
export async function openTarget(): Promise<TestGateway> {
  const target = await testGateway(
    {
      server: { max_body_bytes: MAX_BODY_BYTES },
      bulk_data: { categories: ['maps'], max_upload_size: MAX_UPLOAD_BYTES, max_total_size: MAX_UPLOADS_BYTES },
    },
    undefined,
    {
      operations: memoryOperations({
        '/lidar_driver': {
          '/navigate_to_pose': {},
          '/lidar_driver/front/reset': { answer: ({ parameters }) => parameters ?? {} },
        },
      }),
      configurations: memoryConfigurations({
        '/lidar_driver': {
          max_vel_x: { type: 'double', value: 0.5, range: { from: 0.1, to: 2.5 } },
          'front/left/max_vel_x': { type: 'int', value: 2n ** 62n },
        },
        '/battery_monitor': { frame_id: { type: 'string', value: 'battery', readOnly: true } },
      }),
      faults: targetFaults(),
      lifecycle: {
        status: async (nativeId) =>
          nativeId === '/lidar_driver' ? { status: 'ready', actions: ['restart'] } : undefined,
        change: async () => undefined,
      },
    },
  );
  target.runtime.record({ timestampNs: 1n, severity: 'warning', logger: 'lidar_driver', message: 'dust' });
  return target;
}
