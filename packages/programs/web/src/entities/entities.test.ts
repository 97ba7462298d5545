import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityFaults, Lock, TreeItem } from '@medkit/contract';
import { blockingLock, lockRemainingMs } from '../access/blocking-lock.ts';
import { unitByName, unitOfItem, unitOfMember } from '../values/data-units.ts';
import { formatValue, shapeOf, valueAt } from '../values/format-value.ts';
import { dependenciesOf, faultsWithin, membersOf, placesOf } from './entity-relations.ts';
import { tabOfPage, tabsOf } from './entity-tabs.ts';
import { type Arrivals, isStale, withArrival } from './freshness.ts';
import { isSame, parseParameter } from './parameter-field.ts';

const item = (type: TreeItem['type'], id: string, rest: Partial<TreeItem> = {}): TreeItem => ({
  type,
  id,
  name: id,
  source: 'manifest',
  ...rest,
});
const TREE = [
  item('area', 'hall'),
  item('area', 'sensors', { parent: 'hall' }),
  item('component', 'lidar', { area: 'sensors' }),
  item('app', 'lidar', { component: 'lidar', depends_on: ['power', 'gone'] }),
  item('function', 'power', { hosts: ['lidar'] }),
  item('component', 'left', { parent: 'right' }),
  item('component', 'right', { parent: 'left' }),
];

describe('the place of an entity', () => {
  it('is shown from its area down, and ends if a tree is circular', () => {
    assert.deepEqual(
      placesOf(TREE, { kind: 'app', id: 'lidar' }).map(({ type, id }) => `${type} ${id}`),
      ['area hall', 'area sensors', 'component lidar'],
    );
    assert.equal(placesOf(TREE, { kind: 'component', id: 'left' }).length, 2);
    assert.deepEqual(placesOf(TREE, { kind: 'app', id: 'nobody' }), []);
  });

  it('lists members, and relations to entities of the tree', () => {
    assert.deepEqual(membersOf(TREE, { kind: 'area', id: 'hall' }), [TREE[1]]);
    assert.deepEqual(membersOf(TREE, { kind: 'function', id: 'power' }), [TREE[2], TREE[3]]);
    assert.deepEqual(dependenciesOf(TREE, { kind: 'app', id: 'lidar' }), [TREE[4]]);
  });

  it('counts the faults of all within it once', () => {
    const one = { entity_type: 'app', entity_id: 'lidar', info: 0, warning: 1, error: 2, critical: 0 } as EntityFaults;
    assert.deepEqual(faultsWithin(TREE, [one], { kind: 'area', id: 'hall' }), [0, 1, 2, 0]);
    assert.deepEqual(faultsWithin(TREE, [one], { kind: 'component', id: 'left' }), [0, 0, 0, 0]);
  });
});

