import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultEventQuery } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Migration, memoryStore } from '@medkit/store';
import type { NearMiss } from '../near-misses/near-miss.ts';
import { faultStore, robotFaults } from '../testing/robot-faults.ts';
import { faultStorage } from './fault-storage.ts';
import { FAULT_TABLES } from './fault-tables.ts';

const nearMiss = (counter: number, faultCode = 'F1'): NearMiss => ({
  faultCode,
  occurredAtNs: 1_735_312_456_123_456_789n,
  counter,
  confirmationThreshold: -20,
  severity: 2,
  source: '/source',
  resultingStatus: 'PREFAILED',
});

/** A storage with the near misses −1, −2 … of each code, written with this bound. */
async function withSeries(bound: number, length: number, codes: readonly string[] = ['F1']) {
  const store = faultStore(new SimulatedClock());
  const storage = faultStorage(store, bound);
  for (const code of codes) {
    for (let index = 1; index <= length; index += 1) {
      await storage.save({ faults: [], nearMisses: [nearMiss(-index, code)] });
    }
  }
  const counters = async (of = faultStorage(store, bound), code = 'F1') =>
    (await of.nearMisses(code)).map(({ counter }) => counter);
  return { store, storage, counters };
}

describe('storage of near misses', () => {
  it('N01, L36: returns what was written', async () => {
    const { storage } = await withSeries(200, 1);
    await storage.save({ faults: [], nearMisses: [{ ...nearMiss(-2), runtime: 'ros2' }] });
    assert.deepEqual(await storage.nearMisses('F1'), [nearMiss(-1), { ...nearMiss(-2), runtime: 'ros2' }]);
  });

  it('N10, P04: stores the newest of each code, or all', async () => {
    const two = await withSeries(3, 5, ['F1', 'F2']);
    assert.deepEqual(await two.counters(), [-3, -4, -5]);
    assert.deepEqual(await two.counters(two.storage, 'F2'), [-3, -4, -5]);
    assert.deepEqual(await (await withSeries(1, 3)).counters(), [-3]);
    assert.equal((await (await withSeries(0, 150)).counters()).length, 150);
  });

  it('reads a series that is longer than one read of the store', async () => {
    const { storage, counters } = await withSeries(0, 0);
    await storage.save({ faults: [], nearMisses: Array.from({ length: 2001 }, (_, index) => nearMiss(-index)) });
    assert.equal((await counters()).length, 2001);
  });

  it('N13: preserves their order, also if the clock was set back', async () => {
    const robot = await robotFaults({
      configuration: { confirmation_threshold: -20, 'near_miss.max_per_fault': 2 },
    });
    await robot.fail();
    await robot.fail();
    robot.clock.stepWall(-3_600_000);
    await robot.fail();
    const series = await robot.manager.nearMisses('F1');
    assert.deepEqual(
      series.map(({ counter }) => counter),
      [-2, -3],
    );
    assert.ok(series[1].occurredAtNs < series[0].occurredAtNs);
  });

  it('N15, N16: a smaller bound trims all series together, a larger one none', async () => {
    const { store, counters } = await withSeries(0, 5, ['F1', 'F2']);
    const bounded = faultStorage(store, 2);
    assert.equal(await bounded.trimNearMisses(), 6);
    assert.deepEqual(
      [await counters(bounded), await counters(bounded, 'F2')],
      [
        [-4, -5],
        [-4, -5],
      ],
    );
    assert.equal(await bounded.trimNearMisses(), 0);
    assert.equal(await faultStorage(store, 0).trimNearMisses(), 0);
  });

  it('N15: a manager that starts with a smaller bound reports what was removed', async () => {
    const { store } = await withSeries(0, 5);
    const { notices } = await robotFaults({ store, configuration: { 'near_miss.max_per_fault': 2 } });
    assert.match(notices[0].text, /^near_miss\.max_per_fault: 3 near misses/);
  });

  it('N03, N05: survive a clear and a restart, and continue', async () => {
    const configuration = { confirmation_threshold: -20 };
    const first = await robotFaults({ configuration });
    await first.fail();
    await first.fail();
    const second = await robotFaults({ configuration, store: first.store, clock: first.clock });
    await second.fail();
    await second.manager.clear('F1', { cascade: false });
    const counters = (await second.manager.nearMisses('F1')).map(({ counter }) => counter);
    assert.deepEqual(counters, [-1, -2, -3]);
  });

  it('N18: an unknown code has none', async () => {
    assert.deepEqual(await (await withSeries(200, 1)).storage.nearMisses('F9'), []);
  });
});

