import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, it } from 'node:test';
import { callContext, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { systemClock, systemFiles } from '@medkit/edges/node';
import type { GatewayConfig } from '../config/index.ts';
import { memoryDatabase } from '../testing/memory-database.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { gatewayTriggers } from './gateway-triggers.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Starts a gateway in this folder, returns the ids of its triggers, and creates one more. */
async function lifeIn(folder: string, triggers: Partial<GatewayConfig['triggers']>) {
  const clock = systemClock;
  const lines: string[] = [];
  const log = (_: string, line: string) => void lines.push(line);
  const config = { ...(await testConfig({ triggers })), data_dir: folder };
  const model = await openModel({ runtimes: [memoryRuntime({ apps: [app('pump')] })], clock, log });
  const opened = await gatewayTriggers({
    config,
    model,
    clock,
    storage: systemFiles,
    database: memoryDatabase(clock),
    data: { assertItem: async () => undefined },
    logs: { add: async () => undefined },
    webhooks: undefined,
    evaluators: { get: () => undefined, names: () => [] },
    log,
  });
  const { items } = await opened.service.list('app', 'pump');
  const wanted = { resource: '/api/v1/apps/pump/faults', trigger_condition: { condition_type: 'OnChange' } };
  await opened.service.create('app', 'pump', { ...wanted, persistent: true }, callContext({ clock, timeoutMs: 5000 }));
  await opened.close();
  await model.close();
  return { ids: items.map(({ id }) => id), lines };
}

it('triggers in a separate file continue after a restart, unless the configuration resets them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-triggers-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const storage = { path: 'rules/triggers.db' };
  assert.deepEqual((await lifeIn(folder, { storage })).ids, []);
  assert.deepEqual((await lifeIn(folder, { storage })).ids, ['trig_1']);
  const unsure = await lifeIn(folder, { storage, on_restart_behavior: 'keep' });
  assert.deepEqual(unsure.ids, ['trig_1', 'trig_2']);
  assert.match(unsure.lines[0] ?? '', /"keep" is neither restore nor reset, restore is used/);
  assert.deepEqual((await lifeIn(folder, { storage, on_restart_behavior: 'reset' })).ids, []);
  assert.deepEqual((await lifeIn(folder, { storage })).ids, ['trig_4'], 'no number is given twice');
  assert.deepEqual((await lifeIn(folder, { storage: { path: ':memory:' } })).ids, []);
});
