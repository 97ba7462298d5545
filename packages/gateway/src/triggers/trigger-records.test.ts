import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { systemClock, systemFiles } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import type { TriggerRecord } from '@medkit/triggers';
import { gatewayDatabase } from '../gateway-database.ts';
import { memoryDatabase } from '../testing/memory-database.ts';
import { triggerRecords } from './trigger-records.ts';

const TRIGGER: TriggerRecord = {
  number: 3,
  entity: { kind: 'app', id: 'battery_monitor' },
  resource: '/api/v1/apps/battery_monitor/data/%2Fvoltage',
  collection: 'data',
  item: 'voltage',
  condition: { type: 'OnChangeTo', parameters: { target_value: 2n ** 62n } },
  pointer: '/data',
  protocol: 'webhook',
  webhook: { url: 'https://hooks.example', secret: 'secret' },
  multishot: true,
  persistent: true,
  lifetimeSec: 60,
  expiresMs: 1_774_232_433_000,
  logSettings: { severity: 'info', marker: 'Low' },
};
const PLAIN: TriggerRecord = {
  number: 4,
  entity: { kind: 'area', id: 'hall' },
  resource: '/api/v1/areas/hall/faults',
  collection: 'faults',
  item: '',
  condition: { type: 'OnChange', parameters: {} },
  pointer: '',
  protocol: 'sse',
  multishot: false,
  persistent: true,
};
const event = (id: number, data = `{"n":${id}}`) => ({ id, timeMs: 1000 + id, data });
const silent = () => undefined;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function inMemory(options: Partial<Parameters<typeof triggerRecords>[0]> = {}) {
  const database = memoryDatabase(new SimulatedClock());
  cleanUps.push(() => database.close());
  return { database, records: triggerRecords({ database, log: silent, reset: false, ...options }) };
}

describe('triggers on disk', () => {
  it('are in the database of the gateway, which the first trigger creates, with all their fields', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medkit-triggers-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const open = () => {
      const log = (_: string, message: string) => assert.fail(message);
      const database = gatewayDatabase({
        path: join(folder, 'gateway.db'),
        files: systemFiles,
        clock: systemClock,
        log,
      });
      return { database, records: triggerRecords({ database, log, reset: false }) };
    };
    const unused = open();
    assert.deepEqual(await unused.records.load(), { triggers: [], lastNumber: 0 });
    await unused.records.remove([7]);
    await unused.database.close();
    assert.deepEqual(await systemFiles.list(folder), []);

    const first = open();
    await first.records.add(TRIGGER);
    await first.records.add(PLAIN);
    await first.records.add({ ...PLAIN, number: 9, persistent: false });
    const progress = { lastEventId: 2, gists: { voltage: false, 'pump:force': 2n ** 60n }, endedMs: 5 };
    await first.records.note([
      { record: TRIGGER, event: event(1) },
      { record: TRIGGER, event: event(2), progress },
    ]);
    await first.records.update({ ...TRIGGER, lifetimeSec: 90, expiresMs: 1_774_232_463_000 });
    await first.database.close();

    const second = open();
    const nothingYet = { lastEventId: 0, gists: {} };
    assert.deepEqual(await second.records.load(), {
      triggers: [
        {
          record: { ...TRIGGER, lifetimeSec: 90, expiresMs: 1_774_232_463_000 },
          progress,
          events: [event(1), event(2)],
        },
        { record: PLAIN, progress: nothingYet, events: [] },
      ],
      lastNumber: 9,
    });
    await second.records.remove([3]);
    assert.deepEqual(
      (await second.records.load()).triggers.map(({ record }) => record.number),
      [4],
    );
    await second.database.close();
  });

  it('keep the last hundred events of each trigger, and fewer if these are large', async () => {
    const { records } = inMemory();
    await records.add(TRIGGER);
    await records.add(PLAIN);
    await records.note([{ record: PLAIN, event: event(1) }]);
    for (let id = 1; id <= 130; id++) await records.note([{ record: TRIGGER, event: event(id) }]);
    const stored = async () => (await records.load()).triggers.map(({ events }) => events.map(({ id }) => id));
    const [first = [], other] = await stored();
    assert.deepEqual([first.length, first[0], first.at(-1), other], [100, 31, 130, [1]]);
    for (let id = 131; id <= 134; id++) {
      await records.note([{ record: TRIGGER, event: event(id, 'x'.repeat(400_000)) }]);
    }
    assert.deepEqual((await stored())[0], [133, 134]);
  });

  it('have no event of a trigger that was removed meanwhile, but its webhook still receives the event', async () => {
    const put: string[] = [];
    let woken = 0;
    const { records, database } = inMemory({
      outbox: {
        statements: ({ number }, { id }) => {
          put.push(`${number}/${id}`);
          return [];
        },
        wake: () => {
          woken++;
        },
      },
    });
    await records.add(TRIGGER);
    await records.remove([3]);
    await records.note([{ record: TRIGGER, event: event(1), progress: { lastEventId: 1, gists: {} } }]);
    assert.deepEqual(await (await database.store()).read('SELECT * FROM trigger_events'), []);
    assert.deepEqual([put, woken], [['3/1'], 1]);
    await records.note([{ record: PLAIN, event: event(1) }]);
    assert.equal(woken, 1, 'nobody is woken for nothing');
  });

  it('store an event, the state of the trigger and the webhook message together, or none of them', async () => {
    const statements = () => [{ sql: 'INSERT INTO nowhere VALUES (1)' }];
    const { records } = inMemory({ outbox: { statements, wake: () => assert.fail('nothing is to be sent') } });
    await records.add(TRIGGER);
    const progress = { lastEventId: 1, gists: { voltage: true } };
    assert.ok(await errorOf(records.note([{ record: TRIGGER, event: event(1), progress }])));
    const [stored] = (await records.load()).triggers;
    assert.deepEqual([stored?.events, stored?.progress.lastEventId], [[], 0]);
  });

  it('are removed if the configuration resets them, but their numbers are not reused', async () => {
    const { records, database } = inMemory();
    await records.add(TRIGGER);
    await records.note([{ record: TRIGGER, event: event(1) }]);
    const logged: string[] = [];
    const reset = triggerRecords({ database, log: (_, line) => logged.push(line), reset: true });
    assert.deepEqual(await reset.load(), { triggers: [], lastNumber: 3 });
    assert.deepEqual(await records.load(), { triggers: [], lastNumber: 3 });
    assert.match(logged[0] ?? '', /^1 triggers from before the restart are removed/);
  });

  it('that are damaged are logged and skipped', async () => {
    const logged: string[] = [];
    const { records, database } = inMemory({ log: (_, line) => logged.push(line) });
    await records.add(TRIGGER);
    await records.add(PLAIN);
    const store = await database.store();
    await store.write([{ sql: "UPDATE triggers SET wanted = '{' WHERE number = 3" }]);
    assert.deepEqual(
      (await records.load()).triggers.map(({ record }) => record.number),
      [4],
    );
    assert.match(logged[0] ?? '', /^Trigger 3 on disk is damaged/);
    await store.write([{ sql: "UPDATE triggers SET kind = 'robot' WHERE number = 4" }]);
    assert.deepEqual((await records.load()).triggers, []);
  });
});
