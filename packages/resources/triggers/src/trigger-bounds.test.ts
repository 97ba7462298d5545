import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { EventJournal } from './event-journal.ts';
import type { LiveTrigger } from './live-trigger.ts';
import { memoryRecords } from './testing/memory-records.ts';
import type { TriggerEvent } from './trigger.ts';
import { TriggerLog } from './trigger-log.ts';
import { TriggerRegistry } from './trigger-registry.ts';

const log = (): void => undefined;
const event = (id: number): TriggerEvent => ({ id, timeMs: 0, data: `${id}` });

describe('an owner that uses up the limit of triggers', () => {
  it('loses its oldest terminated trigger, and no other owner loses one', async () => {
    const { records } = memoryRecords();
    const clock = new SimulatedClock();
    const registry = new TriggerRegistry({
      model: { tree: { get: () => undefined } as never },
      records,
      journal: new EventJournal({ records, clock, log }),
      evaluators: { get: () => undefined, names: () => [] },
      clock,
      log,
      maxTriggers: 10,
      begin: async () => undefined,
      end: () => undefined,
    });
    const terminate = async (owner: string): Promise<number> => {
      const trigger = await registry.make({
        entity: { kind: 'app', id: 'arm' },
        resource: '/api/v1/apps/arm/faults',
        collection: 'faults',
        condition: { type: 'OnChange' },
        multishot: false,
        persistent: false,
        owner,
      } as never);
      trigger.endedMs = 0;
      registry.terminated(trigger);
      return trigger.record.number;
    };
    const other = await terminate('user:other');
    const greedy: number[] = [];
    for (let count = 0; count < 1005; count += 1) greedy.push(await terminate('user:greedy'));
    assert.ok(registry.get(other), 'the one of another owner stays');
    assert.equal(registry.get(greedy[5]!), undefined);
    assert.ok(registry.get(greedy[6]!));
    assert.deepEqual(registry.terminatedTriggers.figures(), {
      ...{ held: 1000, capacity: 1000, owners: 2, largest: 999, refused: 6, evicts: true },
    });
    assert.equal(registry.quota.total, 0);
    await registry.close();
  });

  it('loses its oldest events that wait for the disk, and no other owner loses one', async () => {
    const clock = new SimulatedClock();
    const { records, disk } = memoryRecords();
    disk.failing = true;
    const journal = new EventJournal({ records, clock, log });
    const fire = (owner: string, id: number): void => {
      const trigger = { record: { owner, number: id, persistent: false }, condition: {}, gone: false };
      journal.fired(trigger as unknown as LiveTrigger, event(id), () => undefined);
    };
    fire('user:other', 1);
    for (let id = 2; id <= 1011; id += 1) fire('user:greedy', id);
    assert.equal(journal.abandoned, 11);
    const { held, largest, refused } = journal.figures();
    assert.deepEqual([held, largest, refused], [1000, 999, 11]);
    disk.failing = false;
    await clock.advanceAsync(2000, 1000);
    const written = disk.notes.flat().flatMap(({ event }) => event?.id ?? []);
    assert.ok(written.includes(1), 'the one of another owner is written');
    assert.ok(!written.includes(2));
    await journal.close();
  });

  it('loses log entries, while other owners have room', () => {
    const clock = new SimulatedClock();
    let added = 0;
    const logs = {
      add: () => {
        added += 1;
        return new Promise<never>(() => undefined);
      },
    };
    const notes = new TriggerLog({ logs, clock, log } as never);
    const write = (owner: string, id: number): void => {
      const logSettings = { severity: 'info', marker: 'TRIGGER' };
      const record = { owner, number: 1, entity: {}, condition: { type: 'OnChange' }, resource: '', logSettings };
      notes.write(record as never, event(id));
    };
    for (let id = 0; id < 510; id += 1) write('user:greedy', id);
    write('user:other', 1000);
    assert.equal(added, 501);
    assert.deepEqual(notes.quota.figures(), { held: 501, capacity: 1000, owners: 2, largest: 500, refused: 10 });
  });
});
