import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexEntities } from '@medkit/core';
import { app, area, component, entityLists, fault, functionEntity } from '@medkit/core/testing';
import { isInScope, ownedSources, reporterOf } from './fault-sources.ts';

const tree = indexEntities(
  entityLists({
    areas: [area('hall'), area('cell', { parentAreaId: 'hall' })],
    components: [component('amr', { areaId: 'hall' }), component('plc', { areaId: 'cell' })],
    apps: [
      app('lidar-front', { componentId: 'amr', fqn: '/sensors/lidar' }),
      app('filter', { componentId: 'amr', fqn: '/sensors/lidar/filter' }),
      app('safety_gate', { componentId: 'amr' }),
    ],
    functions: [functionEntity('perception', ['lidar-front']), functionEntity('safety', ['plc'])],
  }),
  1,
);

const owned = (kind: Parameters<typeof tree.get>[0], id: string) => [...ownedSources(tree, tree.get(kind, id)!)].sort();
const reporter = (...sources: readonly string[]) => reporterOf(tree, fault('X', { sources }))?.id;

describe('the sources of an entity', () => {
  it('are those of its members; a component that only holds apps has none of its own', () => {
    assert.deepEqual(owned('app', 'lidar-front'), ['/sensors/lidar']);
    assert.deepEqual(owned('app', 'safety_gate'), ['safety_gate']);
    assert.deepEqual(owned('component', 'plc'), ['plc']);
    assert.deepEqual(owned('component', 'amr'), ['/sensors/lidar', '/sensors/lidar/filter', 'safety_gate']);
    assert.deepEqual(owned('area', 'cell'), ['plc']);
    assert.deepEqual(owned('area', 'hall'), ['/sensors/lidar', '/sensors/lidar/filter', 'plc', 'safety_gate']);
    assert.deepEqual(owned('function', 'perception'), ['/sensors/lidar']);
    assert.deepEqual(owned('function', 'safety'), ['plc']);
  });

  it('of an external component are its own id besides those of its apps', () => {
    const plc = component('plc', { external: true });
    const robot = indexEntities(entityLists({ components: [plc], apps: [app('valve', { componentId: 'plc' })] }), 1);
    assert.deepEqual([...ownedSources(robot, plc)].sort(), ['plc', 'valve']);
  });

  it('are nobody’s of another gateway, whatever a node is called there', () => {
    const apps = ['lidar', 'b__lidar', 'gripper'].map((id) =>
      app(id, { ...(id !== 'gripper' && { fqn: '/lidar' }), ...(id !== 'lidar' && { origin: 'b' }) }),
    );
    const robot = indexEntities(entityLists({ apps }), 1);
    assert.equal(reporterOf(robot, { sources: ['/lidar'] })?.id, 'lidar');
    assert.equal(reporterOf(robot, { sources: ['/gripper'] }), undefined);
  });

  it('are compared by whole segments, and all sources of a fault must be among them', () => {
    const scope = new Set(['/ns/node', 'process']);
    const rows: readonly (readonly [readonly string[], boolean])[] = [
      [['/ns/node'], true],
      [['/ns/node/child'], true],
      [['process/thread'], true],
      [['/ns/node', 'process'], true],
      [['/ns/node_extra'], false],
      [['process_2'], false],
      [['/ns'], false],
      [['/'], false],
      [[''], false],
      [['/ns/node', '/other'], false],
      [[], false],
    ];
    for (const [sources, expected] of rows) {
      assert.equal(isInScope(fault('X', { sources }), scope), expected, sources.join());
    }
  });
});

describe('the reporter of a fault', () => {
  it('is the app whose node it is, or whose name the source continues, the nearest first', () => {
    assert.equal(reporter('/sensors/lidar'), 'lidar-front');
    assert.equal(reporter('/sensors/lidar/filter'), 'filter');
    assert.equal(reporter('/sensors/lidar/filter/stage'), 'filter');
    assert.equal(reporter('/sensors/lidar/other'), 'lidar-front');
  });

  it('is found by bare id, also in the spelling that clients guess, for what is no node', () => {
    assert.equal(reporter('safety_gate'), 'safety_gate');
    assert.equal(reporter('/bridge/safety_gate'), 'safety_gate');
    assert.equal(reporter('safety-gate'), 'safety_gate');
    assert.equal(reporter('plc'), 'plc');
  });

  it('is never an app that is bound to another node of that name', () => {
    assert.equal(reporter('/elsewhere/filter'), undefined);
    assert.equal(reporter('/elsewhere/lidar_front'), undefined);
  });

  it('is that of the first source that is known', () => {
    assert.equal(reporter('/unknown', 'plc'), 'plc');
    assert.equal(reporter('/unknown'), undefined);
    assert.equal(reporter(), undefined);
  });
});
