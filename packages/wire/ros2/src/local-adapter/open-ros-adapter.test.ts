import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryFiles } from '@medkit/edges/testing';
import { openParticipant, type Participant } from '@medkit/rtps';
import type { RosAdapter, TopicSample } from '../adapter/adapter.ts';
import { readEnvironment } from '../environment/environment.ts';
import { endpointUserData } from '../graph/user-data.ts';
import { ddsTypeName } from '../names/type-names.ts';
import { describeRosAdapter } from '../testing/contract-suite.ts';
import { loopbackGraph } from '../testing/loopback-graph.ts';
import { openPlainParticipant } from '../testing/plain-participant.ts';
import { type SimulatedGraph, simulatedGraph } from '../testing/simulated-graph.ts';
import { folderSource } from '../types/type-source.ts';
import { TypeStore } from '../types/type-store.ts';
import type { RosAdapterOptions } from './open-ros-adapter.ts';

describeRosAdapter('in this thread, over a simulated network', async () => simulatedGraph());

describeRosAdapter('in this thread, over a network that loses and reorders', async () =>
  simulatedGraph({ conditions: { loss: 0.05, duplication: 0.05, reordering: 0.1, reorderMs: 20, latencyMs: 1 } }),
);

// A different domain per case, so that no case discovers endpoints of an earlier one.
let domainId = 80;
describeRosAdapter('in this thread, over UDP on loopback', async () => {
  domainId += 1;
  return loopbackGraph({ domainId });
});

