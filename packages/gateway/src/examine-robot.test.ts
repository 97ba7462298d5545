import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryRuntime } from '@medkit/core/testing';
import { examineRobot } from './examine-robot.ts';
import { testConfig } from './testing/test-gateway.ts';

test('an examination says what /health would, and leaves nothing running', async () => {
  const warning = { code: 'no_participants', message: 'Nobody is there.' };
  const runtime = memoryRuntime({ health: { warnings: [warning], blocks: { 'x-medkit-dds': { domain_id: 7 } } } });
  let listened = false;
  const health = await examineRobot({
    config: await testConfig(),
    environment: {},
    runtimes: [runtime],
    log: () => undefined,
    listen: async () => {
      listened = runtime.running;
    },
  });
  assert.equal(listened, true);
  assert.equal(runtime.running, false);
  assert.deepEqual(health['x-medkit-dds'], { domain_id: 7 });
  assert.equal(health.warnings[0]?.message, 'Nobody is there.');
});
