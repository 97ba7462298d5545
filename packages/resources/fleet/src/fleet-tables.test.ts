import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { openStore } from '@medkit/store';
import { FLEET_TABLES } from './fleet-tables.ts';
import { listGroups } from './groups/groups.ts';
import { readRobot } from './robots/list-robots.ts';
import { robotPings } from './sessions/robot-pings.ts';

it('the database of a hub that knew neither trees nor groups is migrated, and keeps its robots', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-fleet-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const common = { path: join(folder, 'fleet.db'), clock: new SimulatedClock(), warn: () => undefined };
  const { fleet } = FLEET_TABLES;
  const before = await openStore({ ...common, migrations: { fleet: fleet! } });
  await before.write([
    {
      sql: `INSERT INTO fleet_robots (name, state, machine, enrolled_ms) VALUES ('amr-1', 'approved', '{}', 0)`,
    },
    { sql: "INSERT INTO fleet_keys (fingerprint, robot, invite, added_ms) VALUES ('K', 1, 1, 0)" },
    { sql: 'INSERT INTO fleet_cursors (robot, seq) VALUES (1, 7)' },
  ]);
  await before.close();
  const store = await openStore({ ...common, migrations: FLEET_TABLES });
  const { clock } = common;
  const robot = await readRobot({ store, clock, pings: robotPings(clock) }, 'amr-1');
  assert.deepEqual([robot?.fingerprint, robot?.inventory], ['K', undefined]);
  assert.deepEqual(await listGroups({ store }), []);
  await store.close();
});
