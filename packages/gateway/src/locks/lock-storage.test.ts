import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { systemClock, systemFiles } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Lock } from '@medkit/locks';
import { gatewayDatabase } from '../gateway-database.ts';
import { memoryDatabase } from '../testing/memory-database.ts';
import { lockStorage } from './lock-storage.ts';

const LOCK: Lock = {
  number: 1,
  entity: { kind: 'component', id: 'navigation' },
  clientId: 'engineer-alice',
  principal: 'server.token',
  scopes: ['configurations', 'data'],
  breakable: false,
  seconds: 300,
  acquiredMs: 1_774_232_133_000,
  expiresMs: 1_774_232_433_000,
};

it('locks are stored in the database of the gateway, which is created with the first one and remembers the last number', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-locks-'));
  const open = () => {
    const log = (_: string, message: string) => assert.fail(message);
    const database = gatewayDatabase({ path: join(folder, 'gateway.db'), files: systemFiles, clock: systemClock, log });
    return { database, storage: lockStorage(database, log) };
  };
  try {
    const unused = open();
    assert.deepEqual(await unused.storage.load(), { locks: [], lastNumber: 0 });
    await unused.database.close();
    assert.deepEqual(await systemFiles.list(folder), []);

    const first = open();
    await first.storage.write({ put: [LOCK, { ...LOCK, number: 2, scopes: [], breakable: true }] });
    await first.storage.write({ put: [{ ...LOCK, seconds: 600 }], remove: [2] });
    await first.database.close();

    const second = open();
    assert.deepEqual(await second.storage.load(), { locks: [{ ...LOCK, seconds: 600 }], lastNumber: 2 });
    await second.database.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('locks of a database without acquisition times can be read', async () => {
  const database = memoryDatabase(new SimulatedClock());
  const storage = lockStorage(database, (_, message) => assert.fail(message));
  await storage.write({ put: [LOCK] });
  await (await database.store()).write([{ sql: 'UPDATE locks SET acquired_ms = NULL' }]);
  assert.deepEqual((await storage.load()).locks, [{ ...LOCK, acquiredMs: undefined }]);
  await database.close();
});

it('locks of a database without principals have none', async () => {
  const database = memoryDatabase(new SimulatedClock());
  const storage = lockStorage(database, (_, message) => assert.fail(message));
  const { principal: _, ...unnamed } = LOCK;
  await storage.write({ put: [unnamed] });
  assert.deepEqual((await storage.load()).locks, [unnamed]);
  await database.close();
});

it('an invalid row is named and left out', async () => {
  const database = memoryDatabase(new SimulatedClock());
  const logged: string[] = [];
  const storage = lockStorage(database, (_, message) => logged.push(message));
  await storage.write({ put: [LOCK, { ...LOCK, number: 2 }] });
  await (await database.store()).write([{ sql: "UPDATE locks SET kind = 'robot' WHERE number = 2" }]);
  assert.deepEqual((await storage.load()).locks, [LOCK]);
  assert.deepEqual(logged, ['Lock 2 on disk is damaged and is skipped']);
  await database.close();
});

it('a failure of the store is reported with a message that clients may see', async () => {
  const database = memoryDatabase(new SimulatedClock());
  await database.close();
  await assert.rejects(lockStorage(database, () => undefined).write({ put: [LOCK] }), {
    code: 'service-unavailable',
    message: 'the store in memory is closed',
  });
});
