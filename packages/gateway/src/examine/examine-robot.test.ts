import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryRuntime } from '@medkit/core/testing';
import { testConfig } from '../testing/test-gateway.ts';
import { examineRobot } from './examine-robot.ts';

/** As under LOCALHOST. */
const DDS = { domain_id: 7, discovery_range: 'LOCALHOST', interfaces: ['127.0.0.1'] };

test('an examination says what /health would, and leaves nothing running', async () => {
  const warning = { code: 'no_participants', message: 'Nobody is there.' };
  const runtime = memoryRuntime({ health: { warnings: [warning], blocks: { 'x-medkit-dds': DDS } } });
  let listened = false;
  const { health, otherDomains } = await examineRobot({
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
  assert.deepEqual(health['x-medkit-dds'], DDS);
  assert.deepEqual(otherDomains, [], 'nobody is listened for beyond this machine');
  assert.equal(health.warnings[0]?.message, 'Nobody is there.');
});
