import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryRuntime } from '@medkit/core/testing';
import { testConfig } from '../testing/test-gateway.ts';
import { examineRobot } from './examine-robot.ts';

/** As under LOCALHOST. */
const DDS = { domain_id: 7, discovery_range: 'LOCALHOST', interfaces: ['127.0.0.1'] };

test('an examination names the configured peers, and which of them do not answer', async () => {
  const config = await testConfig();
  const peers = { enabled: true, peer_urls: ['http://127.0.0.1:1'], peer_names: ['yard'] };
  const { promise: tried, resolve } = Promise.withResolvers<void>();
  const { health } = await examineRobot({
    config: { ...config, aggregation: { ...config.aggregation, ...peers } },
    environment: {},
    runtimes: [memoryRuntime({})],
    log: (_level, message) => message.includes('does not answer') && resolve(),
    listen: () => tried,
  });
  assert.deepEqual(
    health.peers?.map(({ name, status }) => [name, status]),
    [['yard', 'offline']],
  );
  const warning = health.warnings.find(({ code }) => code === 'peer_unavailable');
  assert.match(warning?.message ?? '', /yard .*does not answer: .*curl -i http:\/\/127\.0\.0\.1:1\/api\/v1\/health$/);
});

test('an examination reports the same as /health, and leaves nothing running', async () => {
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
