import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetGroupSelector } from '@medkit/contract';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { fleetStage } from '../testing/fleet-stage.ts';

async function threeRobots() {
  const stage = await fleetStage();
  const { fleet, store } = stage;
  for (const name of ['amr-1', 'amr-2', 'crane']) await stage.robot(name, `K-${name}`);
  await fleet.describe('amr-1', { site: 'berlin', labels: { model: 'a', zone: 'hall=1' } });
  await fleet.describe('amr-2', { site: 'berlin', labels: { model: 'b', zone: 'yard' } });
  await fleet.describe('crane', { labels: { model: 'a' } });
  await store.write([{ sql: "UPDATE fleet_robots SET software = 'nav-2' WHERE name <> 'amr-1'" }]);
  await store.write([{ sql: "INSERT INTO fleet_faults VALUES (1, '', 'MAP', 1, '{}'), (3, '', 'HOOK', 3, '{}')" }]);
  const robots = async (query: object) => (await fleet.robots(query)).items.map(({ id }) => id);
  return { ...stage, robots };
}

describe('a group of robots', () => {
  it('selects those that match its site, all its labels, its version and its text', async () => {
    const { fleet, robots } = await threeRobots();
    const expected: readonly (readonly [FleetGroupSelector, readonly string[]])[] = [
      [{}, ['amr-1', 'amr-2', 'crane']],
      [{ site: 'berlin' }, ['amr-1', 'amr-2']],
      [{ labels: ['model=a'] }, ['amr-1', 'crane']],
      [{ labels: ['model=a', 'zone'] }, ['amr-1']],
      [{ labels: ['zone=hall=1'] }, ['amr-1']],
      [{ labels: ['zone', 'model=c'] }, []],
      [{ labels: ['"=7'] }, []],
      [{ version: 'nav-2' }, ['amr-2', 'crane']],
      [{ site: 'berlin', version: 'nav-2' }, ['amr-2']],
      [{ q: 'amr', labels: ['model=a'] }, ['amr-1']],
    ];
    await fleet.createGroup('tested', {}, 'ada');
    for (const [selector, names] of expected) {
      await fleet.changeGroup('tested', selector, 'ada');
      assert.deepEqual(await robots({ group: 'tested' }), names, JSON.stringify(selector));
    }
  });

  it('is combined with the other filters, also of the list of faults', async () => {
    const { fleet, robots } = await threeRobots();
    await fleet.createGroup('model-a', { labels: ['model=a'] }, 'ada');
    assert.deepEqual(await robots({ group: 'model-a', site: 'berlin' }), ['amr-1']);
    assert.deepEqual(await robots({ group: 'model-a', label: 'zone', q: 'crane' }), []);
    assert.deepEqual((await fleet.robots({ group: 'model-a', limit: 1 })).total, 2);
    const codes = async (query: object) => (await fleet.faults(query)).items.map(({ robot }) => robot);
    assert.deepEqual(await codes({ group: 'model-a' }), ['crane', 'amr-1']);
    assert.deepEqual(await codes({ group: 'model-a', site: 'berlin' }), ['amr-1']);
    await assert.rejects(robots({ group: 'other' }), FleetInvalid);
    await assert.rejects(fleet.faults({ group: 'other' }), FleetInvalid);
  });

  it('is listed by name with who changed it, changed and deleted', async () => {
    const { fleet, clock } = await threeRobots();
    await fleet.createGroup('yard', { site: 'yard', labels: [], q: null }, 'ada');
    await fleet.createGroup('berlin', { site: 'berlin' }, 'ada');
    clock.advance(1000);
    const changed = await fleet.changeGroup('yard', { version: '1' }, 'bo');
    assert.deepEqual(
      [changed.site, changed.labels, changed.version, changed.changed_by],
      [undefined, undefined, '1', 'bo'],
    );
    const groups = await fleet.groups();
    assert.deepEqual(
      groups.map(({ id }) => id),
      ['berlin', 'yard'],
    );
    assert.deepEqual(groups[1], changed);
    await assert.rejects(fleet.createGroup('yard', {}, 'ada'), FleetConflict);
    await assert.rejects(fleet.createGroup('Berlin Mitte', {}, 'ada'), FleetInvalid);
    await assert.rejects(fleet.changeGroup('other', {}, 'ada'), FleetNotFound);
    assert.deepEqual([await fleet.deleteGroup('yard'), await fleet.deleteGroup('yard')], [true, false]);
  });

  it('is one of at most 200', async () => {
    const { fleet } = await threeRobots();
    for (let n = 0; n < 200; n += 1) await fleet.createGroup(`g-${n}`, {}, 'ada');
    await assert.rejects(fleet.createGroup('g-200', {}, 'ada'), FleetConflict);
  });
});
