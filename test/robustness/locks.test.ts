import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProgram } from '../harness/program.ts';

const KILLS = 3;
const NAVIGATION = '/api/v1/components/navigation/locks';
const DRIVER = '/api/v1/apps/driver/locks';

test('a granted lock survives kill -9, and its number is not reused', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-locks-'));
  const start = async () => {
    const program = startProgram([folder], { script: join(import.meta.dirname, 'lock-gateway.ts') });
    const [, url = ''] = await program.printed(/listening (\S+)/);
    const ask = async (method: string, path: string, client: string, body?: object) => {
      const headers = { 'content-type': 'application/json', 'x-client-id': client };
      const reply = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    return { program, ask };
  };
  const request = { lock_expiration: 300, scopes: ['configurations'] };
  try {
    const first = await start();
    const granted = await first.ask('POST', NAVIGATION, 'alice', request);
    assert.equal(granted.status, 201);
    let last = 1;
    let life = first;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { status, body } = await life.ask('POST', DRIVER, 'alice', { lock_expiration: 300, break_lock: kill > 0 });
      assert.deepEqual([status, body.id], [201, `lock_${last + 1}`]);
      last += 1;
      assert.equal(await life.program.end('SIGKILL'), 'SIGKILL');
      life = await start();
      assert.deepEqual((await life.ask('GET', NAVIGATION, 'alice')).body, { items: [granted.body] });
      assert.deepEqual((await life.ask('GET', DRIVER, 'bob')).body.items[0].id, `lock_${last}`);
      const closed = await life.ask('PUT', '/api/v1/apps/planner/configurations/rate', 'bob', { data: 1 });
      assert.deepEqual([closed.status, closed.body.error_code], [409, 'lock-broken']);
    }
    assert.equal((await life.ask('DELETE', `${NAVIGATION}/lock_1`, 'alice')).status, 204);
    assert.equal(await life.program.end('SIGKILL'), 'SIGKILL');
    life = await start();
    assert.deepEqual((await life.ask('GET', NAVIGATION, 'alice')).body, { items: [] });
    await life.program.end('SIGKILL');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
