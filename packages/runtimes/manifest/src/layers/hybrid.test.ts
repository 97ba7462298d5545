import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Contribution } from '@medkit/core';
import { mergeContributions } from '@medkit/core/merge';
import { app, area, component, functionEntity } from '@medkit/core/testing';
import { type Change, declared, hybrid, idsOf, manifest, plugin, ros, SETTINGS } from '../testing/robot-layers.ts';
import type { HybridSettings } from './layer-settings.ts';
import { arrangeManifestOnly } from './manifest-only.ts';

describe('a manifest and a graph together', () => {
  it('show a declared app as its bound node, under the declared id and name', () => {
    const front = declared('front_lidar', 'lidar_driver', { name: 'Front LiDAR', componentId: 'lidar' });
    const { tree } = hybrid([manifest({ components: [component('lidar')], apps: [front] }), ros(['/s/lidar_driver'])]);
    assert.deepEqual(idsOf(tree), { area: [], component: ['lidar'], app: ['front_lidar'], function: [] });
    assert.deepEqual(tree.get('app', 'front_lidar'), {
      kind: 'app',
      id: 'front_lidar',
      contributors: ['local'],
      origin: 'local',
      name: 'Front LiDAR',
      source: 'manifest',
      aliases: ['lidar_driver', '/s/lidar_driver'],
      address: { runtime: 'ros2', nativeId: '/s/lidar_driver' },
      addresses: [{ runtime: 'ros2', nativeId: '/s/lidar_driver' }],
      componentId: 'lidar',
      node: '/s/lidar_driver',
      online: true,
      binding: { nodeName: 'lidar_driver', namespace: '*' },
    });
    assert.equal(tree.resolve('app', 'lidar_driver')?.id, 'front_lidar');
  });

  it('show a node by its longer id if a declared app has its id, and plugins refer to the declared app by that id', () => {
    const bound = declared('cam', 'cam', { binding: { nodeName: 'cam', namespace: '/front' } });
    const graph = ros(['/rear/cam'], {
      apps: [app('cam', { node: '/rear/cam', aliases: ['/rear/cam', 'rear_cam'] })],
      functions: [functionEntity('rear', ['cam'])],
    });
    const settings = { gapFill: { ...SETTINGS.gapFill, functions: true } };
    const { tree } = hybrid(
      [manifest({ apps: [bound] }), graph, plugin({ apps: [app('cam', { tags: ['checked'], online: false })] })],
      { settings },
    );
    assert.deepEqual(
      tree.all('app').map(({ id, node, tags }) => [id, node, tags]),
      [
        ['cam', '/front/cam', ['checked']],
        ['rear_cam', '/rear/cam', undefined],
      ],
    );
    assert.deepEqual(tree.get('function', 'rear')?.hosts, ['rear_cam']);
  });

  it('do not show an app a second time under another id [edge: exact counts]', () => {
    const { tree } = hybrid([manifest({ apps: [declared('a', 'x'), declared('y', 'y')] }), ros(['/x', '/y', '/z'])]);
    assert.deepEqual(idsOf(tree).app, ['a', 'y', 'z']);
  });

  it('show apps of the manifest online also if other nodes are hidden [edge]', () => {
    const gapFill = { ...SETTINGS.gapFill, apps: false };
    const { tree, linking } = hybrid([manifest({ apps: [declared('a', 'x')] }), ros(['/x', '/y'])], {
      settings: { gapFill },
    });
    assert.deepEqual(
      tree.all('app').map(({ id, online }) => [id, online]),
      [['a', true]],
    );
    assert.equal(linking?.orphans.length, 1);
  });

  it('show an app whose node does not run as offline, with the name that its faults and logs have', () => {
    const apps = [declared('exact', 'x', { binding: { nodeName: 'x', namespace: '/a' } }), declared('any', 'y')];
    const contributions = [manifest({ apps }), ros(['/y'])];
    const before = hybrid(contributions);
    assert.deepEqual([before.tree.get('app', 'exact')?.node, before.tree.get('app', 'exact')?.online], ['/a/x', false]);
    const after = hybrid([contributions[0]!, ros([])], { bound: before.bound });
    const gone = after.tree.get('app', 'any');
    assert.deepEqual([gone?.node, gone?.online, gone?.address?.nativeId], ['/y', false, '/y']);
    const unrelated = hybrid([manifest({ apps: [declared('any', 'z')] }), ros([])], { bound: before.bound });
    assert.equal(unrelated.tree.get('app', 'any')?.node, undefined);
  });

  it('never show one node as two apps, even if one is offline', () => {
    const exact = { binding: { nodeName: 'x', namespace: '/' } };
    const { tree } = hybrid([
      manifest({ apps: [declared('first', 'x'), declared('second', 'x', exact)] }),
      ros(['/x']),
    ]);
    assert.deepEqual(
      tree.all('app').map(({ id, node: fqn }) => [id, fqn]),
      [
        ['first', '/x'],
        ['second', undefined],
      ],
    );
  });

  it('leave an external app alone, also if a node has its id', () => {
    const { tree } = hybrid([manifest({ apps: [declared('plc', undefined, { external: true })] }), ros(['/plc'])]);
    const { online, address, node: fqn } = tree.get('app', 'plc') ?? {};
    assert.deepEqual([online, address, fqn], [false, undefined, undefined]);
  });

  it('leave undeclared apps of the graph online', () => {
    const { tree } = hybrid([manifest({}), ros(['/x'])]);
    assert.deepEqual([tree.get('app', 'x')?.online, tree.get('app', 'x')?.componentId], [true, undefined]);
  });

  it('add details to a component of both, and leave out a component that only the graph has', () => {
    const host = component('host', { address: { runtime: 'ros2', nativeId: 'host' }, description: 'Debian' });
    const treeOf = (id: string) =>
      hybrid([
        manifest({ components: [component(id, { name: 'Computer', source: 'manifest' })] }),
        ros(['/x'], { components: [host] }),
      ]).tree;
    assert.deepEqual(idsOf(treeOf('arm')).component, ['arm']);
    const { name, description, source } = treeOf('host').get('component', 'host') ?? {};
    assert.deepEqual([name, description, source], ['Computer', 'Debian', 'manifest']);
    assert.equal(treeOf('host').get('app', 'x')?.componentId, 'host');
  });

  it('leave out functions of the graph unless they are enabled, and then name its apps by their shown ids', () => {
    const contributions = [manifest({ apps: [declared('a', 'x')] }), ros(['/x', '/y'])];
    assert.deepEqual(idsOf(hybrid(contributions).tree).function, []);
    const wanted = hybrid(contributions, { settings: { gapFill: { ...SETTINGS.gapFill, functions: true } } });
    assert.deepEqual(wanted.tree.get('function', 'root')?.hosts, ['a', 'y']);
  });

  it('do not inherit topics, services and actions if the manifest disables that, also if ids are equal [edge]', () => {
    const contributions = [manifest({ apps: [declared('x', 'x')] }), ros(['/x'])];
    const { tree } = hybrid(contributions, { config: { inheritRuntimeResources: false } });
    const { address, node: fqn, online } = tree.get('app', 'x') ?? {};
    assert.deepEqual([address?.withheld, fqn, online], [['data', 'operations'], '/x', true]);
    assert.equal(hybrid(contributions).tree.get('app', 'x')?.address?.withheld, undefined);
  });
});

