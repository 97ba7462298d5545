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
const gathered = (...lists: readonly FaultList[]): GatheredFaults => ({
  entries: lists.map((entry) => ({
    owner: { entity: { id: 'fault_manager' }, origin: 'local', runtime: 'ros2', provider: memoryFaults() },
    entry,
  })),
  silent: [],
});

test('the body of an unchanged list is built once for each tree and each set of options', () => {
  const [tree, list] = [treeOf(1), listOf('A')];
  const body = robotFaults(tree, gathered(list), EXTRAS);
  assert.equal(robotFaults(tree, gathered(list), { ...EXTRAS }), body);
  const others = [
    robotFaults(treeOf(2), gathered(list), EXTRAS),
    robotFaults(tree, gathered(listOf('A')), EXTRAS),
    robotFaults(tree, gathered(list), { ...EXTRAS, includeMuted: true }),
    robotFaults(tree, gathered(list), { ...EXTRAS, includeClusters: true }),
  ];
  for (const other of others) {
    assert.notEqual(other, body);
    assert.deepEqual(other, body);
  }
});

test('the body of an entity is also built once for each tree', () => {
  const tree = indexEntities(entityLists({ apps: [app('driver', { node: '/driver' }), app('planner')] }), 1);
  const list: FaultList = { ...listOf(), faults: [{ fault: fault('A', { sources: ['/driver'] }), thresholds: [] }] };
  const [driver, planner] = [tree.get('app', 'driver')!, tree.get('app', 'planner')!];
  const body = entityFaults(tree, driver, gathered(list));
  assert.equal(body.items.length, 1);
  assert.equal(entityFaults(tree, driver, gathered(list)), body);
  assert.deepEqual(entityFaults(tree, planner, gathered(list)).items, []);
  assert.notEqual(entityFaults(tree, driver, gathered({ ...list })), body);
});

test('a list of several managers, or with a failed one, is merged again', () => {
  const [tree, list] = [treeOf(1), listOf('A')];
  const alone = robotFaults(tree, gathered(list), EXTRAS);
  const both = robotFaults(tree, gathered(list, listOf('B')), EXTRAS);
  assert.deepEqual(
    both.items.map(({ fault_code }) => fault_code),
    ['A', 'B'],
  );
  const [owner] = gathered(list).entries.map((entry) => entry.owner);
  const partial = robotFaults(tree, { ...gathered(list), silent: [{ owner, error: new Error('gone') }] }, EXTRAS);
  assert.equal(partial['x-medkit']?.partial, true);
  assert.equal(robotFaults(tree, gathered(list), EXTRAS), alone);
});

test('a fault that its runtime records itself is listed with the text and evidence of the runtime', () => {
  const gate = app('safety_gate', { address: { runtime: 'island', nativeId: 'apps/safety_gate' } });
  const tree = indexEntities(entityLists({ apps: [gate] }), 1);
  const stop = fault('PROTECTIVE_STOP', { severity: 2, sources: ['safety_gate'], status: 'CONFIRMED' });
  const history = [[35_333_291_470, 2.749] as const, [35_333_862_814, 0.11] as const];
  const frame = { name: 'RTMaps freeze-frame', data: { min_range_m: { value: 5, history } } };
  const listed = (record: NonNullable<FaultList['faults'][number]['record']>) =>
    robotFaults(tree, gathered({ ...listOf(), faults: [{ fault: stop, thresholds: [], record }] }), EXTRAS).items[0]!;
  const name = 'RTMaps fault PROTECTIVE_STOP';
  const item = listed({ name, frame });
  assert.equal(item.fault_name, name);
  assert.equal(item.severity_label, 'error');
  assert.deepEqual(item.status, { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1' });
  assert.equal(item.entity_id, 'safety_gate');
  assert.deepEqual(item.environment_data, { snapshots: [{ type: 'freeze_frame', ...frame }] });
  assert.equal(item['x-medkit']?.status_raw, 'CONFIRMED');
  assert.equal(item.description, stop.description);
  assert.equal('environment_data' in listed({ name }), false);
});
