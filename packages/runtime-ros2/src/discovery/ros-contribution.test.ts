import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rosNode } from '../testing/fake-ros.ts';
import { type DiscoverySettings, rosContribution } from './ros-contribution.ts';

const ALL: DiscoverySettings = { createFunctionsFromNamespaces: true, hostComponent: true, filterInternalNodes: true };

function contributionOf(fqns: readonly string[], settings: Partial<DiscoverySettings> = {}) {
  return rosContribution({
    runtime: 'ros2',
    priority: 10,
    nodes: fqns.map((fqn) => rosNode(fqn)),
    host: { hostname: 'AMR-01', osName: 'Ubuntu 24.04', machine: 'aarch64' },
    settings: { ...ALL, ...settings },
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
        fqn: '/nav/planner_server',
        online: true,
        componentId: 'amr-01',
      },
    ]);
    assert.equal(components[0]?.description, 'Ubuntu 24.04 on aarch64');
    assert.deepEqual(components[0]?.address, { runtime: 'ros2', nativeId: 'host' });
  });

  it('names in functions exactly the apps it shows', () => {
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

  it('hides an internal node also where its name collides, and lets it cause no prefix', () => {
    const { apps } = contributionOf(['/a/_internal', '/b/_internal', '/a/cam']);
    assert.deepEqual(
      apps.map(({ id }) => id),
      ['cam'],
    );
  });

  it('tells every node that runs, and which of them nobody misses in a manifest', () => {
    const nodes = ['/lidar_driver', '/_ros2cli_77', '/medkit_gateway'].map((fqn) => rosNode(fqn));
    const told = (settings: DiscoverySettings) =>
      rosContribution({
        runtime: 'ros2',
        priority: 10,
        nodes,
        host: { hostname: 'a', osName: 'b', machine: 'c' },
        settings,
        isOwn: ({ name }) => name === 'medkit_gateway',
        topicsOf: (fqn) => [`${fqn}/out`],
      }).nodes?.map(({ fqn, internal, topics }) => [fqn, internal, topics[0]]);
    assert.deepEqual(told(ALL), [
      ['/lidar_driver', false, '/lidar_driver/out'],
      ['/_ros2cli_77', true, '/_ros2cli_77/out'],
      ['/medkit_gateway', true, '/medkit_gateway/out'],
    ]);
    assert.equal(told({ ...ALL, filterInternalNodes: false })?.[1]?.[1], false);
  });

  it('leaves out what the settings switch off', () => {
    const bare = contributionOf(['/_internal'], {
      createFunctionsFromNamespaces: false,
      hostComponent: false,
      filterInternalNodes: false,
    });
    assert.deepEqual([bare.components, bare.functions], [[], []]);
    assert.equal(bare.apps[0]?.id, '_internal');
    assert.equal(bare.apps[0]?.componentId, undefined);
  });
});
