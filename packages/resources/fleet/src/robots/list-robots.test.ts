import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { fleetStage, helloOf } from '../testing/fleet-stage.ts';
import type { RobotQuery } from './list-robots.ts';

async function threeRobots() {
  const stage = await fleetStage();
  const { fleet, store } = stage;
  for (const name of ['amr-1', 'amr-2', 'crane']) await stage.robot(name, `K-${name}`);
  await fleet.describe('amr-1', { site: 'berlin', labels: { model: 'a', 'rack.no': '7' } });
  await fleet.describe('crane', { site: 'hamburg', labels: { model: 'b' } });
  await fleet.connected('amr-2', { hello: helloOf({ versions: { medkit: '0.2.0' } }), address: '10.0.0.2' });
  await store.write([{ sql: "INSERT INTO fleet_faults VALUES (3, '', 'HOOK', 3, '{}'), (1, '', 'MAP', 1, '{}')" }]);
  const names = async (query: RobotQuery) => (await fleet.robots(query)).items.map(({ id }) => id);
  return { ...stage, names };
}

describe('the list of robots', () => {
  it('has each filter', async () => {
    const { names, fleet } = await threeRobots();
    assert.deepEqual(await names({ site: 'berlin' }), ['amr-1']);
    assert.deepEqual(await names({ label: 'model' }), ['amr-1', 'crane']);
    assert.deepEqual(await names({ label: 'model=b' }), ['crane']);
    assert.deepEqual(await names({ label: 'rack.no=7' }), ['amr-1']);
    assert.deepEqual(await names({ label: '"=7' }), []);
    assert.deepEqual(await names({ version: '0.2.0' }), ['amr-2']);
    assert.deepEqual(await names({ presence: 'never' }), ['amr-1', 'crane']);
    assert.deepEqual(await names({ presence: 'online', q: 'amr' }), ['amr-2']);
    await fleet.retire('amr-1');
    assert.deepEqual(await names({}), ['amr-2', 'crane']);
    assert.deepEqual(await names({ state: 'retired' }), ['amr-1']);
  });

  it('is read in pages in each order', async () => {
    const { names, fleet } = await threeRobots();
    const expected = {
      name: ['amr-1', 'amr-2', 'crane'],
      severity: ['crane', 'amr-1', 'amr-2'],
      last_seen: ['amr-1', 'crane', 'amr-2'],
    };
    for (const sort of ['name', 'severity', 'last_seen'] as const) {
      const found: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await fleet.robots({ sort, limit: 1, ...(cursor !== undefined && { cursor }) });
        found.push(...page.items.map(({ id }) => id));
        assert.equal(page.total, 3);
        cursor = page.next;
        if (cursor === undefined) break;
      }
      assert.deepEqual(found, expected[sort], sort);
      assert.deepEqual(await names({ sort }), expected[sort]);
    }
    await assert.rejects(fleet.robots({ cursor: 'x' }), FleetInvalid);
    const { next: cursor } = await fleet.robots({ limit: 2 });
    await fleet.retire('crane');
    assert.deepEqual(await fleet.robots({ cursor: cursor! }), { items: [], total: 2 }, 'a page after the last robot');
  });

  it('has the description of a robot, which has a bounded number of labels', async () => {
    const { fleet } = await threeRobots();
    const labels = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`l${index}`, 'x']));
    await assert.rejects(fleet.describe('amr-1', { labels }), FleetInvalid);
    await assert.rejects(fleet.describe('other', { site: 'x' }), FleetNotFound);
    const changed = await fleet.describe('amr-1', { site: null, note: 'new wheels' });
    assert.deepEqual(
      [changed.site, changed.note, changed.labels],
      [undefined, 'new wheels', { model: 'a', 'rack.no': '7' }],
    );
    assert.equal(await fleet.robot('other'), undefined);
  });
});
