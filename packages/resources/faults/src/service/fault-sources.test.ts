import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexEntities } from '@medkit/core';
import { app, area, component, entityLists, fault, functionEntity } from '@medkit/core/testing';
import { entitiesOfFault, faultScope, holderOf, ownedSources, reportersOf } from './fault-sources.ts';

const tree = indexEntities(
  entityLists({
    areas: [area('hall'), area('cell', { parentAreaId: 'hall' })],
    components: [component('amr', { areaId: 'hall' }), component('plc', { areaId: 'cell' })],
    apps: [
      app('lidar-front', { componentId: 'amr', node: '/sensors/lidar' }),
      app('filter', { componentId: 'amr', node: '/sensors/lidar/filter' }),
      app('safety_gate', { componentId: 'amr' }),
    ],
    functions: [functionEntity('perception', ['lidar-front']), functionEntity('safety', ['plc'])],
  }),
  1,
);

const owned = (kind: Parameters<typeof tree.get>[0], id: string) => [...ownedSources(tree, tree.get(kind, id)!)].sort();
const holder = (...sources: readonly string[]) => holderOf(tree, fault('X', { sources }))?.id;

describe('the sources of an entity', () => {
  it('are those of its members; a component that only holds apps has none itself', () => {
    assert.deepEqual(owned('app', 'lidar-front'), ['/sensors/lidar']);
    assert.deepEqual(owned('app', 'safety_gate'), ['safety_gate']);
    assert.deepEqual(owned('component', 'plc'), ['plc']);
    assert.deepEqual(owned('component', 'amr'), ['/sensors/lidar', '/sensors/lidar/filter', 'safety_gate']);
    assert.deepEqual(owned('area', 'cell'), ['plc']);
    assert.deepEqual(owned('area', 'hall'), ['/sensors/lidar', '/sensors/lidar/filter', 'plc', 'safety_gate']);
    assert.deepEqual(owned('function', 'perception'), ['/sensors/lidar']);
    assert.deepEqual(owned('function', 'safety'), ['plc']);
  });

  it('of an external component are its id and those of its apps', () => {
    const plc = component('plc', { external: true });
    const robot = indexEntities(entityLists({ components: [plc], apps: [app('valve', { componentId: 'plc' })] }), 1);
    assert.deepEqual([...ownedSources(robot, plc)].sort(), ['plc', 'valve']);
  });

  it('exclude those of other gateways, whatever the names of their nodes', () => {
    const apps = ['lidar', 'b__lidar', 'gripper'].map((id) =>
      app(id, { ...(id !== 'gripper' && { node: '/lidar' }), ...(id !== 'lidar' && { origin: 'b' }) }),
    );
    const robot = indexEntities(entityLists({ apps }), 1);
    assert.equal(holderOf(robot, { sources: ['/lidar'] })?.id, 'lidar');
    assert.equal(holderOf(robot, { sources: ['/gripper'] }), undefined);
  });

  it('are compared by whole segments, and all sources of a fault must be among them', () => {
    const apps = [app('node', { componentId: 'arm', node: '/ns/node' }), app('process', { componentId: 'arm' })];
    const others = [
      app('a', { componentId: 'host' }),
      app('b', { componentId: 'host' }),
      app('c', { componentId: 'host' }),
    ];
    const components = [component('arm'), component('host')];
    const robot = indexEntities(entityLists({ components, apps: [...apps, ...others] }), 1);
    const scope = faultScope(robot, robot.get('component', 'arm')!);
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
    for (const [sources, expected] of rows) assert.equal(scope.has({ sources }), expected, sources.join());
  });
});