describe('fault events of some types', () => {
  it('are found by type, the first after a number or the last', async () => {
    const robot = await robotFaults({ configuration: { healing_enabled: true, healing_threshold: 0 } });
    for (const act of [robot.fail, robot.fail, robot.pass, robot.fail]) await act();
    await robot.manager.clear('F1', { cascade: false });
    const ids = async (query: FaultEventQuery) => {
      const { events, oldestId, newestId } = await robot.manager.eventsOf(query);
      assert.deepEqual([oldestId, newestId], [1, 5]);
      return events.map(({ id, type, fault }) => `${id} ${type} ${fault.status}`);
    };
    assert.deepEqual(await ids({ types: ['fault_healed'], limit: 9 }), ['3 fault_cleared HEALED']);
    assert.deepEqual(await ids({ types: ['fault_cleared'], limit: 1 }), ['5 fault_cleared CLEARED']);
    const types = ['fault_confirmed', 'fault_healed'] as const;
    assert.deepEqual(await ids({ types, limit: 2 }), ['3 fault_cleared HEALED', '4 fault_confirmed CONFIRMED']);
    assert.deepEqual(await ids({ types, limit: 1, after: 1 }), ['3 fault_cleared HEALED']);
    assert.deepEqual(await ids({ types: [], limit: 9 }), []);
  });

  it('of an earlier release lack later fields', async () => {
    const { store, manager } = await robotFaults();
    const old = { code: 'OLD', status: 'HEALED', firstOccurredNs: '1', lastOccurredNs: '2', lastPassedNs: '3' };
    const payload = JSON.stringify({ fault: { ...old, confirmedAtNs: '1' }, autoClearedCodes: [] });
    await store.write([], { events: [{ timeNs: 1n, type: 'fault_cleared', payload }] });
    const [event] = (await manager.eventsAfter(0, 1)).events;
    assert.deepEqual([event?.fault.healedAtNs, event?.fault.clearedAtNs, event?.fault.clearedBy], [0n, 0n, '']);
  });
});

describe('the addresses of the reporters of a fault', () => {
  it('are those of the reports, survive a restart, and are in every event', async () => {
    const first = await robotFaults({ configuration: { confirmation_threshold: -2 } });
    await first.fail({ source: '/motor', runtime: 'ros2' });
    await first.fail({ source: '/arm' });
    const reporters = [{ runtime: 'ros2', source: '/motor' }];
    assert.deepEqual(first.manager.get('F1')?.reporters, reporters);
    assert.deepEqual(await first.manager.nearMisses('F1'), [
      { ...(await first.manager.nearMisses('F1'))[0], source: '/motor', runtime: 'ros2' },
    ]);
    const second = await robotFaults({ store: first.store, clock: first.clock });
    assert.deepEqual(second.manager.get('F1'), first.manager.get('F1'));
    await second.fail({ source: '/motor', runtime: 'other' });
    const { events } = await second.manager.eventsAfter(0, 9);
    assert.deepEqual(
      events.map(({ fault }) => [fault.sources, fault.reporters]),
      [
        [['/arm', '/motor'], reporters],
        [
          ['/arm', '/motor'],
          [...reporters, { runtime: 'other', source: '/motor' }],
        ],
      ],
    );
  });

  it('are absent if they cannot be read: the fault stays', async () => {
    const robot = await robotFaults();
    await robot.fail({ runtime: 'ros2' });
    for (const damaged of ['', '[', '{}', '[1, null, {}, {"runtime": 1, "source": "/a"}]']) {
      await robot.store.write([{ sql: 'UPDATE faults SET reporters = ?', parameters: [damaged] }]);
      const [fault] = (await faultStorage(robot.store, 200).faults()).faults;
      assert.deepEqual([fault?.sources, fault?.reporters], [['/source'], undefined], damaged);
    }
  });
});