describe('gap fill', () => {
  const visible = (gapFill: Partial<HybridSettings['gapFill']>) => {
    const fqns = ['/robot/nav/planner', '/robotics/arm', '/lidar', '/robot/camera'];
    const result = hybrid([manifest({ apps: [declared('cam', 'camera')] }), ros(fqns)], {
      settings: { gapFill: { ...SETTINGS.gapFill, ...gapFill } },
    });
    return [idsOf(result.tree).app, result.filteredByGapFill];
  };

  it('lets nodes through by namespace, at whole segments, and counts the others', () => {
    assert.deepEqual(visible({ whitelist: ['/robot'] }), [['cam', 'planner'], 2]);
    assert.deepEqual(visible({ blacklist: ['/robot'] }), [['arm', 'cam', 'lidar'], 1]);
    assert.deepEqual(visible({ whitelist: ['/robot'], blacklist: ['/robot/nav'] }), [['cam'], 3]);
  });

  it('never separates a declared app from its node', () => {
    assert.deepEqual(visible({ whitelist: ['/nowhere'] }), [['cam'], 3]);
  });
});

describe('undeclared nodes', () => {
  it('are shown under every policy but ignore', () => {
    const contributions = [manifest({ apps: [declared('a', 'x')] }), ros(['/x', '/y'])];
    for (const unmanifestedNodes of ['warn', 'error', 'include_as_orphan'] as const) {
      const { tree } = hybrid(contributions, { config: { unmanifestedNodes } });
      assert.deepEqual(idsOf(tree).app, ['a', 'y'], unmanifestedNodes);
      assert.equal(tree.get('app', 'y')?.source, 'heuristic');
    }
    assert.deepEqual(idsOf(hybrid(contributions, { config: { unmanifestedNodes: 'ignore' } }).tree).app, ['a']);
  });

  it('are dropped if a declared app of that id is another node', () => {
    const contributions = [manifest({ apps: [declared('lidar', 'driver')] }), ros(['/driver', '/lidar'])];
    const { tree, linking } = hybrid(contributions);
    assert.equal(tree.get('app', 'lidar')?.node, '/driver');
    assert.deepEqual(
      linking?.orphans.map(({ name: fqn }) => fqn),
      ['/lidar'],
    );
  });

  it('are not protected by a plugin that adds to them; an app of the plugin itself survives ignore [edge]', () => {
    const contributions = [
      manifest({ apps: [declared('a', 'x')] }),
      ros(['/x', '/y']),
      plugin({ apps: [app('y', { tags: ['seen'] }), app('own', { source: 'plugin', tags: ['unlisted'] })] }),
    ];
    const { tree } = hybrid(contributions, { config: { unmanifestedNodes: 'ignore' } });
    assert.deepEqual(idsOf(tree).app, ['a', 'own']);
    assert.equal(tree.get('app', 'own')?.online, true);
  });
});

