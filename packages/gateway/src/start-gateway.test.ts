import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryRuntime } from '@medkit/core/testing';
import { StartRefused } from './http/listen.ts';
import { startGateway } from './start-gateway.ts';
import { testConfig } from './testing/test-gateway.ts';

async function start(server: Parameters<typeof testConfig>[0]) {
  const runtime = memoryRuntime();
  const config = await testConfig(server);
  return {
    runtime,
    gateway: await startGateway({ config, environment: {}, runtimes: [runtime], log: () => undefined }),
  };
}

test('a gateway answers as soon as it has started, and nothing is left when it has closed', async () => {
  const { gateway, runtime } = await start({ server: { port: 0 } });
  assert.match(gateway.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${gateway.url}/api/v1/health`)).status, 200);
  await gateway.close();
  assert.equal(runtime.running, false);
  await assert.rejects(fetch(`${gateway.url}/api/v1/health`));
});

test('an address that others can reach is refused without a token or a word', async () => {
  await assert.rejects(start({ server: { host: '0.0.0.0', port: 0 } }), (error) => {
    assert.ok(error instanceof StartRefused);
    assert.match(error.message, /server\.token.*--insecure/);
    return true;
  });
});

test('a port that is taken leaves no runtime behind', async () => {
  const first = await start({ server: { port: 0 } });
  const port = Number(new URL(first.gateway.url).port);
  const runtime = memoryRuntime();
  const config = await testConfig({ server: { port } });
  await assert.rejects(
    startGateway({ config, environment: {}, runtimes: [runtime], log: () => undefined }),
    /is taken/,
  );
  assert.equal(runtime.running, false);
  await first.gateway.close();
});
