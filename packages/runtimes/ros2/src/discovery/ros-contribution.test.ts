import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { idRegistry, nodeIds } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RosNode } from '@medkit/ros2';
import { rosNode } from '../testing/fake-ros.ts';
import { type DiscoverySettings, type RosContribution, rosContribution } from './ros-contribution.ts';

const ALL: DiscoverySettings = {
  createFunctionsFromNamespaces: true,
  hostComponent: true,
  showMedkitNodes: false,
  filterInternalNodes: true,
};

const newIds = () => nodeIds(idRegistry({ clock: new SimulatedClock() }), 'ros2');

function contributionOf(fqns: readonly string[], settings: Partial<DiscoverySettings> = {}) {
  return rosContribution({
    runtime: 'ros2',
    priority: 10,
    nodes: fqns.map((fqn) => rosNode(fqn)),
    host: { hostname: 'AMR-01', osName: 'Ubuntu 24.04', machine: 'aarch64' },
    settings: { ...ALL, ...settings },
    ids: newIds(),
  });
}

describe('contribution of a ROS graph', () => {
  it('has an app per node on the host component, found by its FQN too', () => {
    const { apps, components } = contributionOf(['/nav/planner_server']);
    assert.deepEqual(apps, [
      {
        kind: 'app',
        id: 'planner_server',
        name: 'planner_server',
        source: 'heuristic',
        aliases: ['/nav/planner_server', 'nav_planner_server'],
        address: { runtime: 'ros2', nativeId: '/nav/planner_server' },
        node: '/nav/planner_server',
        online: true,
        componentId: 'amr-01',
      },
    ]);
    assert.equal(components[0]?.description, 'Ubuntu 24.04 on aarch64');
    assert.deepEqual(components[0]?.address, { runtime: 'ros2', nativeId: 'host' });
  });

  it('has functions with exactly the apps that it shows', () => {
    const { apps, functions } = contributionOf(['/lidar_driver', '/_ros2cli_77', '/nav/bt_navigator', '/nav/_hidden']);
    assert.deepEqual(
      functions.map(({ id, hosts }) => [id, hosts]),
      [
        ['nav', ['bt_navigator']],
        ['root', ['lidar_driver']],
      ],
    );
    assert.deepEqual(
      apps.map(({ id }) => id),
      ['lidar_driver', 'bt_navigator'],
    );
  });

  it('hides an internal node also if its name collides, and lets it cause no prefix', () => {
    const { apps } = contributionOf(['/a/_internal', '/b/_internal', '/a/cam']);
    assert.deepEqual(
      apps.map(({ id }) => id),
      ['cam'],
    );
  });

  it('contains every running node, and marks those that a manifest need not declare', () => {
    const nodes = ['/lidar_driver', '/_ros2cli_77'].map((fqn) => rosNode(fqn));
    const contribution = (settings: DiscoverySettings) =>
      rosContribution({
        runtime: 'ros2',
        priority: 10,
        nodes,
        host: { hostname: 'a', osName: 'b', machine: 'c' },
        settings,
        ids: newIds(),
        medkitNodes: ['/medkit_gateway', '/lidar_driver'].map((fqn) => rosNode(fqn)),
        topicsOf: (fqn) => [`${fqn}/out`],
      });
    const nodesOf = (settings: DiscoverySettings) =>
      contribution(settings).nodes?.map(({ name: fqn, internal, channels: topics }) => [fqn, internal, topics[0]]);
    const apps = (settings: DiscoverySettings) => contribution(settings).apps.map(({ id }) => id);
    assert.deepEqual(nodesOf(ALL), [
      ['/lidar_driver', false, '/lidar_driver/out'],
      ['/_ros2cli_77', true, '/_ros2cli_77/out'],
      ['/medkit_gateway', true, '/medkit_gateway/out'],
    ]);
    assert.equal(nodesOf({ ...ALL, filterInternalNodes: false })?.[1]?.[1], false);
    assert.deepEqual(apps(ALL), ['lidar_driver']);
    const withMedkit = { ...ALL, showMedkitNodes: true };
    assert.deepEqual(apps(withMedkit), ['lidar_driver', 'medkit_gateway']);
    assert.equal(nodesOf(withMedkit)?.[2]?.[1], false);
  });

  it('equals a fresh computation after any sequence of changes, with the same object for each unchanged part', () => {
    const ids = newIds();
    const names = ['/a/cam', '/b/cam', '/cam', '/nav/planner', '/nav/_hidden', '/x/y/arm', '/base'];
    for (let seed = 0; seed < 50; seed++) {
      const random = seededRandom(seed);
      const nodes = new Map<string, RosNode>();
      let before: RosContribution | undefined;
      for (let step = 0; step < 20; step++) {
        const fqn = names[Math.floor(random.float() * names.length)] ?? '';
        if (random.float() < 0.5) nodes.set(fqn, rosNode(fqn));
        else nodes.delete(fqn);
        const topics = random.float() < 0.5 ? ['/t'] : [];
        const options = {
          runtime: 'ros2',
          priority: 10,
          nodes: [...nodes.values()],
          host: { hostname: 'a', osName: 'b', machine: 'c' },
          settings: { ...ALL, hostComponent: random.float() < 0.9 },
          topicsOf: () => topics,
          ids,
        };
        const { made: _, ...fresh } = rosContribution(options);
        const { made, ...updated } = rosContribution({ ...options, ...(before && { before }) });
        assert.deepEqual(updated, fresh, `seed ${seed} step ${step}`);
        if (before && isDeepStrictEqual(updated.components, before.components)) {
          assert.equal(updated.components, before.components, `seed ${seed} step ${step}`);
        }
        for (const app of updated.apps) {
          const old = before?.apps.find(({ node: fqn }) => fqn === app.node);
          const isNew = before?.made.nodes.rows.every((node) => node !== nodes.get(app.node ?? ''));
          assert.ok(old === app || isNew !== false || !isDeepStrictEqual(old, app), `seed ${seed} step ${step}`);
        }
        before = { ...updated, made };
      }
    }
  });

  it('leaves out what the settings switch off', () => {
    const minimal = contributionOf(['/_internal'], {
      createFunctionsFromNamespaces: false,
      hostComponent: false,
      filterInternalNodes: false,
    });
    assert.deepEqual([minimal.components, minimal.functions], [[], []]);
    assert.equal(minimal.apps[0]?.id, '_internal');
    assert.equal(minimal.apps[0]?.componentId, undefined);
  });
});
