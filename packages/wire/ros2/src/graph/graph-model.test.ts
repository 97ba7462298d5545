import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Graph, GraphDiff } from '../graph.ts';
import { ddsTypeName } from '../names/type-names.ts';
import { gid, prefix, remoteEndpoint, remoteParticipant } from '../testing/remote-endpoints.ts';
import type { NodeEntities } from './discovery-info.ts';
import { GraphModel } from './graph-model.ts';
import { endpointUserData } from './user-data.ts';

const HASH = `RIHS01_${'ab'.repeat(32)}`;

function node(name: string, { namespace = '/', readers = [], writers = [] }: Partial<NodeEntities> = {}): NodeEntities {
  return { namespace, name, readers, writers };
}

function graphOf(model: GraphModel): Graph {
  model.takeDiff();
  return model.graph;
}

describe('the graph model', () => {
  it('combines node and endpoint in whatever order they are announced', () => {
    const participant = (model: GraphModel) => model.setParticipant(remoteParticipant(1));
    const endpoint = (model: GraphModel) => model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', '/scan'));
    const nodes = (model: GraphModel) => model.setNodes(prefix(1), [node('lidar', { writers: [gid(1, 3)] })]);
    for (const steps of [
      [participant, endpoint, nodes],
      [participant, nodes, endpoint],
    ]) {
      const model = new GraphModel();
      for (const step of steps) step(model);
      const { nodes: found, endpoints } = graphOf(model);
      assert.deepEqual(found, [{ fqn: '/lidar', name: 'lidar', namespace: '/', participants: [prefix(1)] }]);
      assert.deepEqual(
        endpoints.map(({ name, role, node: owner, type }) => [name, role, owner, type]),
        [['/scan', 'publisher', '/lidar', 'std_msgs/msg/String']],
      );
    }
  });

  it('shows an endpoint without a node, and its owner once that is known', () => {
    const model = new GraphModel();
    model.setParticipant(remoteParticipant(1));
    model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', '/scan', { userData: endpointUserData(HASH) }));
    assert.equal(graphOf(model).endpoints[0].node, undefined);
    assert.equal(graphOf(model).endpoints[0].typeHash, HASH);
    model.setNodes(prefix(1), [node('lidar', { namespace: '/robot', writers: [gid(1, 3)] })]);
    const diff = model.takeDiff();
    assert.deepEqual(
      diff?.endpoints.added.map((endpoint) => endpoint.node),
      ['/robot/lidar'],
    );
    model.setNodes(prefix(1), [node('lidar', { namespace: '/robot' })]);
    assert.equal(graphOf(model).endpoints[0].node, undefined);
  });

  it('knows the process of a participant that announces it', () => {
    const model = new GraphModel();
    model.setParticipant(remoteParticipant(1, { properties: { __Pid: '4711', __Hostname: 'robot' } }));
    model.setParticipant(remoteParticipant(2));
    const { participants } = graphOf(model);
    assert.deepEqual(participants[0].process, { id: 4711, hostname: 'robot' });
    assert.ok(!('process' in participants[1]));
  });

  it('knows both sides of services, and leaves out DDS topics that do not belong to ROS', () => {
    const model = new GraphModel();
    const half = (entity: number, kind: 'reader' | 'writer', topicName: string, type: string) =>
      model.setEndpoint(remoteEndpoint(gid(1, entity), kind, '', { topicName, typeName: ddsTypeName(type) }));
    half(1, 'reader', 'rq/addRequest', 'p/srv/Add_Request');
    half(2, 'writer', 'rr/addReply', 'p/srv/Add_Response');
    half(3, 'writer', 'rq/spin/_action/send_goalRequest', 'p/action/Spin_SendGoal_Request');
    half(4, 'reader', 'rr/addReply', 'p/srv/Add_Response');
    half(5, 'writer', 'ros_discovery_info', 'rmw_dds_common/msg/ParticipantEntitiesInfo');
    half(6, 'writer', 'HelloWorld', 'p/msg/Hello');
    assert.deepEqual(
      graphOf(model).endpoints.map(({ role, name, type }) => [role, name, type]),
      [
        ['service', '/add', 'p/srv/Add'],
        ['service', '/add', 'p/srv/Add'],
        ['client', '/spin/_action/send_goal', 'p/action/Spin_SendGoal'],
        ['client', '/add', 'p/srv/Add'],
      ],
    );
  });

  it('shows a node name that two participants use once, with both of them, until both have left', () => {
    const model = new GraphModel();
    for (const participant of [2, 1]) {
      model.setParticipant(remoteParticipant(participant));
      model.setNodes(prefix(participant), [node('twin')]);
    }
    assert.deepEqual(graphOf(model).nodes[0].participants, [prefix(1), prefix(2)]);
    model.setNodes(prefix(2), [node('twin')]);
    assert.equal(model.takeDiff(), undefined);
    model.removeParticipant(prefix(2));
    assert.deepEqual(graphOf(model).nodes[0].participants, [prefix(1)]);
    model.setNodes(prefix(1), [node('twin'), node('twin')]);
    assert.deepEqual(graphOf(model).nodes[0].participants, [prefix(1), prefix(1)]);
    model.removeParticipant(prefix(1));
    assert.deepEqual(model.takeDiff()?.nodes.removed, ['/twin']);
  });

  it('forgets the nodes of a participant that left, and ignores its late announcements', () => {
    const model = new GraphModel();
    model.setParticipant(remoteParticipant(1));
    model.setNodes(prefix(1), [node('a'), node('b')]);
    model.takeDiff();
    model.removeParticipant(prefix(1));
    assert.deepEqual(model.takeDiff()?.nodes.removed, ['/a', '/b']);
    model.setNodes(prefix(1), [node('a')]);
    assert.equal(model.takeDiff(), undefined);
  });

  it('distinguishes participants that fell silent from those that shut down in order', () => {
    const model = new GraphModel();
    for (const participant of [1, 2, 3]) model.setParticipant(remoteParticipant(participant));
    model.takeDiff();
    model.removeParticipant(prefix(1), true);
    model.removeParticipant(prefix(2));
    model.removeParticipant(prefix(3), true);
    model.setParticipant(remoteParticipant(3));
    assert.deepEqual(model.takeDiff()?.participants, { added: [], removed: [prefix(1), prefix(2)], lost: [prefix(1)] });
    model.removeParticipant(prefix(3));
    assert.deepEqual(model.takeDiff()?.participants, { added: [], removed: [prefix(3)] });
  });

  it('ignores a participant that announces the endpoint of another one as its endpoint', () => {
    const model = new GraphModel();
    for (const participant of [1, 2]) model.setParticipant(remoteParticipant(participant));
    model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', '/scan'));
    model.setNodes(prefix(1), [node('honest', { writers: [gid(1, 3)] })]);
    model.setNodes(prefix(2), [node('thief', { writers: [gid(1, 3)] })]);
    assert.equal(graphOf(model).endpoints[0].node, '/honest');
    model.setNodes(prefix(2), []);
    assert.equal(graphOf(model).endpoints[0].node, '/honest');
  });

  it('hides names that are empty, endless or have control characters', () => {
    const model = new GraphModel();
    model.setParticipant(remoteParticipant(1));
    model.setNodes(prefix(1), [node(''), node('x'.repeat(300)), node('a\nb'), node('ok', { namespace: '' })]);
    model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', `/${'x'.repeat(300)}`));
    model.setEndpoint(remoteEndpoint(gid(1, 4), 'writer', '/a', { typeName: 'a\0b' }));
    const { nodes, endpoints } = graphOf(model);
    assert.deepEqual([...nodes, ...endpoints], []);
  });

  it('reports a changed endpoint again, and nothing without a change', () => {
    const model = new GraphModel();
    model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', '/scan'));
    model.takeDiff();
    model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', '/scan'));
    assert.equal(model.takeDiff(), undefined);
    model.setEndpoint(remoteEndpoint(gid(1, 3), 'writer', '/scan', { userData: endpointUserData(HASH) }));
    assert.equal(model.takeDiff()?.endpoints.added[0].typeHash, HASH);
    model.setEndpoint(remoteEndpoint(gid(1, 9), 'writer', '/short'));
    model.removeEndpoint(gid(1, 9));
    assert.equal(model.takeDiff(), undefined);
  });

  it('reports diffs that add up to the graph, whatever happens', () => {
    const random = seededRandom(8);
    const pick = (count: number) => 1 + Math.floor(random.float() * count);
    const model = new GraphModel();
    const mirror = { nodes: new Map(), endpoints: new Map(), participants: new Map() };
    const apply = ({ nodes, endpoints, participants }: GraphDiff) => {
      for (const key of nodes.removed) mirror.nodes.delete(key);
      for (const row of nodes.added) mirror.nodes.set(row.fqn, row);
      for (const key of endpoints.removed) mirror.endpoints.delete(key);
      for (const row of endpoints.added) mirror.endpoints.set(row.gid, row);
      for (const key of participants.removed) mirror.participants.delete(key);
      for (const row of participants.added) mirror.participants.set(row.guidPrefix, row);
    };
    const sorted = (rows: Iterable<unknown>) => [...rows].map((row) => JSON.stringify(row)).sort();
    for (let step = 0; step < 3000; step += 1) {
      const participant = pick(4);
      const endpoint = gid(participant, pick(5));
      const change = random.float();
      if (change < 0.2) model.setParticipant(remoteParticipant(participant));
      else if (change < 0.25) model.removeParticipant(prefix(participant));
      else if (change < 0.5) model.setEndpoint(remoteEndpoint(endpoint, 'writer', `/topic${pick(2)}`));
      else if (change < 0.6) model.removeEndpoint(endpoint);
      else {
        const names = Array.from({ length: pick(3) - 1 }, () =>
          node(`n${pick(3)}`, { writers: [gid(participant, pick(5))] }),
        );
        model.setNodes(prefix(participant), names);
      }
      if (random.float() < 0.4) continue;
      const before = model.graph;
      const diff = model.takeDiff();
      if (diff) apply(diff);
      assert.equal(model.graph.generation, before.generation + (diff ? 1 : 0));
      assert.deepEqual(sorted(mirror.nodes.values()), sorted(model.graph.nodes));
      assert.deepEqual(sorted(mirror.endpoints.values()), sorted(model.graph.endpoints));
      assert.deepEqual(sorted(mirror.participants.values()), sorted(model.graph.participants));
    }
  });
});
