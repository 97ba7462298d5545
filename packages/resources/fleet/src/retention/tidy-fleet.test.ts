import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLEET_RETENTION } from '@medkit/contract';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { robotLog } from '../testing/robot-log.ts';
import { tidyFleet } from './tidy-fleet.ts';

const DAY_MS = 86_400_000;

/** A hub with robots that can store events. */
async function robots(...names: readonly string[]) {
  const stage = await fleetStage();
  const { fleet, store } = stage;
  const logs = new Map(names.map((name) => [name, robotLog(name)]));
  for (const [name, log] of logs) {
    await stage.robot(name, `K-${name}`);
    await fleet.connected(name, { hello: helloOf(), address: ADDRESS });
    await fleet.storeState(name, 1, log.state());
  }
  const add = async (name: string, count: number) => {
    const log = logs.get(name)!;
    const after = log.lines.length;
    for (let more = 0; more < count; more += 1) log.fault(`F${more}`, 'confirmed');
    await fleet.ingest([{ robot: name, epoch: 1, log: name, after, records: log.after(after) }]);
  };
  const events = async () =>
    (
      await store.read(
        'SELECT r.name, min(e.seq) AS first, count(*) AS n FROM fleet_events e JOIN fleet_robots r ON r.id = e.robot GROUP BY r.name',
      )
    ).map(({ name, first, n }) => [name, first, n]);
  const tidied = { store, clock: stage.clock, retention: FLEET_RETENTION };
  return { ...stage, add, events, tidied };
}

describe('retention', () => {
  it('removes old events, invitations, changes of presence and notes each hour', async () => {
    const { add, events, fleet, clock, store } = await robots('amr');
    await add('amr', 2);
    await fleet.disconnected('amr', 1, 'the network is lost');
    await fleet.tidy();
    assert.deepEqual([await events(), (await fleet.invitations()).length], [[['amr', 1, 2]], 1]);
    clock.advance(397 * DAY_MS);
    await add('amr', 1);
    await fleet.tidy();
    assert.deepEqual([await events(), await fleet.invitations()], [[['amr', 3, 1]], []]);
    assert.deepEqual(await store.read('SELECT id FROM fleet_presence'), []);
    fleet.close();
  });

  it('archives events before it removes them, and removes none that cannot be archived', async () => {
    const { add, events, fleet, clock, tidied } = await robots('amr');
    // Ends the retention of the stage, which has no archive.
    fleet.close();
    await add('amr', 120);
    clock.advance(91 * DAY_MS);
    await add('amr', 1);
    const removedBefore: number[] = [];
    const removeBefore = async (ms: number) => void removedBefore.push(ms);
    const full = {
      removeBefore,
      store: async () => {
        throw new Error('the disk is full');
      },
    };
    await assert.rejects(tidyFleet({ ...tidied, archive: full }), /the disk is full/);
    assert.deepEqual(await events(), [['amr', 1, 121]]);
    const old = Math.floor(clock.wallMs()) - 396 * DAY_MS;
    assert.deepEqual(removedBefore, [old], 'old files make room for new ones');
    const files = new Map<string, readonly { readonly seq: number; readonly robot: string; readonly body: object }[]>();
    const archive = {
      removeBefore,
      store: async (name: string, lines: AsyncIterable<string>) => {
        const archived = [];
        for await (const line of lines) archived.push(JSON.parse(line));
        files.set(name, archived);
      },
    };
    await tidyFleet({ ...tidied, archive });
    assert.deepEqual(await events(), [['amr', 121, 1]]);
    const [[name, lines]] = [...files];
    assert.equal(name, 'events-1-120.ndjson');
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      Array.from({ length: 120 }, (_, at) => at + 1),
    );
    assert.deepEqual([lines[0]?.robot, Object.keys(lines[0]?.body ?? {}).length > 0], ['amr', true]);
  });

  it('removes each kind after its days', async () => {
    const { add, events, fleet, clock, store, tidied } = await robots('amr');
    fleet.close();
    await add('amr', 2);
    await fleet.disconnected('amr', 1, 'the network is lost');
    clock.advance(9 * DAY_MS);
    const left = async (changes: Partial<typeof FLEET_RETENTION>) => {
      await tidyFleet({ ...tidied, retention: { ...FLEET_RETENTION, ...changes } });
      const [{ n: presence }] = await store.read('SELECT count(*) AS n FROM fleet_presence');
      return [(await events()).length, presence, (await fleet.invitations()).length];
    };
    assert.deepEqual(await left({ events_days: 10 }), [1, 2, 1]);
    assert.deepEqual(await left({ events_days: 8 }), [0, 2, 1]);
    assert.deepEqual(await left({ presence_days: 8 }), [0, 0, 1]);
    assert.deepEqual(await left({ ended_days: 1 }), [0, 0, 0]);
  });

  it('removes announced absences that are old or too many, and none that is open', async () => {
    const { store, clock, tidied } = await robots();
    const row = (began: number, ended: number | null) => ({
      sql: `INSERT INTO fleet_absences (robot, began_ms, reason, about, ended_ms) VALUES (1, ?, 'park', 'parked', ?)`,
      parameters: [began, ended],
    });
    const now = Math.floor(clock.wallMs());
    await store.write([row(1, 2), ...[4, 3, 2, 1].map((age) => row(now - 10 * age, now - age)), row(now, null)]);
    const found = async () => (await store.read('SELECT began_ms FROM fleet_absences')).map(({ began_ms }) => began_ms);
    await tidyFleet(tidied);
    assert.deepEqual(await found(), [now - 40, now - 30, now - 20, now - 10, now]);
    await tidyFleet(tidied, undefined, 2);
    assert.deepEqual(await found(), [now - 20, now - 10, now]);
  });

  it('removes the oldest events of the robots with the most', async () => {
    const { add, events, tidied } = await robots('amr', 'crane');
    await add('crane', 20);
    await add('amr', 700);
    await tidyFleet(tidied, 100);
    assert.deepEqual(await events(), [
      ['amr', 621, 80],
      ['crane', 1, 20],
    ]);
  });
});
