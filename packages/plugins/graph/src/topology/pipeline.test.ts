import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RosEndpoint } from '@medkit/ros2';
import { app, endpoint, topologyOf } from '../testing/small-graph.ts';
import { MAX_EDGES, pipelineOf } from './pipeline.ts';
import type { PipelineTopology } from './pipeline-topology.ts';

const ROBOT = [
  'lidar > /scan',
  '/scan > amcl',
  '/scan > planner',
  'amcl > /pose',
  '/pose > planner',
  'planner > /plan',
];

const linesOf = (apps: readonly string[], topology: PipelineTopology): readonly string[] =>
  pipelineOf(
    apps.map((id) => app(id)),
    topology,
  ).edges.map(({ source, topic, target }) => `${source} ${topic} ${target}`);

describe('3.5 scope: a pipeline', () => {
  it('has an edge for each publisher, topic and subscriber within it, in order', () => {
    assert.deepEqual(linesOf(['planner', 'lidar', 'amcl'], topologyOf(...ROBOT)), [
      'amcl /pose planner',
      'lidar /scan amcl',
      'lidar /scan planner',
    ]);
  });

  it('has no edge that leaves it or comes from outside', () => {
    assert.deepEqual(linesOf(['planner', 'lidar'], topologyOf(...ROBOT)), ['lidar /scan planner']);
  });

  it('has no edge of a local node that shares its name with an app of another gateway', () => {
    const { edges } = pipelineOf([app('lidar', { origin: 'b' }), app('amcl')], topologyOf(...ROBOT));
    assert.deepEqual(edges, []);
    const away = app('amcl', { origin: 'b', online: false });
    assert.deepEqual(pipelineOf([app('lidar'), away], topologyOf(...ROBOT)).edges, []);
  });

  it('has the edge of an app to itself', () => {
    assert.deepEqual(linesOf(['a'], topologyOf('a > /echo', '/echo > a')), ['a /echo a']);
  });

  it('has one edge if an app has several publishers of a topic', () => {
    const second = endpoint('lidar > /scan', {}, { gid: 'second' });
    const { edges } = pipelineOf([app('lidar'), app('amcl')], topologyOf(...ROBOT, second));
    assert.deepEqual(
      edges.map(({ publishers }) => publishers.map(({ gid }) => gid)),
      [['lidar > /scan', 'second']],
    );
  });

  it('has no edge over an excluded topic', () => {
    assert.deepEqual(linesOf(['a', 'b'], topologyOf('a > /rosout', '/rosout > b')), []);
  });

  it('without apps is empty', () => {
    assert.deepEqual(pipelineOf([], topologyOf(...ROBOT)), { apps: [], edges: [], omittedEdges: 0 });
  });

  it('leaves out edges beyond a bound, and says how many', () => {
    const names = Array.from({ length: 120 }, (_, index) => `n${index}`);
    const topology = topologyOf(...names.flatMap((name) => [`${name} > /tf`, `/tf > ${name}`]));
    const { edges, omittedEdges } = pipelineOf(
      names.map((name) => app(name)),
      topology,
    );
    assert.equal(edges.length, MAX_EDGES);
    assert.equal(omittedEdges, 120 * 120 - MAX_EDGES);
  });
});

describe('The QoS of an edge', () => {
  const qosOf = (...endpoints: readonly (string | RosEndpoint)[]) =>
    pipelineOf([app('a'), app('b')], topologyOf(...endpoints)).edges[0].qos;

  it('is compatible if any pair matches, and names the policies that prevent it otherwise', () => {
    const bestEffort = endpoint('a > /x', { reliability: 'best_effort' });
    const reliable = endpoint('a > /x', {}, { gid: 'second' });
    assert.deepEqual(qosOf(bestEffort, '/x > b'), {
      isCompatible: false,
      incompatible: ['reliability'],
      isReliable: false,
    });
    assert.deepEqual(qosOf(bestEffort, reliable, '/x > b'), {
      isCompatible: true,
      incompatible: ['reliability'],
      isReliable: false,
    });
    assert.deepEqual(qosOf('a > /x', '/x > b'), { isCompatible: true, incompatible: [], isReliable: true });
  });

  it('is incompatible if the types differ', () => {
    const other = endpoint('/x > b', {}, { type: 'std_msgs/msg/Int32' });
    assert.deepEqual(qosOf('a > /x', other).incompatible, ['type']);
  });
});