describe('the adapter in this thread', () => {
  /** Runs a scene between medkit and a DDS application. */
  async function play(
    options: Partial<RosAdapterOptions>,
    scene: (graph: SimulatedGraph, medkit: RosAdapter, peer: Participant) => Promise<void>,
  ): Promise<void> {
    const graph = simulatedGraph();
    const peer = await openPlainParticipant(graph);
    try {
      await scene(graph, await graph.join(options), peer);
    } finally {
      await peer.close();
      await graph.close();
    }
  }

  const writerOf = (peer: Participant, type: string, typeHash: string | undefined) =>
    peer.createWriter({ topicName: 'rt/a', typeName: ddsTypeName(type), userData: endpointUserData(typeHash) });

  const seen = async (graph: SimulatedGraph, medkit: RosAdapter) =>
    graph.until(async () => (await medkit.graph()).endpoints.length === 1, 'the publisher is seen');

  it('computes facts from the endpoints once for each generation of the graph', () =>
    play({}, async (graph, medkit, peer) => {
      writerOf(peer, 'std_msgs/msg/String', undefined);
      await seen(graph, medkit);
      const { incompatible } = await medkit.facts();
      assert.equal((await medkit.facts()).incompatible, incompatible);
      const node = await medkit.node({ name: 'medkit' });
      const qos = { durability: 'transient_local' } as const;
      await node.subscribe({ topic: '/a', type: 'std_msgs/msg/String', qos, onSample: () => undefined });
      assert.equal((await medkit.facts()).incompatible.length, 1);
    }));

  it('shows a publisher of a process without any node', () =>
    play({}, async (graph, medkit, peer) => {
      writerOf(peer, 'std_msgs/msg/String', undefined);
      await seen(graph, medkit);
      const { nodes, endpoints, participants } = await medkit.graph();
      assert.deepEqual(nodes, []);
      assert.deepEqual([endpoints[0].name, endpoints[0].node], ['/a', undefined]);
      assert.equal(participants[0].guidPrefix, endpoints[0].participant);
    }));

  it('announces type hash and enclave as ROS does', () =>
    play({}, async (graph, medkit, peer) => {
      await (await medkit.node({ name: 'n' })).publisher('/a', 'std_msgs/msg/String');
      const text = (userData: Uint8Array | undefined) => Buffer.from(userData ?? []).toString();
      const announced = () => peer.endpoints().find(({ topicName }) => topicName === 'rt/a');
      await graph.until(() => announced() !== undefined, 'the publisher is announced');
      assert.equal(
        text(announced()?.userData),
        'typehash=RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18;',
      );
      assert.equal(text(peer.participants()[0]?.userData), 'enclave=/;');
      const info = peer.endpoints().find(({ topicName }) => topicName === 'ros_discovery_info');
      assert.match(text(info?.userData), /^typehash=RIHS01_/);
    }));

  it('does not decode with a definition whose hash differs from the announced one', () =>
    play({}, async (graph, medkit, peer) => {
      writerOf(peer, 'std_msgs/msg/String', `RIHS01_${'ab'.repeat(32)}`);
      await seen(graph, medkit);
      assert.equal(await medkit.describeType('std_msgs/msg/String'), undefined);
      assert.deepEqual((await medkit.facts()).unknownTypes, ['std_msgs/msg/String']);
    }));

  it('uses a definition of the user that has the announced hash', () =>
    play(
      {
        files: new MemoryFiles({ '/defs/std_msgs/msg/String.msg': 'string data\nint32 more' }),
        typeFolders: ['/defs'],
      },
      async (graph, medkit, peer) => {
        assert.equal((await medkit.describeType('std_msgs/msg/String'))?.source, 'bundled');
        const localTypes = new TypeStore({
          sources: [
            folderSource(new MemoryFiles({ '/defs/std_msgs/msg/String.msg': 'string data\nint32 more' }), '/defs'),
          ],
        });
        writerOf(peer, 'std_msgs/msg/String', (await localTypes.find('std_msgs/msg/String'))?.hash);
        await seen(graph, medkit);
        assert.equal((await medkit.describeType('std_msgs/msg/String'))?.source, '/defs/std_msgs/msg/String.msg');
      },
    ));

  it('counts samples that are not of the type of a subscription', () =>
    play({}, async (graph, medkit, peer) => {
      const samples: TopicSample[] = [];
      const node = await medkit.node({ name: 'n' });
      await node.subscribe({
        topic: '/a',
        type: 'std_msgs/msg/String',
        qos: {},
        onSample: (sample) => void samples.push(sample),
      });
      const writer = writerOf(peer, 'std_msgs/msg/String', undefined);
      await graph.until(() => writer.matched().length === 1, 'they match');
      writer.write(Uint8Array.of(0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff));
      const good = Uint8Array.of(0, 1, 0, 0, 2, 0, 0, 0, 0x78, 0);
      writer.write(good);
      await graph.until(() => samples.length === 1, 'the good one arrives');
      assert.equal((await medkit.facts()).dropped['malformed-message'], 1);
    }));

  it('lists the participants, their vendors, and the users of a Discovery Server', () =>
    play({}, async (graph, medkit) => {
      const client = await openParticipant({
        domainId: 0,
        clock: graph.clock,
        random: graph.random,
        datagrams: graph.network.host('10.0.0.201'),
        properties: { PARTICIPANT_TYPE: 'SUPER_CLIENT' },
      });
      await graph.until(async () => (await medkit.facts()).participants[0]?.count === 2, 'both are heard');
      const { participants, discoveryServer, securedParticipants, notUnderstood } = await medkit.facts();
      assert.deepEqual(participants, [{ vendor: 'medkit', version: '', count: 2 }]);
      assert.deepEqual(discoveryServer, { servers: 0, clients: 1 });
      assert.deepEqual([securedParticipants, notUnderstood], [0, []]);
      await client.close();
    }));

  it('finds static peers by name, and reports those that have no address', () =>
    play(
      {
        environment: readEnvironment({ ROS_STATIC_PEERS: 'robot-1;robot-2' }),
        resolveHost: async (name) => (name === 'robot-1' ? '10.0.0.9' : undefined),
      },
      async (_, medkit) => {
        const { unsupported } = await medkit.facts();
        assert.deepEqual(unsupported, ['ROS_STATIC_PEERS: the address of robot-2 could not be found.']);
      },
    ));
});
