import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { HealthStatus } from '@medkit/contract';
import type { RuntimeHost } from '@medkit/core';
import { memoryRuntime } from '@medkit/core/testing';
import { startGateway } from '../start-gateway.ts';
import { testConfig } from '../testing/test-gateway.ts';

interface Received {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: string;
}

/** A server that accepts every request. */
async function collector() {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      received.push({
        path: url.replace(/\?.*/, ''),
        token: headers.authorization,
        body: Buffer.concat(chunks).toString(),
      });
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { received, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('entries reach OTLP, Loki and Elasticsearch over real connections, the last ones while the gateway stops', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-forwarding-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const { received, server, url } = await collector();
  const config = await testConfig({ server: { port: 0 } });
  const headers = ['Authorization: Bearer t0ken'];
  const { sinks } = config.logs;
  let host: RuntimeHost | undefined;
  const memory = memoryRuntime({ records: { isEntity: () => false } });
  const runtime = {
    ...memory,
    start: (runtimeHost: RuntimeHost) => {
      host = runtimeHost;
      return memory.start(runtimeHost);
    },
  };
  const gateway = await startGateway({
    config: {
      ...config,
      data_dir: folder,
      logs: {
        ...config.logs,
        sinks: {
          labels: ['site=hall_3'],
          otlp: { url, headers },
          loki: { url, headers },
          elasticsearch: { ...sinks.elasticsearch, url, headers },
        },
      },
    },
    environment: {},
    runtimes: [runtime],
    log: () => undefined,
  });
  host?.record({ timestampNs: 1n, severity: 'error', logger: 'arm.gripper', message: 'Too hot' });
  const health = (await (await fetch(`${gateway.url}/api/v1/health`)).json()) as HealthStatus;
  const states = health['x-medkit-log-sinks'] ?? {};
  assert.deepEqual(Object.keys(states), ['otlp', 'loki', 'elasticsearch']);
  assert.equal(states['loki']?.['queued'], 1);
  assert.doesNotMatch(JSON.stringify(health), /t0ken/);
  await gateway.close();
  server.close();

  assert.deepEqual(received.map(({ path }) => path).sort(), ['/_bulk', '/loki/api/v1/push', '/v1/logs']);
  for (const { token, body } of received) {
    assert.equal(token, 'Bearer t0ken');
    assert.match(body, /Too hot/);
  }
});
