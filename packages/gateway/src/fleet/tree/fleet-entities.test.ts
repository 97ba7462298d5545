import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetGroup, FleetRobot } from '@medkit/contract';
import { mergeContributions } from '@medkit/core/merge';
import { componentOfRobot, FLEET, fleetEntities, fleetPlace } from './fleet-entities.ts';

const robot = (id: string, more: Partial<FleetRobot> = {}): FleetRobot => ({
  ...{ id, state: 'approved', presence: 'online', labels: {}, fingerprint: '', machine: {}, problems: [] },
  enrolled_at: '2026-03-20T09:00:00.000Z',
  ...more,
});
const group = (id: string): FleetGroup => ({ id, changed_at: '2026-03-20T09:00:00.000Z', changed_by: 'ada' });

const treeOf = (
  robots: readonly FleetRobot[],
  groups: readonly FleetGroup[] = [],
  members = {},
  others: object[] = [],
) =>
  mergeContributions([
    {
      runtime: FLEET,
      origin: FLEET,
      priority: 0,
      ...fleetEntities(robots, ['unused'], groups, new Map(Object.entries(members))),
    },
    ...(others as never[]),
  ]).tree;

describe('the entities of a fleet', () => {
  it('give sites whose names differ only in characters that ids lack an area each', () => {
    const tree = treeOf([
      robot('a', { site: 'hall 1' }),
      robot('b', { site: 'hall_1' }),
      robot('c', { site: '仓库' }),
      robot('d'),
    ]);
    const areas = [...tree.all('area')];
    assert.deepEqual(areas.map(({ name }) => name).sort(), ['hall 1', 'hall_1', 'unused', '仓库']);
    assert.equal(new Set(areas.map(({ id }) => id)).size, 4);
    assert.equal(tree.get('area', 'hall_1')?.name, 'hall_1');
    for (const area of areas) {
      assert.deepEqual(fleetPlace(area), { is: 'site', name: area.name });
      assert.equal(tree.componentsBelow(area.id).length, area.id === 'unused' ? 0 : 1, area.id);
    }
  });

  it('give robots their labels, and mark those that are not connected', () => {
    const tree = treeOf([
      robot('a', { labels: { model: 'x', spare: '' }, versions: { medkit: '0.3.0' } }),
      robot('b', { presence: 'offline', since: '2026-03-20T09:00:00.000Z' }),
      robot('c', { presence: 'late' }),
    ]);
    const [a, b] = [tree.get('component', 'a'), tree.get('component', 'b')];
    assert.deepEqual(
      [a?.tags, a?.available, a?.metadata?.['versions']],
      [['model=x', 'spare'], undefined, { medkit: '0.3.0' }],
    );
    assert.equal(tree.get('component', 'c')?.available, undefined);
    assert.deepEqual([b?.available, b?.metadata?.['since']], [false, '2026-03-20T09:00:00.000Z']);
  });

  it('give groups the robots that are shown', () => {
    const tree = treeOf([robot('a')], [group('all'), group('none')], { all: ['a', 'pending'] });
    assert.deepEqual(tree.get('function', 'all')?.hosts, ['a']);
    assert.deepEqual(tree.get('function', 'none')?.hosts, []);
    assert.deepEqual(fleetPlace(tree.get('function', 'none')!), { is: 'group', name: 'none' });
  });

  it('are found by their robot, and are none of this gateway', () => {
    const pump = { kind: 'component', id: 'pump', name: 'pump', source: 'runtime' };
    const local = { runtime: 'ros', priority: 1, areas: [], components: [pump], apps: [], functions: [] };
    const tree = treeOf([robot('a')], [], {}, [local]);
    assert.equal(componentOfRobot(tree, 'a'), 'a');
    assert.equal(componentOfRobot(tree, 'pump'), undefined);
    assert.equal(fleetPlace(tree.get('component', 'pump')!), undefined);
    assert.equal(tree.get('component', 'a')?.origin, FLEET);
  });
});