describe('plugins beside a manifest', () => {
  it('that name a node by the id of its app refer to the declared app', () => {
    const beacon = plugin({
      apps: [app('x', { tags: ['beacon'], source: 'plugin', dependsOn: ['y'] })],
      functions: [functionEntity('drive', ['x', 'y'], { source: 'plugin' })],
    });
    const { tree } = hybrid([manifest({ apps: [declared('a', 'x'), declared('b', 'y')] }), ros(['/x', '/y']), beacon]);
    assert.deepEqual(idsOf(tree).app, ['a', 'b']);
    assert.deepEqual([tree.get('app', 'a')?.tags, tree.get('app', 'a')?.dependsOn], [['beacon'], ['b']]);
    assert.deepEqual(tree.get('function', 'drive')?.hosts, ['a', 'b']);
  });

  it('that add to a node add to its declared app', () => {
    const adding: Contribution = { ...plugin({}), additions: { apps: [app('x', { tags: ['seen'] }), app('z')] } };
    const { tree } = hybrid([manifest({ apps: [declared('a', 'x')] }), ros(['/x']), adding]);
    assert.deepEqual(idsOf(tree).app, ['a']);
    assert.deepEqual(tree.get('app', 'a')?.tags, ['seen']);
  });

  it('that name an app by both of its ids are merged by its shown id', () => {
    const said = plugin({ apps: [app('x', { tags: ['node'] }), app('a', { tags: ['declared'] })] });
    const { tree, report } = hybrid([manifest({ apps: [declared('a', 'x')] }), ros(['/x']), said]);
    assert.deepEqual([tree.get('app', 'a')?.tags, report.dropped], [['declared'], []]);
  });

  it('may declare apps with a binding', () => {
    const contributions = [manifest({}), ros(['/x']), plugin({ apps: [declared('p', 'x', { source: 'plugin' })] })];
    const { tree } = hybrid(contributions);
    assert.deepEqual(idsOf(tree).app, ['p']);
    assert.equal(tree.get('app', 'p')?.online, true);
  });
});

describe('layers that are switched off', () => {
  const contributions = [manifest({ apps: [declared('a', 'x')] }), ros(['/x']), plugin({ areas: [area('p')] })];

  it('take no part, and without the graph nothing is linked', () => {
    const alone = hybrid(contributions, { settings: { runtimeLayer: false } });
    assert.deepEqual([idsOf(alone.tree).app, alone.linking], [['a'], undefined]);
    assert.equal(alone.tree.get('app', 'a')?.online, false);
    const graphOnly = hybrid(contributions, { settings: { manifestLayer: false } });
    assert.deepEqual(idsOf(graphOnly.tree), { area: ['p'], component: [], app: ['x'], function: [] });
    const none = hybrid(contributions, { settings: { manifestLayer: false, runtimeLayer: false } });
    assert.deepEqual(idsOf(none.tree), { area: ['p'], component: [], app: [], function: [] });
  });
});

describe('policies of the layers', () => {
  it('let the manifest decide names and the graph what runs; a conflict is one of authorities', () => {
    const contributions = [
      manifest({ apps: [declared('x', 'x', { name: 'X', description: 'of the manifest' })] }),
      ros(['/x']),
      plugin({ apps: [app('x', { name: 'P', online: false, description: 'of the plugin' })] }),
    ];
    const named = (change: Change) => {
      const { name, description, online } = hybrid(contributions, change).tree.get('app', 'x') ?? {};
      return [name, description, online];
    };
    assert.deepEqual(named({}), ['X', 'of the manifest', true]);
    assert.deepEqual(named({ config: { allowManifestOverride: false } }), ['P', 'of the plugin', true]);
    const explicit = {
      config: { allowManifestOverride: false },
      settings: { manifestPolicies: { identity: 'authoritative' } },
    } as const;
    assert.deepEqual(named(explicit), ['X', 'of the manifest', true]);
    assert.equal(
      hybrid(contributions, { config: { allowManifestOverride: false } }).tree.get('app', 'x')?.source,
      'manifest',
    );
  });
});

describe('manifest only', () => {
  it('has the tree of the manifest, with no app online and the resources of exact bindings at their apps', () => {
    const apps = [
      declared('exact', 'x', { binding: { nodeName: 'x', namespace: '/a' } }),
      declared('any', 'y'),
      declared('plc', 'z', { external: true, binding: { nodeName: 'z', namespace: '/' } }),
    ];
    const contributions = [
      manifest({ areas: [area('hall')], apps }),
      ros(['/a/x', '/y', '/z']),
      plugin({ areas: [area('p')] }),
    ];
    const { tree } = mergeContributions(arrangeManifestOnly(contributions));
    assert.deepEqual(idsOf(tree), { area: ['hall', 'p'], component: [], app: ['any', 'exact', 'plc'], function: [] });
    assert.deepEqual(
      tree.all('app').map(({ online, address }) => [online, address?.nativeId]),
      [
        [false, undefined],
        [false, '/a/x'],
        [false, undefined],
      ],
    );
  });
});
