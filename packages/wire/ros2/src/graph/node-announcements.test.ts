import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Participant, QosPolicies } from '@medkit/rtps';
import { ddsTypeName } from '../names/type-names.ts';
import { openPlainParticipant } from '../testing/plain-participant.ts';
import { type SimulatedGraph, simulatedGraph } from '../testing/simulated-graph.ts';
import {
  DISCOVERY_INFO_TOPIC,
  DISCOVERY_INFO_TYPE,
  decodeDiscoveryInfo,
  encodeDiscoveryInfo,
  type GidBytes,
} from './discovery-info.ts';
import { endpointUserData } from './user-data.ts';

const HASH = `RIHS01_${'ab'.repeat(32)}`;
const QOS: Partial<QosPolicies> = { reliability: 'reliable', durability: 'transient-local' };
const TOPIC = { topicName: DISCOVERY_INFO_TOPIC, typeName: ddsTypeName(DISCOVERY_INFO_TYPE), qos: QOS };

/** Decodes what is announced to a participant; `userData` belongs to its reader. */
function listen(participant: Participant, userData: Uint8Array): { layouts: GidBytes[]; names: () => string[] } {
  const layouts: GidBytes[] = [];
  let names: string[] = [];
  participant.createReader({
    ...TOPIC,
    userData,
    onSample: ({ change, payload }) => {
      if (change !== 'alive') return;
      const { gidBytes, nodes } = decodeDiscoveryInfo(payload);
      layouts.push(gidBytes);
      names = nodes.map(({ name }) => name);
    },
  });
  return { layouts, names: () => names };
}

const speak = (participant: Participant, gidBytes: GidBytes, name = 'peer') =>
  participant
    .createWriter(TOPIC)
    .write(
      encodeDiscoveryInfo(
        { gid: `${participant.guidPrefix}000001c1`, nodes: [{ namespace: '/', name, readers: [], writers: [] }] },
        gidBytes,
      ),
    );

/** Runs a scene between medkit with one node and a DDS application. */
async function play(scene: (graph: SimulatedGraph, peer: Participant) => Promise<void>): Promise<void> {
  const graph = simulatedGraph();
  const peer = await openPlainParticipant(graph);
  try {
    await scene(graph, peer);
  } finally {
    await peer.close();
    await graph.close();
  }
}

describe('node announcements', () => {
  for (const [peerKind, userData, layout] of [
    ['that announces type hashes, as since Iron,', endpointUserData(HASH), 16],
    ['without type hashes, as in Humble,', new Uint8Array(), 24],
  ] as const) {
    it(`reach a peer ${peerKind} in its layout`, () =>
      play(async (graph, peer) => {
        const medkit = await graph.join();
        const announced = listen(peer, userData);
        await medkit.node({ name: 'medkit' });
        await graph.until(() => announced.names().join() === 'medkit', 'the node is announced');
        assert.deepEqual([...new Set(announced.layouts)], [layout]);
      }));

    it(`reach a peer ${peerKind} also when it joins late`, () =>
      play(async (graph, peer) => {
        const medkit = await graph.join();
        await medkit.node({ name: 'medkit' });
        await graph.clock.advanceAsync(100);
        const announced = listen(peer, userData);
        await graph.until(() => announced.names().join() === 'medkit', 'the node is announced');
        assert.deepEqual([...new Set(announced.layouts)], [layout]);
      }));
  }

  it('follow the layout that a peer writes itself, whatever its endpoints say', () =>
    play(async (graph, peer) => {
      const medkit = await graph.join();
      await medkit.node({ name: 'medkit' });
      const announced = listen(peer, new Uint8Array());
      await graph.until(() => announced.layouts.includes(24), 'Humble is assumed');
      speak(peer, 16);
      await graph.until(() => announced.layouts.includes(16), 'the other layout is used');
      await medkit.node({ name: 'second' });
      await graph.until(() => announced.names().length === 2, 'the second node is announced');
      assert.deepEqual(announced.layouts.slice(announced.layouts.indexOf(16)).includes(24), false);
    }));

  for (const gidBytes of [16, 24] as const) {
    it(`of others are read with gids of ${gidBytes} octets`, () =>
      play(async (graph, peer) => {
        const medkit = await graph.join();
        speak(peer, gidBytes);
        await graph.until(async () => (await medkit.graph()).nodes[0]?.fqn === '/peer', 'the node is seen');
      }));
  }

  it('are dropped and counted when they are malformed', () =>
    play(async (graph, peer) => {
      const medkit = await graph.join();
      peer.createWriter(TOPIC).write(Uint8Array.of(0, 1, 0, 0, 1, 2, 3));
      const dropped = async () => (await medkit.facts()).dropped['malformed-node-announcement'];
      await graph.until(async () => (await dropped()) === 1, 'it is counted');
    }));

  it('end with the lease of a participant that fell silent', () =>
    play(async (graph, peer) => {
      const medkit = await graph.join();
      speak(peer, 16);
      await graph.until(async () => (await medkit.graph()).nodes.length === 1, 'the node is seen');
      graph.network.setLink('10.0.0.200', false);
      await graph.until(async () => (await medkit.graph()).participants.length === 0, 'the lease runs out');
      assert.deepEqual((await medkit.graph()).nodes, []);
    }));
});
