import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Graph } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { untilGraph } from './graph-watch.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import type { ParticipantEntities, PeerEvent } from './peer-events.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const STRING_HASH = 'RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18';

/** How long an idle graph is watched. */
const REST_MS = 2000;

const environments = [
  { vendor: 'cyclone', discovery: 'localhost' },
  { vendor: 'cyclone', discovery: 'multicast' },
  { vendor: 'fastdds', discovery: 'localhost' },
  { vendor: 'fastdds', discovery: 'multicast' },
  { vendor: 'fastdds', discovery: 'shm' },
] as const;

const vendorNames = { cyclone: 'Cyclone DDS', fastdds: 'Fast DDS' } as const;

const endpointOf = (graph: Graph, gid: string) => graph.endpoints.find((endpoint) => endpoint.gid === gid);
const hasNode = (graph: Graph, fqn: string) => graph.nodes.some((node) => node.fqn === fqn);

/** Returns the node of this name if the event announces it. */
function announced(event: PeerEvent, namespace: string, name: string) {
  if (event.event !== 'graph') return undefined;
  return event.value.node_entities_info_seq.find(
    (node) => node.node_namespace === namespace && node.node_name === name,
  );
}

const gids = (announcement: readonly { readonly data: readonly number[] }[]) =>
  announcement.map(({ data }) => Buffer.from(data).toString('hex'));

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();
const THIRD_DOMAIN = await reserveDomain();
const FOURTH_DOMAIN = await reserveDomain();

