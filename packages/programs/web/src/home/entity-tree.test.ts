import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TreeItem } from '@medkit/contract';
import { type Branch, branchesOf, byGateway, chainOf, foundIn } from './entity-tree.ts';

const item = (type: TreeItem['type'], id: string, more: Partial<TreeItem> = {}): TreeItem => ({
  type,
  id,
  name: id.toUpperCase(),
  source: 'manifest',
  ...more,
});

const names = (branches: readonly Branch[]): unknown[] =>
  branches.map(({ item: { id }, children }) => (children.length > 0 ? [id, ...names(children)] : id));

const ITEMS = [
  item('app', 'lidar', { component: 'scanner' }),
  item('area', 'hall'),
  item('area', 'corner', { parent: 'hall' }),
  item('component', 'scanner', { area: 'corner' }),
  item('component', 'laser', { parent: 'scanner', area: 'hall' }),
  item('app', 'lonely'),
  item('function', 'see', { hosts: ['lidar'] }),
];

describe('the tree of entities', () => {
  it('has each entity once, below its parent', () => {
    assert.deepEqual(names(branchesOf(ITEMS, [])), [['hall', ['corner', ['scanner', 'lidar', 'laser']]], 'lonely']);
  });

  it('counts open faults upwards', () => {
    const faults = [{ entity_type: 'app' as const, entity_id: 'lidar', info: 0, warning: 1, error: 2, critical: 0 }];
    const [hall, lonely] = branchesOf(ITEMS, faults);
    assert.deepEqual(
      [hall?.faults, lonely?.faults],
      [
        [0, 1, 2, 0],
        [0, 0, 0, 0],
      ],
    );
  });

  it('ends if a manifest is circular, and loses no entity', () => {
    const circle = [
      item('area', 'a', { parent: 'b' }),
      item('area', 'b', { parent: 'a' }),
      item('area', 'c', { parent: 'c' }),
    ];
    assert.deepEqual(names(branchesOf(circle, [])), ['c', ['a', 'b']]);
  });

  it('is searched by name and id', () => {
    assert.deepEqual(names(foundIn(branchesOf(ITEMS, []), ' LID')), [['hall', ['corner', ['scanner', 'lidar']]]]);
    assert.deepEqual(foundIn(branchesOf(ITEMS, []), 'nothing'), []);
  });

  it('puts an entity and its only child into one row', () => {
    const [hall, lonely] = branchesOf(
      ITEMS.filter(({ id }) => id !== 'laser'),
      [],
    );
    assert.deepEqual(
      chainOf(hall!).map(({ item: { id } }) => id),
      ['hall', 'corner', 'scanner', 'lidar'],
    );
    assert.deepEqual(chainOf(lonely!), [lonely]);
  });

  it('is divided by gateway, with peers that have no entity', () => {
    const remote = [
      item('area', 'cell', { gateways: ['9f'], runtime: 'arm' }),
      item('app', 'gripper', { area: 'cell', gateways: ['9f'], runtime: 'arm' }),
      item('app', 'camera', { component: 'scanner', gateways: ['8e'], runtime: 'cam' }),
    ];
    assert.deepEqual(
      byGateway(branchesOf([...ITEMS, ...remote], []), ['away', 'arm']).map(({ peer, branches, count }) => [
        peer,
        count,
        branches.map(({ item: { id } }) => id),
      ]),
      [
        [undefined, 7, ['hall', 'lonely']],
        ['away', 0, []],
        ['arm', 2, ['cell']],
      ],
    );
  });
});
