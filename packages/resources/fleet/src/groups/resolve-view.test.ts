import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FleetOutside } from '../fleet-refused.ts';
import { fleetStage } from '../testing/fleet-stage.ts';

/** A hub with robots at two sites, and one without a site. */
async function stage() {
  const { fleet, robot } = await fleetStage();
  await robot('a-1', 'KEYKEYKEYKEYKEYKEYA1');
  await robot('a-2', 'KEYKEYKEYKEYKEYKEYA2');
  await robot('b-1', 'KEYKEYKEYKEYKEYKEYB1');
  await robot('c-1', 'KEYKEYKEYKEYKEYKEYC1');
  await fleet.describe('a-1', { site: 'a', labels: { shift: 'night' } });
  await fleet.describe('a-2', { site: 'a' });
  await fleet.describe('b-1', { site: 'b', labels: { shift: 'night' } });
  await fleet.createGroup('night', { labels: ['shift=night'] }, 'ada');
  await fleet.createGroup('at-b', { site: 'b' }, 'ada');
  return fleet;
}

const sorted = (names: ReadonlySet<string>): readonly string[] => [...names].sort();

describe('the view of a limited caller', () => {
  it('has the robots in a scope of each list', async () => {
    const fleet = await stage();
    const robotsOf = async (...scopes: Parameters<typeof fleet.view>[0]) => sorted((await fleet.view(scopes)).robots);
    assert.deepEqual(await robotsOf([{ site: 'a' }]), ['a-1', 'a-2']);
    assert.deepEqual(await robotsOf([{ group: 'night' }]), ['a-1', 'b-1']);
    assert.deepEqual(await robotsOf([{ site: 'a', group: 'night' }]), ['a-1']);
    assert.deepEqual(await robotsOf([{ site: 'a' }, { group: 'night' }]), ['a-1', 'a-2', 'b-1']);
    assert.deepEqual(await robotsOf([{ site: 'a' }], [{ group: 'night' }]), ['a-1']);
    assert.deepEqual(await robotsOf([{ site: 'a' }], []), []);
    assert.deepEqual(await robotsOf([{ group: 'none' }]), []);
  });

  it('has the sites and groups with such robots, and the sites that are wholly in it', async () => {
    const fleet = await stage();
    const view = await fleet.view([[{ group: 'night' }, { site: 'later' }]]);
    assert.deepEqual([sorted(view.sites), sorted(view.wholeSites)], [['a', 'b', 'later'], ['later']]);
    assert.deepEqual(sorted(view.groups), ['at-b', 'night']);
    const ofA = await fleet.view([[{ site: 'a' }], [{ group: 'night' }, { site: 'a' }]]);
    assert.deepEqual([sorted(ofA.groups), sorted(ofA.wholeSites)], [['night'], ['a']]);
  });

  it('limits lists, counts and filters', async () => {
    const fleet = await stage();
    const limited = fleet.within(await fleet.view([[{ site: 'a' }]]));
    const { items, total } = await limited.robots({});
    assert.deepEqual([items.map(({ id }) => id), total], [['a-1', 'a-2'], 2]);
    assert.equal((await limited.robots({ site: 'b' })).total, 0);
    assert.equal((await limited.robots({ group: 'night' })).total, 1);
    await assert.rejects(limited.robots({ group: 'at-b' }), /has no group at-b/);
    const { robots, sites, states } = await limited.counts();
    assert.deepEqual([robots, sites.map(({ site }) => site), states], [2, ['a'], { approved: 2 }]);
    assert.deepEqual(
      (await limited.sites()).map(({ id, robots: count }) => [id, count]),
      [['a', 2]],
    );
    assert.deepEqual(
      (await limited.groups()).map(({ id }) => id),
      ['night'],
    );
    assert.deepEqual([...(await limited.groupMembers())], [['night', ['a-1']]]);
    assert.equal(await limited.robot('b-1'), undefined);
    await assert.rejects(limited.presence('b-1', {}), /The hub has no robot b-1/);
  });

  it('limits changes: robots stay within whole sites, and invitations are for these', async () => {
    const fleet = await stage();
    const limited = fleet.within(await fleet.view([[{ site: 'a' }]]));
    await assert.rejects(limited.describe('b-1', { note: 'x' }), /The hub has no robot b-1/);
    await assert.rejects(limited.describe('a-1', { site: 'b' }), FleetOutside);
    await assert.rejects(limited.setSite('b', { zone: 'UTC' }, 'ada'), FleetOutside);
    await assert.rejects(limited.invite({ site: 'b' }, 'ada'), FleetOutside);
    await assert.rejects(limited.invite({ site: 'a', robot: 'b-1' }, 'ada'), /The name b-1 is taken/);
    const ofB = await fleet.invite({ site: 'b' }, 'ada');
    const ofA = await limited.invite({ site: 'a' }, 'ada');
    const replacing = await limited.replace('a-1', 'ada');
    const open = (await limited.invitations()).filter(({ state }) => state === 'open');
    assert.deepEqual(
      open.map(({ id }) => id),
      [replacing.id, ofA.id],
    );
    assert.deepEqual([await limited.withdraw(ofB.id), await limited.withdraw(ofA.id)], [false, true]);
    const partial = fleet.within(await fleet.view([[{ group: 'night' }]]));
    await assert.rejects(partial.describe('a-1', { site: 'b' }), /has no whole site/);
    assert.equal((await partial.describe('a-1', { note: 'seen' })).note, 'seen');
  });
});