describe('a value', () => {
  it('is shown in one line, whatever its type', () => {
    for (const [value, text] of [
      [25.200000762939453, '25.2'],
      [2n ** 63n, '9223372036854775808'],
      [[1, 2, 3], '[3]'],
      [{ x: 0.5, y: 0, at: { sec: 1 } }, 'x 0.5, y 0, at sec 1'],
      [{ sec: 20, nanosec: 850_000_000 }, '20.85 s'],
      [null, '–'],
      [false, 'false'],
      ['<b>', '<b>'],
    ] as const) {
      assert.equal(formatValue(value), text);
    }
    assert.equal(formatValue('x'.repeat(5000)).length, 80);
  });

  it('is found by JSON Pointer, and has a shape that can be compared', () => {
    assert.equal(valueAt({ 'a/b': [{ '~': 7 }] }, '/a~1b/0/~0'), 7);
    assert.equal(valueAt({ a: 1 }, '/a/b'), undefined);
    assert.equal(valueAt({}, '/constructor'), undefined);
    assert.equal(shapeOf({ x: 1, y: [1, 2] }), shapeOf({ x: 9, y: [3, 4] }));
    assert.notEqual(shapeOf({ x: 1 }), shapeOf({ x: { y: 1 } }));
  });

  it('has the unit that its type or its name says', () => {
    assert.equal(unitOfItem({ id: '/voltage', 'x-medkit': { ros2: { type: 'std_msgs/msg/Float32' } } }), 'V');
    assert.equal(unitOfItem({ id: '/voltage', 'x-medkit': { ros2: { type: 'std_msgs/msg/String' } } }), undefined);
    assert.equal(unitOfItem({ id: 'range', 'x-medkit': { island: { type: 'real', unit: 'mm' } } }), 'mm');
    assert.equal(unitOfItem({ id: 'speed', 'x-medkit': { opcua: { data_type: 'float', unit: '%' } } }), '%');
    assert.equal(unitOfItem({ id: 'speed', 'x-medkit': { opcua: { data_type: 'float' } } }), undefined);
    assert.equal(unitOfMember('sensor_msgs/msg/BatteryState', 'x', '/cell_voltage/3'), 'V');
    assert.equal(unitOfMember('std_msgs/msg/Float32', '/collision_monitor/min_range_m', '/data'), 'm');
    assert.equal(unitOfMember('constructor', 'x', '/y'), undefined);
    assert.deepEqual(['scan_rate_hz', 'name', 'distance_remaining'].map(unitByName), ['Hz', undefined, 'm']);
  });

  it('is old when it is late for its kind, or has no publisher', () => {
    let arrivals: Arrivals | undefined;
    for (const atMs of [0, 1000, 2000, 3000]) arrivals = withArrival(arrivals, atMs);
    assert.deepEqual(
      [2900, 3100].map((age) => isStale(age, 1, arrivals)),
      [false, true],
    );
    assert.deepEqual(
      [4900, 5100].map((age) => isStale(age, undefined, undefined)),
      [false, true],
    );
    assert.equal(isStale(0, 0, arrivals), true);
  });
});

describe('the actions of a user on an entity', () => {
  const lock: Lock = {
    id: 'lock_1',
    owned: false,
    scopes: ['configurations'],
    lock_expiration: '2026-01-01T00:01:00Z',
  };
  const nowMs = Date.parse('2026-01-01T00:00:00Z');

  it('are blocked by the lock of another client until that ends', () => {
    assert.equal(blockingLock([lock], 'configurations', nowMs), lock);
    assert.equal(blockingLock([lock], 'data', nowMs), undefined);
    assert.equal(blockingLock([{ ...lock, owned: true }], 'configurations', nowMs), undefined);
    assert.equal(blockingLock([lock], 'configurations', nowMs + 62_000), undefined);
    assert.equal(lockRemainingMs(lock, nowMs), 60_000);
  });

  it('have a tab for each resource of the entity', () => {
    assert.deepEqual(tabsOf({ data: '/x', faults: '/y', capabilities: [{ name: 'locks' }] }), [
      'overview',
      'data',
      'faults',
      'locks',
    ]);
    assert.deepEqual(tabsOf({ findings: '/x', capabilities: [{ name: 'x-medkit-procfs' }] }), ['overview', 'findings']);
    assert.deepEqual(tabsOf({ findings: '/x', capabilities: [{ name: 'findings' }] }), ['overview']);
    assert.deepEqual([tabOfPage('entity.logs'), tabOfPage('entity')], ['logs', 'overview']);
  });
});

describe('a parameter', () => {
  it('accepts what its type and range allow', () => {
    const rate = { type: 'double', range: { from: 1, to: 20 } } as const;
    assert.deepEqual(parseParameter(rate, '50'), { problem: { is: 'range', least: '1', most: '20' } });
    assert.deepEqual(parseParameter(rate, '5'), { value: 5 });
    assert.deepEqual(parseParameter({ type: 'int' }, '9223372036854775807'), { value: 2n ** 63n - 1n });
    assert.ok('problem' in parseParameter({ type: 'int' }, '9223372036854775808'));
    assert.deepEqual(parseParameter({ type: 'bool_array' }, '[true, false]'), { value: [true, false] });
    assert.deepEqual(parseParameter({ type: 'bool_array' }, '[1]'), { problem: { is: 'no-list', type: 'bool_array' } });
    assert.ok(isSame(10, 10.0) && !isSame([1], [2]));
  });
});
