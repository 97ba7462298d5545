import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { openStore } from '@medkit/store';
import { FleetConflict } from '../fleet-refused.ts';
import { FLEET_TABLES } from '../fleet-tables.ts';
import { openFleet } from '../open-fleet.ts';
import { ADDRESS, type FleetStage, fleetStage, helloOf, KEY } from '../testing/fleet-stage.ts';

const [SECOND, THIRD, OTHER] = ['SECONDSECONDSECOND17', 'THIRDTHIRDTHIRDTHI17', 'OTHEROTHEROTHEROTHER'];
const DAY_MS = 86_400_000;

/** Connects with a key and states another one. Returns the next step, and whether the other key was stored. */
async function state({ fleet }: FleetStage, key: string, newKey: string, ratchet?: string) {
  const record = fleet.record({ address: ADDRESS });
  const welcome = await record.welcome(key, helloOf(ratchet === undefined ? {} : { ratchet }));
  if ('refused' in welcome) throw new Error(welcome.refused);
  const confirmed = await record.confirm(key, { wentBack: false, newKey });
  return { next: welcome.next, isStored: 'isNewKeyStored' in confirmed && confirmed.isNewKeyStored };
}

const keys = async ({ store }: FleetStage) =>
  (await store.read('SELECT fingerprint, robot FROM fleet_keys ORDER BY robot, added_ms')).map(Object.values);

describe('the keys of a robot at the hub', () => {
  it('are two at most: a third one replaces the second, which was not used', async () => {
    const stage = await fleetStage();
    await stage.robot('amr-17', KEY);
    const first = await state(stage, KEY, SECOND);
    const again = await state(stage, KEY, THIRD, first.next);
    assert.deepEqual([first.isStored, again.isStored], [true, true]);
    assert.deepEqual(await keys(stage), [
      [KEY, 1],
      [THIRD, 1],
    ]);
    const third = await stage.connect(THIRD, again.next);
    assert.deepEqual(await keys(stage), [[THIRD, 1]]);
    await assert.rejects(stage.connect(KEY, third), /unknown/);
  });

  it('never include the key of another robot', async () => {
    const stage = await fleetStage();
    await stage.robot('amr-17', KEY);
    await stage.robot('amr-18', OTHER);
    assert.equal((await state(stage, KEY, OTHER)).isStored, false);
    assert.deepEqual(await keys(stage), [
      [KEY, 1],
      [OTHER, 2],
    ]);
  });

  it('are all revoked with the robot', async () => {
    const stage = await fleetStage();
    await stage.robot('amr-17', KEY);
    await state(stage, KEY, SECOND);
    await stage.fleet.revoke('amr-17');
    await assert.rejects(stage.connect(SECOND), /revoked/);
    await assert.rejects(stage.fleet.rotate('amr-17'), FleetConflict);
  });

  it('are requested once from connected robots with an old key, a few at a time', async () => {
    const stage = await fleetStage();
    const { fleet, clock, changes } = stage;
    for (let count = 0; count < 22; count += 1) {
      const key = `KEY${count}`.padEnd(20, 'X');
      await stage.robot(`amr-${count}`, key);
      await stage.connect(key);
      await fleet.connected(`amr-${count}`, { hello: helloOf(), address: ADDRESS });
    }
    const ended = () => changes.filter((change) => change.ended).length;
    const hours = async (count: number) => {
      for (let hour = 0; hour < count; hour += 1) {
        clock.advance(3_600_000);
        for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
      }
    };
    await hours(1);
    assert.equal(ended(), 0);
    await stage.store.write([{ sql: 'UPDATE fleet_keys SET added_ms = added_ms - ?', parameters: [365 * DAY_MS] }]);
    await hours(1);
    assert.equal(ended(), 20);
    await hours(2);
    assert.equal(ended(), 22);
  });
});

it('a data folder of an earlier version has robots without a requested key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-fleet-'));
  const path = join(folder, 'fleet.db');
  const clock = new SimulatedClock();
  const warn = (text: string) => assert.fail(text);
  try {
    const earlier = await openStore({ path, migrations: { fleet: FLEET_TABLES['fleet']!.slice(0, 1) }, clock, warn });
    await earlier.write([
      { sql: "INSERT INTO fleet_robots (name, state, machine, enrolled_ms) VALUES ('amr-17', 'approved', '{}', 5)" },
      { sql: 'INSERT INTO fleet_cursors (robot) VALUES (1)' },
      { sql: 'INSERT INTO fleet_keys (fingerprint, robot, invite, added_ms) VALUES (?, 1, 1, 5)', parameters: [KEY] },
    ]);
    await earlier.close();
    const store = await openStore({ path, migrations: FLEET_TABLES, clock, warn });
    const secret = new Uint8Array(32).fill(7);
    const fleet = await openFleet({ store, clock, random: seededRandom(1), secret, log: () => undefined });
    const robot = await fleet.robot('amr-17');
    assert.deepEqual(
      [robot?.fingerprint, robot?.key_added_at, robot?.rotation_requested_at],
      [KEY, '1970-01-01T00:00:00.005Z', undefined],
    );
    fleet.close();
    await store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
