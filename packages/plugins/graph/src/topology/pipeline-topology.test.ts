import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { GraphDiff, RosEndpoint } from '@medkit/ros2';
import { app, endpoint, graphOf, topologyOf } from '../testing/small-graph.ts';
import { pipelineOf } from './pipeline.ts';
import { PipelineTopology } from './pipeline-topology.ts';

const diff = (
  generation: number,
  {
    added = [],
    removed = [],
    left = [],
    came = [],
  }: {
    readonly added?: readonly RosEndpoint[];
    readonly removed?: readonly string[];
    readonly left?: readonly string[];
    readonly came?: readonly string[];
  },
): GraphDiff => ({
  generation,
  nodes: { added: came.map((fqn) => ({ fqn, name: fqn, namespace: '/', participants: [] })), removed: left },
  endpoints: { added, removed },
  participants: { added: [], removed: [] },
});

const edgesOf = (topology: PipelineTopology, lidarOnline: boolean) =>
  pipelineOf([app('lidar', { online: lidarOnline }), app('amcl')], topology).edges;

describe('The topology of a graph', () => {
  it('that diffs update equals one built from the resulting graph', () => {
    const random = seededRandom(11);
    const names = ['a', 'b', 'c'];
    const all = names.flatMap((name) =>
      ['/x', '/y', '/rosout', '/diagnostics'].flatMap((topic) => [`${name} > ${topic}`, `${topic} > ${name}`]),
    );
    const topology = topologyOf();
    const present = new Map<string, RosEndpoint>();
    for (let generation = 2; generation < 300; generation += 1) {
      const text = all[Math.floor(random.float() * all.length)];
      const old = present.get(text);
      const node = random.float() < 0.2 ? undefined : endpoint(text).node;
      const changed = endpoint(text, {}, { node });
      if (old && random.float() < 0.5) {
        present.delete(text);
        topology.apply(diff(generation, { removed: [text] }), generation);
      } else {
        present.set(text, changed);
        topology.apply(diff(generation, { added: [changed] }), generation);
      }
      const fresh = new PipelineTopology();
      fresh.replace(graphOf([...present.values()]));
      for (const name of names) {
        const gids = (of: PipelineTopology) => [...of.endpointsOf(`/${name}`)].map(({ gid }) => gid).sort();
        assert.deepEqual(gids(topology), gids(fresh));
        assert.equal(topology.monitorOf(`${name} > /diagnostics`), fresh.monitorOf(`${name} > /diagnostics`));
      }
      for (const topic of ['/x', '/y', '/rosout'])
        assert.equal(topology.publisherCount(topic), fresh.publisherCount(topic));
    }
  });

  it('remembers the connections of a node that ends, whether its endpoints disappear together or one by one', () => {
    const atOnce = topologyOf('lidar > /scan', '/scan > amcl');
    atOnce.apply(diff(2, { removed: ['lidar > /scan'], left: ['/lidar'] }), 0);
    const disowned = topologyOf('lidar > /scan', '/scan > amcl');
    disowned.apply(diff(2, { added: [endpoint('lidar > /scan', {}, { node: undefined })] }), 0);
    disowned.apply(diff(3, { removed: ['lidar > /scan'] }), 10);
    disowned.apply(diff(4, { left: ['/lidar'] }), 20);
    const nodeFirst = topologyOf('lidar > /scan', '/scan > amcl');
    nodeFirst.apply(diff(2, { left: ['/lidar'] }), 0);
    nodeFirst.apply(diff(3, { removed: ['lidar > /scan'] }), 10);
    for (const topology of [atOnce, disowned, nodeFirst]) {
      const [edge, ...others] = edgesOf(topology, false);
      assert.equal(edge?.isRemembered, true);
      assert.deepEqual([edge.source, edge.topic, edge.target, others.length], ['lidar', '/scan', 'amcl', 0]);
    }
  });

  it('does not remember a connection that a node gave up long before it ended', () => {
    const topology = topologyOf('lidar > /scan', '/scan > amcl');
    topology.apply(diff(2, { removed: ['lidar > /scan'] }), 0);
    topology.apply(diff(3, { left: ['/lidar'] }), 60_000);
    assert.deepEqual(edgesOf(topology, false), []);
  });

  it('forgets the remembered connections of a node that is back', () => {
    const topology = topologyOf('lidar > /scan', '/scan > amcl');
    topology.apply(diff(2, { removed: ['lidar > /scan'], left: ['/lidar'] }), 0);
    topology.apply(diff(3, { came: ['/lidar'] }), 10);
    assert.deepEqual(edgesOf(topology, false), []);
  });

  it('3.5 source: names the node of the publisher, else the only one that publishes diagnostics, else none', () => {
    assert.equal(topologyOf('m > /diagnostics', 'n > /diagnostics').monitorOf('n > /diagnostics'), '/n');
    assert.equal(topologyOf('m > /diagnostics').monitorOf('of somebody'), '/m');
    assert.equal(topologyOf('m > /diagnostics', 'n > /diagnostics').monitorOf('of somebody'), undefined);
    assert.equal(topologyOf().monitorOf('of somebody'), undefined);
  });
});
