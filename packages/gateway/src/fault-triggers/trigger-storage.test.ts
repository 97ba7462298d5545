import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { systemClock, systemFiles } from '@medkit/edges/node';
import { gatewayDatabase } from '../gateway-database.ts';
import { triggerStorage } from './trigger-storage.ts';

const RULE = {
  appId: 'plc',
  dataName: 'level',
  path: '/value',
  operator: '>=',
  threshold: 0.1,
  faultCode: 'TANK_HIGH',
  severity: 'CRITICAL',
  active: true,
} as const;

it('Q01: rules, their crossed state and their numbers survive a restart; without a rule no file is created', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-rules-'));
  const open = () => {
    const log = (_: string, message: string) => assert.fail(message);
    const database = gatewayDatabase({ path: join(folder, 'gateway.db'), files: systemFiles, clock: systemClock, log });
    return triggerStorage({ database, log, close: () => database.close() });
  };
  try {
    const unused = open();
    assert.deepEqual(await unused.load(), []);
    await unused.close();
    assert.deepEqual(await systemFiles.list(folder), []);

    const first = open();
    assert.deepEqual(await first.add(RULE), { ...RULE, number: 1, crossed: false });
    const gone = await first.add({ ...RULE, faultCode: 'B', active: false });
    await first.setCrossed(1, true);
    await first.remove(gone.number);
    await first.close();

    const second = open();
    assert.deepEqual(await second.load(), [{ ...RULE, number: 1, crossed: true }]);
    assert.equal((await second.add({ ...RULE, faultCode: 'B', active: false })).number, 3);
    assert.deepEqual(
      (await second.load()).map(({ active }) => active),
      [true, false],
    );
    await second.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
