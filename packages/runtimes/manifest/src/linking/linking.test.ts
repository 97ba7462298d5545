import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeBinding } from '@medkit/core';
import { isTopicIn, matchesNamespace } from './binding.ts';
import { type LinkableApp, linkApps } from './link-apps.ts';
import { nodeIndex } from './node-index.ts';

const bind = (nodeName: string, namespace = '*'): NodeBinding => ({ nodeName, namespace });

/** A node by its FQN, optionally with its topics. */
type NodeSpec = string | readonly [fqn: string, topics: readonly string[]];

const graph = (...fqns: readonly NodeSpec[]) =>
  nodeIndex(
    fqns.map((spec) => {
      const [fqn, topics] = typeof spec === 'string' ? [spec, []] : spec;
      return { name: fqn, channels: topics, internal: fqn.includes('/_'), runtime: 'ros2' };
    }),
  );

const link = (apps: readonly LinkableApp[], ...fqns: readonly NodeSpec[]) =>
  linkApps(apps, graph(...fqns), () => undefined);
const nodesOf = (linking: ReturnType<typeof linkApps>) =>
  Object.fromEntries([...linking.nodes].map(([id, { name: fqn }]) => [id, fqn]));

describe('bindings', () => {
  it('match a namespace and those below it, at whole segments', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['*', '/anything/at/all', true],
      ['*', '', true],
      ['/nav', '/nav', true],
      ['/nav', '/nav/sub', true],
      ['/nav', '/navigation', false],
      ['/nav/', '/nav', true],
      ['nav', '/nav', true],
      ['/nav/sub', '/nav', false],
      ['', '', true],
      ['', '/nav', false],
      ['/robot_*/nav', '/robot_7/nav', true],
      ['/robot_*/nav', '/robot/nav', false],
      ['/*_a*b', '/x_ayb/z', true],
      ['/aba*aba', '/aba', false],
    ];
    for (const [pattern, namespace, expected] of cases) {
      assert.equal(matchesNamespace(pattern, namespace), expected, `${pattern} ${namespace}`);
    }
  });

  it('to the root namespace match nodes of the root alone [edge]', () => {
    assert.equal(matchesNamespace('/', ''), true);
    assert.equal(matchesNamespace('/', '/nav'), false);
  });

  it('to a full name match this node, and none below its namespace', () => {
    const app = { id: 'a', binding: { ...bind('lidar', '/front'), isFullName: true } };
    assert.deepEqual(nodesOf(link([app], '/front/sub/lidar')), {});
    assert.deepEqual(nodesOf(link([app], '/front/sub/lidar', '/front/lidar')), { a: '/front/lidar' });
    const atRoot = { id: 'a', binding: { ...bind('lidar', '/'), isFullName: true } };
    assert.deepEqual(nodesOf(link([atRoot], '/front/lidar', '/lidar')), { a: '/lidar' });
  });

  it('match topics by whole segments', () => {
    assert.equal(isTopicIn('/camera', '/camera/image'), true);
    assert.equal(isTopicIn('/camera', '/camera'), false);
    assert.equal(isTopicIn('/camera', '/camera_info/x'), false);
    assert.equal(isTopicIn('/', '/x'), false);
  });
});

