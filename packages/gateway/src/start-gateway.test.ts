import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { memoryRuntime } from '@medkit/core/testing';
import { StartRefused } from './listen.ts';
import { startGateway } from './start-gateway.ts';
import { testConfig } from './testing/test-gateway.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-start-'));
after(() => rmSync(folder, { recursive: true }));
let started = 0;

async function start(changes: Parameters<typeof testConfig>[0], dataFolder = join(folder, String(++started))) {
  const runtime = memoryRuntime();
  const config = { ...(await testConfig(changes)), data_dir: dataFolder };
  const lines: string[] = [];
  const log = (_level: string, line: string) => lines.push(line);
  const gateway = await startGateway({ config, environment: {}, runtimes: [runtime], log });
  return { gateway, runtime, lines };
}

test('a gateway answers as soon as it has started, and leaves nothing running when it is closed', async () => {
  const { gateway, runtime } = await start({ server: { port: 0 } });
  assert.match(gateway.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${gateway.url}/api/v1/health`)).status, 200);
  await gateway.close();
  assert.equal(runtime.running, false);
  await assert.rejects(fetch(`${gateway.url}/api/v1/health`));
});

test('an address that other machines can reach is refused without a token or --insecure', async () => {
  await assert.rejects(start({ server: { host: '0.0.0.0', port: 0 } }), (error) => {
    assert.ok(error instanceof StartRefused);
    assert.match(error.message, /server\.token.*--insecure/);
    return true;
  });
});

test('a gateway whose port is taken leaves no runtime behind', async () => {
  const first = await start({ server: { port: 0 } });
  const port = Number(new URL(first.gateway.url).port);
  const dataFolder = join(folder, 'left');
  await assert.rejects(start({ server: { port } }, dataFolder), /is already in use/);
  await (await start({ server: { port: 0 } }, dataFolder)).gateway.close();
  await first.gateway.close();
});

test('two gateways cannot share a data folder: the second does not start, and names the first', async () => {
  const dataFolder = join(folder, 'shared');
  const first = await start({ server: { port: 0 } }, dataFolder);
  await assert.rejects(start({ server: { port: 0 } }, dataFolder), (error: Error) => {
    assert.ok(error instanceof StartRefused);
    const place = `${dataFolder}/gateway.lock is held by process ${process.pid} on `;
    assert.ok(error.message.startsWith(place), error.message);
    assert.ok(error.message.includes(` at ${first.gateway.url}, since 20`), error.message);
    assert.match(error.message, /; stop that process, or choose another --data-dir$/);
    return true;
  });
  assert.equal((await fetch(`${first.gateway.url}/api/v1/health`)).status, 200);
  await first.gateway.close();
  await (await start({ server: { port: 0 } }, dataFolder)).gateway.close();
});

test('the audit log is opened at the start, unless requests are not audited', async () => {
  for (const requests of ['on', 'off']) {
    const dataFolder = join(folder, `audited-${requests}`);
    const { gateway } = await start({ server: { port: 0 }, audit: { requests } }, dataFolder);
    await gateway.close();
    assert.equal(existsSync(join(dataFolder, 'fault_audit.db')), requests === 'on');
  }
});

test('a gateway starts with a warning if the lock of its data folder cannot be created', async () => {
  const dataFolder = join(folder, 'odd');
  mkdirSync(join(dataFolder, 'gateway.lock'), { recursive: true });
  const { gateway, lines } = await start({ server: { port: 0 } }, dataFolder);
  await gateway.close();
  assert.match(lines.join(), /cannot check whether another gateway uses .*\/odd: /);
});