describe('a database of ros2_medkit', () => {
  /** The tables of an early release, with a row each. */
  const OLD: Migration = [
    `CREATE TABLE faults (fault_code TEXT PRIMARY KEY, severity INT, description TEXT, first_occurred_ns INT,
       last_occurred_ns INT, occurrence_count INT, status TEXT, reporting_sources TEXT, debounce_counter INT DEFAULT 0,
       last_failed_ns INT DEFAULT 0, last_passed_ns INT DEFAULT 0)`,
    `INSERT INTO faults VALUES ('OLD', 2, 'text', 100, 900, 3, 'CONFIRMED', '["/a","/b"]', -1, 500, 900)`,
    `CREATE TABLE snapshots (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT, topic TEXT, message_type TEXT,
       data TEXT, captured_at_ns INT)`,
    `INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns) VALUES ('OLD', '/t', 'x', '{}', 1)`,
    `CREATE TABLE near_misses (id INTEGER PRIMARY KEY AUTOINCREMENT, fault_code TEXT, occurred_at_ns INT,
       debounce_counter INT, confirmation_threshold INT, severity INT, source_id TEXT)`,
    `INSERT INTO near_misses VALUES (1, 'OLD', 50, -1, -3, 2, '/a')`,
  ];
  const oldStore = () =>
    memoryStore({ clock: new SimulatedClock(), migrations: { ros2_medkit: [OLD], ...FAULT_TABLES } });

  it('L34, L38: is opened and repaired', async () => {
    const [fault] = (await faultStorage(oldStore(), 200).faults()).faults;
    assert.deepEqual(fault, {
      code: 'OLD',
      severity: 2,
      description: 'text',
      status: 'CONFIRMED',
      counter: -1,
      occurrenceCount: 3,
      sources: ['/a', '/b'],
      firstOccurredNs: 100n,
      lastOccurredNs: 500n,
      lastPassedNs: 900n,
      confirmedAtNs: 0n,
      healedAtNs: 0n,
      clearedAtNs: 0n,
      clearedBy: '',
    });
  });

  it('L34, N11: is continued, with fields that old rows lack left empty', async () => {
    const robot = await robotFaults({ store: oldStore(), configuration: { confirmation_threshold: -3 } });
    await robot.manager.clear('OLD', { cascade: false });
    await robot.fail({ code: 'OLD' });
    const series = await robot.manager.nearMisses('OLD');
    assert.deepEqual(
      series.map(({ resultingStatus }) => resultingStatus),
      ['', 'PREFAILED'],
    );
    assert.equal(robot.manager.get('OLD')?.occurrenceCount, 4);
  });

  it('S05: loses the snapshots of a cleared fault, and no others', async () => {
    const store = oldStore();
    const robot = await robotFaults({ store });
    await store.write([
      {
        sql: `INSERT INTO snapshots (fault_code, topic, message_type, data, captured_at_ns) VALUES ('F1', '/t', 'x', '{}', 1)`,
      },
    ]);
    await robot.manager.clear('OLD', { cascade: false });
    const remaining = (await store.read('SELECT fault_code FROM snapshots')).map(({ fault_code }) => fault_code);
    assert.deepEqual(remaining, ['F1']);
  });

  it('skips rows that no release can have written, and names them', async () => {
    const store = oldStore();
    const first = await robotFaults({ store });
    await first.fail({ code: 'GOOD' });
    await first.fail({ code: 'WORSE' });
    await store.write([
      { sql: "UPDATE faults SET status = 'ODD' WHERE fault_code = 'OLD'" },
      { sql: "UPDATE faults SET reporting_sources = '/a' WHERE fault_code = 'WORSE'" },
    ]);
    const robot = await robotFaults({ store });
    assert.deepEqual(
      robot.notices.map(({ text }) => text),
      [
        'fault OLD has the unknown status ODD: it is ignored until it is reported again',
        'fault WORSE has no list of sources: it is ignored until it is reported again',
      ],
    );
    await robot.fail({ code: 'OLD' });
    assert.deepEqual(
      robot.manager.list({}).faults.map(({ code }) => code),
      ['GOOD', 'OLD'],
    );
  });
});

describe('the log of fault events', () => {
  it('is read without other events', async () => {
    const robot = await robotFaults();
    await robot.fail();
    await robot.store.write([], { events: [{ timeNs: 1n, type: 'other', payload: 'not JSON' }] });
    await robot.manager.clear('F1', { cascade: false });
    const { events, newestId } = await robot.manager.eventsAfter(0, 10);
    assert.deepEqual(events, robot.events);
    assert.equal(newestId, 3);
  });
});
