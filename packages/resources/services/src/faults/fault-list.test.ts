import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FaultList, indexEntities } from '@medkit/core';
import { app, entityLists, fault, memoryFaults } from '@medkit/core/testing';
import { entityFaults, type GatheredFaults, robotFaults } from './fault-list.ts';

const EXTRAS = { includeMuted: false, includeClusters: false };
const treeOf = (generation: number) => indexEntities(entityLists({}), generation);
const listOf = (...codes: readonly string[]): FaultList => ({
  faults: codes.map((code) => ({ fault: fault(code), thresholds: [] })),
  muted: [],
  clusters: [],
});
const told = (...lists: readonly FaultList[]): GatheredFaults => ({
  entries: lists.map((entry) => ({
    owner: { entity: { id: 'fault_manager' }, origin: 'local', runtime: 'ros2', provider: memoryFaults() },
    entry,
  })),
  silent: [],
});

test('the body of a list that is given again is made once for each tree and each wish', () => {
  const [tree, list] = [treeOf(1), listOf('A')];
  const body = robotFaults(tree, told(list), EXTRAS);
  assert.equal(robotFaults(tree, told(list), { ...EXTRAS }), body);
  const others = [
    robotFaults(treeOf(2), told(list), EXTRAS),
    robotFaults(tree, told(listOf('A')), EXTRAS),
    robotFaults(tree, told(list), { ...EXTRAS, includeMuted: true }),
    robotFaults(tree, told(list), { ...EXTRAS, includeClusters: true }),
  ];
  for (const other of others) {
    assert.notEqual(other, body);
    assert.deepEqual(other, body);
  }
});

test('the body of an entity is made once for each tree, too', () => {
  const tree = indexEntities(entityLists({ apps: [app('driver', { node: '/driver' }), app('planner')] }), 1);
  const list: FaultList = { ...listOf(), faults: [{ fault: fault('A', { sources: ['/driver'] }), thresholds: [] }] };
  const [driver, planner] = [tree.get('app', 'driver')!, tree.get('app', 'planner')!];
  const body = entityFaults(tree, driver, told(list));
  assert.equal(body.items.length, 1);
  assert.equal(entityFaults(tree, driver, told(list)), body);
  assert.deepEqual(entityFaults(tree, planner, told(list)).items, []);
  assert.notEqual(entityFaults(tree, driver, told({ ...list })), body);
});

test('what several managers told, or one of them did not, is put together anew', () => {
  const [tree, list] = [treeOf(1), listOf('A')];
  const alone = robotFaults(tree, told(list), EXTRAS);
  const both = robotFaults(tree, told(list, listOf('B')), EXTRAS);
  assert.deepEqual(
    both.items.map(({ fault_code }) => fault_code),
    ['A', 'B'],
  );
  const [owner] = told(list).entries.map((entry) => entry.owner);
  const partial = robotFaults(tree, { ...told(list), silent: [{ owner, error: new Error('gone') }] }, EXTRAS);
  assert.equal(partial['x-medkit']?.partial, true);
  assert.equal(robotFaults(tree, told(list), EXTRAS), alone);
});
