import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { FLEET_TABLES, openFleet } from '@medkit/fleet';
import type { Store } from '@medkit/store';
import { postgresStore } from '@medkit/store/postgres';
import { helloOf } from '../../packages/resources/fleet/src/testing/fleet-stage.ts';
import { robotLog } from '../../packages/resources/fleet/src/testing/robot-log.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const ADDRESS = '203.0.113.7';
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 31, 23);

interface Archived {
  readonly id: number;
  readonly seq: number;
  readonly body: object;
}

describe('the events of a fleet in partitions', { skip: missingSystemPackages('postgres') }, () => {
  let server: Postgres;
  let opened = 0;
  const stores: Store[] = [];
  before(async () => {
    server = await startPostgres();
  });
  after(async () => {
    for (const store of stores) await store.close();
    await server?.[Symbol.asyncDispose]();
  });

  const openStore = async (schema: string, migrations = FLEET_TABLES): Promise<Store> => {
    const store = await postgresStore({
      url: server.url,
      schema,
      migrations,
      clock: systemClock,
      warn: () => undefined,
    });
    stores.push(store);
    return store;
  };
  /** A hub with one robot that can store events; its archive is `files`. */
  const hub = async (clock: SimulatedClock, store: Store, archive?: (name: string) => void) => {
    const files = new Map<string, readonly Archived[]>();
    const fleet = await openFleet({
      ...{ store, clock, random: seededRandom(5), secret: new Uint8Array(32).fill(7), log: () => undefined },
      hasPartitions: true,
      archive: {
        removeBefore: async () => undefined,
        store: async (name, lines) => {
          archive?.(name);
          const archived: Archived[] = [];
          for await (const line of lines) archived.push(JSON.parse(line));
          files.set(name, archived);
        },
      },
    });
    const known = await fleet.robot('amr');
    if (!known) {
      const { code } = await fleet.invite({ robot: 'amr', auto_approve: true }, 'ada');
      await fleet.record({ address: ADDRESS }).enrol('KEY', { v: [1], enrol: code, machine: { name: 'amr' } });
    }
    const log = robotLog('log-1');
    const session = await fleet.connected('amr', { hello: helloOf(), address: ADDRESS });
    const epoch = 'epoch' in session ? session.epoch : assert.fail(JSON.stringify(session));
    await fleet.storeState('amr', epoch, log.state());
    const add = async (count = 1, from = log) => {
      const after = from.lines.length;
      for (let more = 0; more < count; more += 1) from.fault(`F${more}`, 'confirmed');
      const parts = [{ robot: 'amr', epoch, log: 'log-1', after, records: from.after(after) }];
      assert.equal((await fleet.ingest(parts)).get('amr'), 'stored');
    };
    return { fleet, add, log, epoch, files };
  };
  /** Numbers of the events in each table. */
  const tables = (schema: string): Record<string, string> =>
    Object.fromEntries(
      server
        .psql(
          `SELECT tableoid::regclass, string_agg(seq::text, ' ' ORDER BY id) FROM ${schema}.fleet_events GROUP BY 1`,
        )
        .split('\n')
        .filter(Boolean)
        .map((line) => line.replace(`${schema}.fleet_events_`, '').split('|')),
    );
  const partitions = (schema: string): readonly string[] =>
    server
      .psql(
        `SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '${schema}.fleet_events'::regclass ORDER BY 1`,
      )
      .split('\n')
      .map((name) => name.replace(`${schema}.fleet_events_`, ''))
      .sort();
  const newSchema = (): string => `parts_${++opened}`;

  it('are in the month of their receipt, whose partitions exist two months ahead', async () => {
    const schema = newSchema();
    const clock = new SimulatedClock({ epochMs: START_MS });
    const { fleet, add } = await hub(clock, await openStore(schema));
    assert.deepEqual(partitions(schema), ['default', 'y2026m01', 'y2026m02', 'y2026m03']);
    await add(2);
    clock.stepWall(2 * 3_600_000);
    await add();
    assert.deepEqual(tables(schema), { y2026m01: '1 2', y2026m02: '3' });
    await fleet.tidy();
    assert.ok(partitions(schema).includes('y2026m04'));
    assert.equal(fleet.partitionProblem(), undefined);
    fleet.close();
  });

  it('are archived and dropped with their whole month, and an archive that failed is written again', async () => {
    const schema = newSchema();
    const clock = new SimulatedClock({ epochMs: START_MS });
    let isFull = true;
    const store = await openStore(schema);
    const { fleet, add, files } = await hub(clock, store, () => {
      if (isFull) throw new Error('the disk is full');
    });
    await add(3);
    clock.stepWall(2 * DAY_MS);
    await add();
    clock.stepWall(88 * DAY_MS);
    await fleet.tidy();
    assert.equal(tables(schema)['y2026m01'], '1 2 3', 'the last hour of the month is not 90 days old');
    clock.stepWall(2 * DAY_MS);
    await add();
    await assert.rejects(fleet.tidy(), /the disk is full/);
    // The events of a partition that is about to be removed are in its table.
    assert.equal(server.psql(`SELECT count(*) FROM ${schema}.fleet_events_y2026m01`), '3');
    isFull = false;
    await fleet.tidy();
    assert.deepEqual(
      [...files].map(([name, lines]) => [name, lines.map(({ seq }) => seq)]),
      [['events-1-3.ndjson', [1, 2, 3]]],
    );
    assert.deepEqual(tables(schema), { y2026m02: '4', y2026m05: '5' });
    assert.ok(!partitions(schema).includes('y2026m01'));
    assert.throws(() => server.psql(`SELECT 1 FROM ${schema}.fleet_events_y2026m01`), /does not exist/);
    fleet.close();
  });

  it('are in the default partition if a clock jumps, which is a warning, and none is lost', async () => {
    const schema = newSchema();
    const clock = new SimulatedClock({ epochMs: START_MS });
    const { fleet, add, files } = await hub(clock, await openStore(schema));
    await add();
    clock.stepWall(400 * DAY_MS);
    await add();
    clock.stepWall(-800 * DAY_MS);
    await add();
    clock.stepWall(400 * DAY_MS);
    assert.deepEqual(tables(schema), { default: '2 3', y2026m01: '1' });
    await fleet.tidy();
    assert.match(fleet.partitionProblem() ?? '', /the clock of this hub was wrong/);
    // The event that seems old is archived; the future event stays until its month.
    assert.deepEqual(
      [...files.values()].flat().map(({ seq }) => seq),
      [3],
    );
    assert.deepEqual(tables(schema), { default: '2', y2026m01: '1' });
    clock.stepWall(400 * DAY_MS);
    await fleet.tidy();
    assert.equal(tables(schema)['y2027m03'], '2');
    assert.equal(fleet.partitionProblem(), undefined);
    assert.deepEqual(
      [...files.values()]
        .flat()
        .map(({ seq }) => seq)
        .sort(),
      [1, 3],
    );
    fleet.close();
  });

  it('return to the table if the clock goes back before their month is archived', async () => {
    const schema = newSchema();
    const clock = new SimulatedClock({ epochMs: START_MS });
    const { fleet, add } = await hub(clock, await openStore(schema), () => {
      throw new Error('the disk is full');
    });
    await add(2);
    clock.stepWall(200 * DAY_MS);
    await assert.rejects(fleet.tidy(), /the disk is full/);
    clock.stepWall(-200 * DAY_MS);
    await add();
    assert.deepEqual(tables(schema), { default: '3' });
    await fleet.tidy();
    assert.deepEqual(tables(schema), { y2026m01: '1 2 3' });
    fleet.close();
  });

  it('have a bounded number of partitions, whatever the clock does', async () => {
    const schema = newSchema();
    const clock = new SimulatedClock({ epochMs: START_MS });
    const { fleet, add } = await hub(clock, await openStore(schema));
    // From late to early: retention removes the partitions before the month of the clock.
    for (let jump = 30; jump > 0; jump -= 1) {
      clock.stepWall(95 * DAY_MS * jump);
      await fleet.tidy();
      clock.stepWall(-95 * DAY_MS * jump);
    }
    assert.equal(partitions(schema).length, 81);
    await add();
    await fleet.tidy();
    assert.match(fleet.partitionProblem() ?? '', /there are 80 partitions, and at most 80/);
    assert.deepEqual(tables(schema), { default: '1' });
    fleet.close();
  });

  it('are stored once if a log begins again at another time', async () => {
    const schema = newSchema();
    const clock = new SimulatedClock({ epochMs: START_MS });
    const { fleet, add, log, epoch } = await hub(clock, await openStore(schema));
    await add(3);
    clock.stepWall(40 * DAY_MS);
    await fleet.storeState('amr', epoch, { ...log.state(), log: 'log-2' });
    log.fault('NEW', 'confirmed');
    const parts = [{ robot: 'amr', epoch, log: 'log-2', after: 0, records: log.after(0) }];
    assert.equal((await fleet.ingest(parts)).get('amr'), 'stored');
    assert.deepEqual(tables(schema), { y2026m01: '1 2 3', y2026m03: '4' });
    fleet.close();
  });

  it('of a database without partitions are moved into them, and their numbers continue', async () => {
    const schema = newSchema();
    const { fleet_partitions: _, ...earlier } = FLEET_TABLES;
    const before = await openStore(schema, earlier);
    const times = [START_MS - 200 * DAY_MS, START_MS - 40 * DAY_MS, START_MS - 1000, START_MS, START_MS + 400 * DAY_MS];
    await before.write(
      times.map((ms, index) => ({
        sql: `INSERT INTO fleet_events (robot, seq, hash, kind, boot, robot_ms, at_ms, got_ms, body)
              VALUES (1, ?, zeroblob(16), 'fault', 1, 1, 1, ?, '{}')`,
        parameters: [100 + index, ms],
      })),
    );
    await before.write([{ sql: 'DELETE FROM fleet_events WHERE seq = 104' }]);
    await before.close();
    const { fleet, add } = await hub(new SimulatedClock({ epochMs: START_MS }), await openStore(schema));
    assert.deepEqual(tables(schema), { default: '100', y2025m12: '101', y2026m01: '102 103' });
    await add();
    const [[first]] = [
      server.psql(`SELECT string_agg(id || ':' || seq, ' ' ORDER BY id) FROM ${schema}.fleet_events`).split('\n'),
    ];
    assert.equal(first, '1:100 2:101 3:102 4:103 6:1');
    fleet.close();
  });
});
