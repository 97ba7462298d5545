import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { openStore } from '@medkit/store';
import type { TriggerRecord } from '@medkit/triggers';
import { GATEWAY_TABLES } from '../../gateway-database.ts';
import { insertTriggerStatement } from '../../triggers/trigger-rows.ts';
import { readTriggerRules, type TriggerSettings } from './trigger-rules.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newSettings(): TriggerSettings {
  const data_dir = mkdtempSync(join(tmpdir(), 'trigger-rules-'));
  folders.push(data_dir);
  return {
    data_dir,
    triggers: { enabled: true, max_triggers: 10, on_restart_behavior: 'restore', storage: { path: '' } },
    fault_triggers: { enabled: true, poll_interval_ms: 1000, storage: { path: '' } },
  };
}

const TRIGGER: TriggerRecord = {
  number: 7,
  entity: { kind: 'app', id: 'battery' },
  resource: '/api/v1/apps/battery/data/voltage',
  collection: 'data',
  item: 'voltage',
  condition: { type: 'OnChange', parameters: {} },
  pointer: '/a',
  protocol: 'sse',
  multishot: false,
  persistent: true,
};

it('reads the stored rules, and counts damaged ones', async () => {
  const settings = newSettings();
  const store = await openStore({
    path: join(settings.data_dir, 'gateway.db'),
    migrations: GATEWAY_TABLES,
    clock: systemClock,
    warn: assert.fail,
  });
  const insert = `INSERT INTO fault_triggers (app_id, data_name, path, operator, threshold, fault_code, severity, active)
                  VALUES ('battery', 'voltage', '', ?, 21, ?, 'ERROR', 1)`;
  await store.write([
    insertTriggerStatement(TRIGGER),
    { sql: insert, parameters: ['<', 'EMPTY'] },
    { sql: insert, parameters: ['~', 'ODD'] },
  ]);
  await store.close();
  const { triggers, faultTriggers, damaged } = await readTriggerRules(settings);
  assert.deepEqual([...triggers], [['trig_7', TRIGGER]]);
  assert.deepEqual(
    [...faultTriggers].map(([id, { faultCode, threshold }]) => [id, faultCode, threshold]),
    [['ftr_1', 'EMPTY', 21]],
  );
  assert.equal(damaged, 1);
});

it('a folder without a database has no rules', async () => {
  const { triggers, faultTriggers, damaged } = await readTriggerRules(newSettings());
  assert.deepEqual([triggers.size, faultTriggers.size, damaged], [0, 0, 0]);
});