describe('reporters with known runtimes', () => {
  const at = (runtime: string, nativeId: string) => ({ address: { runtime, nativeId } });
  const tree = indexEntities(
    entityLists({
      components: [component('host', at('linux', 'host')), component('pump', { external: true })],
      apps: [
        app('lidar_a', { componentId: 'host', node: '/lidar', ...at('a', '/lidar') }),
        app('lidar_b', { componentId: 'host', node: '/lidar', ...at('b', '/lidar') }),
        app('arm', { node: '/arm', ...at('plc', 'arm') }),
        app('valve', at('plc', 'valve_7')),
        app('press', at('plc', 'apps/press')),
        app('tank', { ...at('peer', 'tank'), origin: 'peer' }),
      ],
    }),
    1,
  );
  const reported = (...reporters: readonly { readonly source: string; readonly runtime?: string }[]) => ({
    sources: [...new Set(reporters.map(({ source }) => source))],
    reporters: reporters.flatMap(({ source, runtime }) => (runtime === undefined ? [] : [{ source, runtime }])),
  });
  const rows: readonly (readonly [source: string, runtime: string | undefined, id: string | undefined])[] = [
    ['/lidar', 'a', 'lidar_a'],
    ['/lidar', 'b', 'lidar_b'],
    ['/lidar/filter', 'a', 'lidar_a'],
    ['/lidar', 'c', undefined],
    ['/lidar', undefined, 'lidar_b'],
    // A node that is currently not in its graph.
    ['/arm', 'a', 'arm'],
    // A reporter that is no node is known by its id to every runtime.
    ['pump', 'a', 'pump'],
    ['/bridge/valve', 'a', 'valve'],
    ['valve_7', 'plc', 'valve'],
    ['valve_7', undefined, undefined],
    ['press', 'plc', 'press'],
    ['host', 'linux', 'host'],
    ['host', undefined, undefined],
    ['tank', 'peer', undefined],
  ];

  for (const [source, runtime, id] of rows) {
    it(`resolve ${source} of ${runtime ?? 'an unknown runtime'} to ${id ?? 'no entity'}`, () => {
      const fault = reported({ source, ...(runtime && { runtime }) });
      assert.equal(holderOf(tree, fault)?.id, id ?? 'host');
      assert.deepEqual(
        [...reportersOf(tree, fault)].map((each) => each.id),
        id ? [id] : [],
      );
    });
  }

  it('resolve to all reporters of one name', () => {
    const fault = reported({ source: '/lidar', runtime: 'a' }, { source: '/lidar', runtime: 'b' });
    assert.deepEqual([...reportersOf(tree, fault)].map(({ id }) => id).sort(), ['lidar_a', 'lidar_b']);
    const hasIn = (kind: 'app' | 'component', id: string) => faultScope(tree, tree.get(kind, id)!).has(fault);
    assert.deepEqual([hasIn('app', 'lidar_a'), hasIn('component', 'host')], [false, true]);
  });

  it('assign a fault only to the entity at the address', () => {
    const hasIn = (id: string, fault: ReturnType<typeof reported>) => faultScope(tree, tree.get('app', id)!).has(fault);
    const ofA = reported({ source: '/lidar', runtime: 'a' });
    assert.deepEqual([hasIn('lidar_a', ofA), hasIn('lidar_b', ofA)], [true, false]);
    const byName = reported({ source: '/lidar' });
    assert.deepEqual([hasIn('lidar_a', byName), hasIn('lidar_b', byName)], [true, true]);
  });

  it('are resolved at the gateway that stores the fault', () => {
    const fault = reported({ source: 'tank', runtime: 'peer' });
    assert.equal(holderOf(tree, fault, 'peer')?.id, 'tank');
    const tank = tree.get('app', 'tank')!;
    assert.deepEqual([faultScope(tree, tank, 'peer').has(fault), faultScope(tree, tank).has(fault)], [true, false]);
  });
});

describe('the holder of a fault', () => {
  it('is the app whose node it is, or whose name is a prefix of the source, the nearest first', () => {
    assert.equal(holder('/sensors/lidar'), 'lidar-front');
    assert.equal(holder('/sensors/lidar/filter'), 'filter');
    assert.equal(holder('/sensors/lidar/filter/stage'), 'filter');
    assert.equal(holder('/sensors/lidar/other'), 'lidar-front');
  });

  it('is found by the plain id, in either spelling, for anything that is not a node', () => {
    assert.equal(holder('safety_gate'), 'safety_gate');
    assert.equal(holder('/bridge/safety_gate'), 'safety_gate');
    assert.equal(holder('safety-gate'), 'safety_gate');
    assert.equal(holder('plc'), 'plc');
  });

  it('is never an app that is bound to another node of that name, but the host', () => {
    assert.equal(holder('/elsewhere/filter'), 'amr');
    assert.equal(holder('/elsewhere/lidar_front'), 'amr');
  });

  it('is the host component if a source is not an entity of the tree', () => {
    assert.equal(holder('/unknown', 'plc'), 'amr');
    assert.equal(holder('/unknown'), 'amr');
    assert.equal(holder(), 'amr');
  });

  it('is the component that has all reporters, or the host if they share none', () => {
    const arm = [app('grip', { componentId: 'arm' }), app('joint', { componentId: 'arm' })];
    const base = ['a', 'b', 'c'].map((id) => app(id, { componentId: 'base' }));
    const robot = indexEntities(
      entityLists({ components: [component('arm'), component('base')], apps: [...arm, ...base] }),
      1,
    );
    const of = (...sources: readonly string[]) => holderOf(robot, { sources })?.id;
    assert.deepEqual([of('grip', 'joint'), of('grip', 'a')], ['arm', 'base']);
  });

  it('has the fault in its scope, whichever source reported it', () => {
    const all = [...tree.all('component'), ...tree.all('app'), ...tree.all('area')];
    const names = ['/sensors/lidar', 'plc', '/bridge/safety_gate', 'safety-gate', '/elsewhere/filter', '/', ''];
    for (const sources of [[], ...names.map((name) => [name]), ...names.map((name) => [name, 'plc'])]) {
      const found = holderOf(tree, { sources });
      assert.ok(found && faultScope(tree, found).has({ sources }), sources.join());
      const others = all.filter((each) => each.kind === 'app' && each !== found);
      if (found.id === 'amr')
        assert.ok(!others.some((each) => faultScope(tree, each).has({ sources })), sources.join());
    }
  });

  it('is an area if the gateway has no component, and among the entities that the fault concerns', () => {
    const robot = indexEntities(entityLists({ areas: [area('hall')], apps: [app('lidar', { node: '/lidar' })] }), 1);
    const ids = (...sources: readonly string[]) => [...entitiesOfFault(robot, { sources })].map(({ id }) => id);
    assert.deepEqual([ids('/gone'), ids('/lidar'), ids('/lidar', '/gone')], [['hall'], ['lidar'], ['lidar', 'hall']]);
    assert.equal(holderOf(indexEntities(entityLists({}), 1), { sources: ['/gone'] }), undefined);
  });
});