peerSuite('the graph of real DDS processes', {}, () => {
  for (const { vendor, discovery } of environments) {
    test(`${vendor}, ${discovery}: nodes and topics appear with type, QoS and owner`, { timeout: 30_000 }, async () => {
      await using adapter = await openAdapter({
        domainId: DOMAIN,
        discovery: discovery === 'multicast' ? 'multicast' : 'localhost',
      });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        discovery,
        commands: [
          'node /robot/arm/camera',
          'pub /robot/image sensor_msgs/msg/Image best_effort depth=5',
          'node /talker',
          'pub /chatter std_msgs/msg/String',
          'pub /map std_msgs/msg/String transient_local depth=1',
          'sub /cmd_vel geometry_msgs/msg/Twist deadline=2',
        ],
      });
      const expected = [
        { topic: '/robot/image', role: 'publisher', type: 'sensor_msgs/msg/Image', node: '/robot/arm/camera' },
        { topic: '/chatter', role: 'publisher', type: 'std_msgs/msg/String', node: '/talker' },
        { topic: '/map', role: 'publisher', type: 'std_msgs/msg/String', node: '/talker' },
        { topic: '/cmd_vel', role: 'subscription', type: 'geometry_msgs/msg/Twist', node: '/talker' },
      ] as const;
      const found = new Map<string, NonNullable<ReturnType<typeof endpointOf>>>();
      for (const { topic, role, type, node } of expected) {
        const { gid } = await peer.event(role, topic);
        const endpoint = await untilGraph(adapter, `${topic} with its owner`, (graph) => {
          const known = endpointOf(graph, gid);
          return known?.node === undefined ? undefined : known;
        });
        const { name, participant } = endpoint;
        assert.deepEqual(
          { topic: name, role: endpoint.role, type: endpoint.type, node: endpoint.node },
          { topic, role, type, node },
        );
        assert.equal(participant, peer.gid.slice(0, 24));
        found.set(topic, endpoint);
      }
      assert.equal(found.get('/robot/image')?.qos.reliability, 'best_effort');
      assert.equal(found.get('/chatter')?.qos.reliability, 'reliable');
      assert.equal(found.get('/chatter')?.qos.durability, 'volatile');
      assert.equal(found.get('/map')?.qos.durability, 'transient_local');
      assert.equal(found.get('/cmd_vel')?.qos.deadlineMs, 2000);
      assert.equal(found.get('/cmd_vel')?.qos.lifespanMs, null);
      assert.equal(found.get('/chatter')?.typeHash, STRING_HASH);

      const { nodes, participants } = await adapter.graph();
      assert.deepEqual(nodes.map(({ fqn }) => fqn).sort(), ['/robot/arm/camera', '/talker']);
      const camera = nodes.find(({ name }) => name === 'camera');
      assert.equal(camera?.namespace, '/robot/arm');
      assert.deepEqual(camera?.participants, [peer.gid.slice(0, 24)]);
      assert.deepEqual(
        participants.map((participant) => participant.vendor),
        [vendorNames[vendor]],
      );
    });
  }

  for (const vendor of vendors) {
    test(`${vendor}: an existing graph is complete within a second`, { timeout: 30_000 }, async () => {
      const nodes = Array.from({ length: 20 }, (_, index) => `/node_${index}`);
      await using peer = await startPeer({
        vendor,
        domainId: SECOND_DOMAIN,
        commands: nodes.flatMap((node) => [
          `node ${node}`,
          `pub ${node}/out std_msgs/msg/String`,
          `sub ${node}/in std_msgs/msg/String`,
        ]),
      });
      await peer.event('subscription', '/node_19/in');
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      await untilGraph(
        adapter,
        'twenty nodes with forty owned endpoints',
        (graph) => graph.nodes.length === 20 && graph.endpoints.filter(({ node }) => node !== undefined).length === 40,
        1000,
      );
    });

    test(`${vendor}: endpoints and nodes appear and disappear while their process stays`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      await using peer = await startPeer({ vendor, domainId: SECOND_DOMAIN, commands: ['node /stays'] });
      await untilGraph(adapter, '/stays', (graph) => hasNode(graph, '/stays'));

      peer.command('node /late');
      peer.command('pub /late_topic std_msgs/msg/String');
      peer.command('pub /later_topic std_msgs/msg/String');
      const late = await peer.event('publisher', '/late_topic');
      const later = await peer.event('publisher', '/later_topic');
      await untilGraph(adapter, '/late_topic of /late', (graph) => endpointOf(graph, late.gid)?.node === '/late');
      await untilGraph(adapter, '/later_topic of /late', (graph) => endpointOf(graph, later.gid)?.node === '/late');

      peer.command('close /late_topic');
      await untilGraph(adapter, 'no more /late_topic', (graph) => !endpointOf(graph, late.gid));
      assert.ok(hasNode(await adapter.graph(), '/late'));

      peer.command('close_node /late');
      await untilGraph(adapter, 'no more /late', (graph) => !hasNode(graph, '/late') && !endpointOf(graph, later.gid));
      assert.ok(hasNode(await adapter.graph(), '/stays'));
    });

    test(`${vendor}: a Humble process, with long gids and no type hashes, is understood`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: THIRD_DOMAIN });
      await using peer = await startPeer({
        vendor,
        domainId: THIRD_DOMAIN,
        gidOctets: 24,
        commands: [
          'node /old/one',
          'pub /chatter std_msgs/msg/String',
          'node /old/two',
          'sub /chatter std_msgs/msg/String',
        ],
      });
      const publisher = await peer.event('publisher', '/chatter');
      const subscription = await peer.event('subscription', '/chatter');
      await untilGraph(
        adapter,
        'owners',
        (graph) =>
          endpointOf(graph, publisher.gid)?.node === '/old/one' &&
          endpointOf(graph, subscription.gid)?.node === '/old/two',
      );
      assert.equal(endpointOf(await adapter.graph(), publisher.gid)?.typeHash, undefined);
    });

    test(`${vendor}: Humble and newer processes are quiet once they have discovered medkit`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: THIRD_DOMAIN });
      const node = await adapter.node({ name: 'gateway' });
      await node.publisher('/status', 'std_msgs/msg/String');
      const common = { vendor, domainId: THIRD_DOMAIN } as const;
      await using older = await startPeer({
        ...common,
        gidOctets: 24,
        commands: ['node /old', 'sub /status std_msgs/msg/String'],
      });
      await using newer = await startPeer({ ...common, commands: ['node /new', 'sub /status std_msgs/msg/String'] });
      await older.matched('/status');
      await newer.matched('/status');
      await untilGraph(adapter, 'both nodes', (graph) => hasNode(graph, '/old') && hasNode(graph, '/new'));

      // The remaining traffic is announcements and heartbeats of two participants, which decrease in the first seconds.
      // A reader that requests missing data forever would continue.
      const received: number[] = [];
      for (let window = 0; window < 3; window += 1) {
        const before = (await adapter.facts()).datagrams.received;
        await delay(REST_MS);
        received.push((await adapter.facts()).datagrams.received - before);
      }
      const quiet = (REST_MS / 1000) * 15;
      assert.ok(Math.min(...received) < quiet, `${received} datagrams in windows of ${REST_MS} ms`);
    });

    for (const gidOctets of [16, 24] as const) {
      test(`${vendor}: the node of medkit is announced with gids of ${gidOctets} bytes to participants that use them`, {
        timeout: 30_000,
      }, async () => {
        await using peer = await startPeer({
          vendor,
          domainId: FOURTH_DOMAIN,
          gidOctets,
          commands: ['node /watcher', 'sub /status std_msgs/msg/String', 'pub /orders std_msgs/msg/String'],
        });
        await using adapter = await openAdapter({ domainId: FOURTH_DOMAIN });
        const node = await adapter.node({ name: 'gateway', namespace: '/diag' });
        await node.publisher('/status', 'std_msgs/msg/String');
        await node.subscribe({ topic: '/orders', type: 'std_msgs/msg/String', onSample: () => undefined });
        await peer.matched('/status');
        await peer.matched('/orders');
        const event = (await peer.events.take('/diag/gateway with both endpoints', (each) => {
          const entry = announced(each, '/diag', 'gateway');
          return entry !== undefined && entry.writer_gid_seq.length > 0 && entry.reader_gid_seq.length > 0;
        })) as { readonly value: ParticipantEntities };
        const entry = event.value.node_entities_info_seq.find(({ node_name }) => node_name === 'gateway')!;
        assert.equal(event.value.gid.data.length, gidOctets);
        // Endpoints belong to the participant that announces them.
        const [participant] = gids([event.value.gid]);
        for (const gid of gids([...entry.writer_gid_seq, ...entry.reader_gid_seq])) {
          assert.equal(gid.slice(0, 24), participant!.slice(0, 24));
          assert.match(gid, gidOctets === 24 ? /0{16}$/ : /[1-9a-f]/);
        }
      });
    }
  }
});