describe('linking of apps to nodes', () => {
  it('finds the node by name and namespace', () => {
    const apps = [
      { id: 'planner', binding: bind('planner_server', '/nav') },
      { id: 'lidar', binding: bind('lidar_driver') },
      { id: 'base', binding: bind('base', '') },
    ];
    const linking = link(
      apps,
      '/nav/sub/planner_server',
      '/sensors/lidar_driver',
      '/base',
      '/navigation/planner_server',
    );
    assert.deepEqual(nodesOf(linking), {
      planner: '/nav/sub/planner_server',
      lidar: '/sensors/lidar_driver',
      base: '/base',
    });
    assert.deepEqual([linking.unlinked.length, linking.orphans.length], [0, 1]);
  });

  it('finds it by a topic in its namespace, too', () => {
    const apps = [{ id: 'camera', binding: { namespace: '*', channelNamespace: '/camera' } }];
    assert.deepEqual(nodesOf(link(apps, ['/a', ['/scan']], ['/b', ['/camera/image']])), { camera: '/b' });
  });

  it('takes the first of several by FQN, counts the matches of a star and reports them', () => {
    const linking = link([{ id: 'cam', binding: bind('cam') }], '/right/cam', '/left/cam');
    assert.deepEqual(nodesOf(linking), { cam: '/left/cam' });
    assert.equal(linking.wildcardMultiMatch, 1);
    assert.match(linking.warnings[0] ?? '', /cam matches 2 nodes and is bound to \/left\/cam/);
    const narrowed = link([{ id: 'cam', binding: bind('cam', '/x') }], '/x/a/cam', '/x/b/cam');
    assert.deepEqual([nodesOf(narrowed), narrowed.wildcardMultiMatch], [{ cam: '/x/a/cam' }, 0]);
  });

  it('gives a node to the app that is declared first, and counts the conflict', () => {
    const apps = [
      { id: 'first', binding: bind('cam') },
      { id: 'second', binding: bind('cam') },
    ];
    const linking = link(apps, '/cam');
    assert.deepEqual(
      [nodesOf(linking), linking.unlinked, linking.bindingConflicts],
      [{ first: '/cam' }, ['second'], 1],
    );
    assert.match(linking.warnings[0] ?? '', /app second is bound to \/cam, which is already app first/);
    assert.deepEqual(linking.orphans, []);
    assert.deepEqual(nodesOf(link(apps, '/a/cam', '/b/cam')), { first: '/a/cam', second: '/b/cam' });
  });

  it('leaves external apps out, which are not unlinked, and counts apps without a binding as unlinked', () => {
    const apps = [
      { id: 'plc', external: true, binding: bind('plc') },
      { id: 'idea' },
      { id: 'gone', binding: bind('gone') },
    ];
    const linking = link(apps, '/plc');
    assert.deepEqual([linking.nodes.size, linking.unlinked], [0, ['idea', 'gone']]);
    assert.deepEqual(
      linking.orphans.map(({ name: fqn }) => fqn),
      ['/plc'],
    );
  });

  it('links an app without a binding to the node of its id, unless another is bound to it', () => {
    const index = graph('/lidar');
    const nodeOfId = (id: string) => index.all.find(({ name: fqn }) => fqn === `/${id}`);
    const plain = { id: 'lidar', mayBeNodeOfItsId: true };
    assert.deepEqual(nodesOf(linkApps([plain], index, nodeOfId)), { lidar: '/lidar' });
    assert.deepEqual(nodesOf(linkApps([{ id: 'lidar' }], index, nodeOfId)), {});
    const bound = { id: 'scanner', binding: bind('lidar') };
    assert.deepEqual(nodesOf(linkApps([plain, bound], index, nodeOfId)), { scanner: '/lidar' });
  });

  it('links internal nodes if they are enabled and reports none of them as missing', () => {
    const linking = link([{ id: 'a', binding: bind('_a') }], '/_a', '/_b');
    assert.deepEqual([nodesOf(linking), linking.orphans], [{ a: '/_a' }, []]);
  });

  it('does not depend on the order of the nodes', () => {
    const apps = [
      { id: 'a', binding: bind('n') },
      { id: 'b', binding: bind('n', '/x') },
      { id: 'c', binding: { namespace: '*', channelNamespace: '/t' } },
    ];
    const nodes = ['/x/n', '/y/n', '/n', ['/z', ['/t/1']], ['/w', ['/t/2']]] as const;
    assert.deepEqual(link(apps, ...nodes.toReversed()), link(apps, ...nodes));
  });
});
