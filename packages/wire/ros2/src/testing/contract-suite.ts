import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { RosAdapter, Subscription, TopicSample } from '../adapter/adapter.ts';
import type { GraphDiff, QosProfile } from '../graph.ts';
import { type ContractNetwork, contractScene } from './contract-scene.ts';
import { describeParameters } from './parameter-contract-suite.ts';
import { describeServices } from './service-contract-suite.ts';

const STRING = 'std_msgs/msg/String';
const LATCHED: Partial<QosProfile> = { durability: 'transient_local', depth: 1 };

/** Tests for any implementation of `RosAdapter`, with two adapters in one graph. */
export function describeRosAdapter(implementation: string, openNetwork: () => Promise<ContractNetwork>): void {
  const scene = contractScene(openNetwork);

  const collect = (samples: TopicSample[]) => (sample: TopicSample) => void samples.push(sample);

  const ownedEndpoint = async (adapter: RosAdapter, topic: string) =>
    (await adapter.graph()).endpoints.find(({ name, node }) => name === topic && node !== undefined);

  describe(`RosAdapter: ${implementation}`, () => {
    scene('shows the nodes of other participants with their endpoints', async ({ until }, robot, medkit) => {
      const node = await robot.node({ namespace: '/robot', name: 'lidar' });
      assert.equal(node.fqn, '/robot/lidar');
      await node.publisher('scan', 'sensor_msgs/msg/LaserScan', { reliability: 'best_effort', depth: 5 });
      await until(async () => (await ownedEndpoint(medkit, '/robot/scan')) !== undefined, 'the publisher is seen');
      const { nodes, endpoints, participants, generation } = await medkit.graph();
      assert.ok(generation > 0);
      assert.equal(participants.length, 1);
      assert.deepEqual(
        nodes.map(({ fqn, name, namespace, participants: announcers }) => [fqn, name, namespace, announcers]),
        [['/robot/lidar', 'lidar', '/robot', [participants[0].guidPrefix]]],
      );
      const [{ role, type, typeHash, node: owner, participant, qos }] = endpoints;
      assert.deepEqual(
        [role, type, owner, participant],
        ['publisher', 'sensor_msgs/msg/LaserScan', '/robot/lidar', participants[0].guidPrefix],
      );
      assert.equal(typeHash, (await medkit.describeType('sensor_msgs/msg/LaserScan'))?.hash);
      assert.equal(qos.reliability, 'best_effort');
      assert.equal(qos.durability, 'volatile');
    });

    scene('reports diffs that add up to the graph, and drops closed nodes', async ({ until }, robot, medkit) => {
      const nodes = new Set<string>();
      const endpoints = new Set<string>();
      let generation = 0;
      const stop = medkit.onGraphChange((diff: GraphDiff) => {
        assert.ok(diff.generation > generation);
        generation = diff.generation;
        for (const { fqn } of diff.nodes.added) nodes.add(fqn);
        for (const fqn of diff.nodes.removed) nodes.delete(fqn);
        for (const { gid } of diff.endpoints.added) endpoints.add(gid);
        for (const gid of diff.endpoints.removed) endpoints.delete(gid);
      });
      const first = await robot.node({ name: 'first' });
      const second = await robot.node({ name: 'second' });
      await first.publisher('/a', STRING);
      const b = await second.publisher('/b', STRING);
      await until(() => nodes.size === 2 && endpoints.size === 2, 'both nodes are seen');
      await b.close();
      await until(() => endpoints.size === 1, 'the closed publisher is removed');
      await first.close();
      await until(() => nodes.size === 1 && endpoints.size === 0, 'the closed node is removed');
      assert.deepEqual([...nodes], ['/second']);
      stop();
      await robot.close();
      await until(async () => (await medkit.graph()).participants.length === 0, 'the closed adapter is removed');
      assert.deepEqual((await medkit.graph()).nodes, []);
      assert.deepEqual([...nodes], ['/second']);
    });

    scene('hides its nodes from its graph unless configured otherwise', async ({ until, join }, robot, medkit) => {
      const open = await join({ showMedkitNodes: true });
      await (await open.node({ name: 'shown' })).publisher('/shown', STRING);
      await (await medkit.node({ name: 'hidden' })).publisher('/hidden', STRING);
      const names = async (adapter: RosAdapter) =>
        (await adapter.graph()).nodes
          .map(({ fqn }) => fqn)
          .sort()
          .join(' ');
      await until(async () => (await names(robot)) === '/hidden /shown', 'others see both');
      await until(async () => (await names(open)) === '/hidden /shown', 'one shows its own');
      await until(async () => (await names(medkit)) === '/shown', 'the other does not');
      assert.equal((await ownedEndpoint(open, '/shown'))?.node, '/shown');
      assert.equal(await ownedEndpoint(medkit, '/hidden'), undefined);
    });

    scene('names both participants if a node name is used twice', async ({ until }, robot, medkit) => {
      await robot.node({ name: 'twin' });
      const other = await robot.node({ name: 'twin' });
      const announcers = async () => (await medkit.graph()).nodes[0]?.participants.length;
      await until(async () => (await announcers()) === 2, 'both are counted');
      await other.close();
      await until(async () => (await announcers()) === 1, 'one is left');
    });

    scene('carries messages exactly, decoded and raw', async ({ until }, robot, medkit) => {
      const type = 'rcl_interfaces/msg/ParameterValue';
      const message = {
        type: 9,
        bool_value: true,
        integer_value: -(2n ** 63n),
        double_value: -0.1,
        string_value: 'grüße 😀',
        byte_array_value: Uint8Array.of(0, 255),
        bool_array_value: [true, false],
        integer_array_value: BigInt64Array.of(2n ** 53n + 1n),
        double_array_value: Float64Array.of(Number.NaN, Number.NEGATIVE_INFINITY),
        string_array_value: ['', 'a'],
      };
      const publisher = await (await robot.node({ name: 'talker' })).publisher('/values', type);
      // A publisher in another thread cannot answer immediately.
      assert.ok([true, undefined].includes(publisher.isUnheard?.()));
      const decoded: TopicSample[] = [];
      const raw: TopicSample[] = [];
      const node = await medkit.node({ name: 'medkit' });
      await node.subscribe({ topic: '/values', type, qos: {}, onSample: collect(decoded) });
      await node.subscribe({ topic: '/values', type, qos: {}, raw: true, onSample: collect(raw) });
      await until(async () => (await publisher.matched()) === 2, 'both subscriptions match');
      assert.ok(!publisher.isUnheard?.());
      await publisher.publish(message);
      await until(() => decoded.length === 1 && raw.length === 1, 'both have it');
      await until(async () => (await ownedEndpoint(medkit, '/values')) !== undefined, 'the publisher is seen');
      assert.deepEqual(decoded[0].message, message);
      assert.equal(raw[0].message, undefined);
      assert.equal(raw[0].sequenceNumber, 1);
      assert.equal(raw[0].gid, (await ownedEndpoint(medkit, '/values'))?.gid);
      assert.ok(raw[0].sourceSeconds > 0);
      // Time stamps are not converted to `bigint`, because most readers do not use them.
      assert.ok(!Object.values(raw[0]).some((value) => typeof value === 'bigint'));
      assert.ok(raw[0].receivedMs > 0);
      const json = await medkit.decode(type, raw[0].cdr);
      assert.deepEqual(json, {
        ...message,
        byte_array_value: [0, 255],
        integer_array_value: [2n ** 53n + 1n],
        double_array_value: ['.nan', '-.inf'],
      });
      await publisher.publish(await robot.encode(type, json ?? null));
      await until(() => raw.length === 2, 'the JSON came back');
      assert.deepEqual(Buffer.from(raw[1].cdr), Buffer.from(raw[0].cdr));
    });

    scene('carries a megabyte, and reports its acknowledgement', async ({ until }, robot, medkit) => {
      const samples: TopicSample[] = [];
      const publisher = await (await robot.node({ name: 'camera' })).publisher('/image', 'sensor_msgs/msg/Image');
      const node = await medkit.node({ name: 'medkit' });
      await node.subscribe({ topic: '/image', type: 'sensor_msgs/msg/Image', qos: {}, onSample: collect(samples) });
      await until(async () => (await publisher.matched()) === 1, 'the subscription matches');
      const data = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 251);
      await publisher.publish({ data });
      let acknowledged: boolean | undefined;
      void publisher.acknowledged(5000).then((answer) => (acknowledged = answer));
      await until(() => acknowledged !== undefined && samples.length === 1, 'the image arrives');
      assert.equal(acknowledged, true);
      assert.deepEqual(samples[0].message?.data, data);
    });

    scene('takes type and QoS of a subscription from the publishers', async ({ until }, robot, medkit) => {
      const talker = await robot.node({ name: 'talker' });
      const latched = await talker.publisher('/map', STRING, LATCHED);
      await latched.publish({ data: 'long ago' });
      await until(async () => (await ownedEndpoint(medkit, '/map')) !== undefined, 'the publisher is seen');
      const samples: TopicSample[] = [];
      const node = await medkit.node({ name: 'medkit' });
      const subscription = await node.subscribe({ topic: '/map', onSample: collect(samples) });
      assert.equal(subscription.type, STRING);
      assert.deepEqual([subscription.qos.reliability, subscription.qos.durability], ['reliable', 'transient_local']);
      await until(() => samples.length === 1, 'the latched sample arrives');
      assert.deepEqual(samples[0].message, { data: 'long ago' });
      await assert.rejects(node.subscribe({ topic: '/nobody', onSample: collect([]) }), { name: 'TopicTypeUnknown' });
    });

    scene(
      'keeps a subscription matched when a publisher appears that offers less or more',
      async ({ until }, robot, medkit) => {
        const samples: TopicSample[] = [];
        const node = await medkit.node({ name: 'medkit' });
        const subscription = await node.subscribe({ topic: '/map', type: STRING, onSample: collect(samples) });
        const talker = await robot.node({ name: 'talker' });
        await (await talker.publisher('/map', STRING, LATCHED)).publish({ data: 'latched' });
        // The sample arrives twice if the first match was made and released in time for it.
        await until(() => samples.length >= 1, 'the sample from before the match arrives');
        const lesser = await talker.publisher('/map', STRING, { reliability: 'best_effort' });
        await until(async () => (await lesser.matched()) === 1, 'the lesser publisher matches');
        await until(async () => {
          await lesser.publish({ data: 'best effort' });
          return samples.some(({ message }) => message?.data === 'best effort');
        }, 'its samples arrive');
        await subscription.close();
      },
    );

    scene(
      'delivers the newest sample of a burst if only the newest is requested, and none out of order',
      async ({ until }, robot, medkit) => {
        const samples: TopicSample[] = [];
        const publisher = await (await robot.node({ name: 'talker' })).publisher('/a', STRING);
        const node = await medkit.node({ name: 'medkit' });
        await node.subscribe({ topic: '/a', type: STRING, qos: {}, latestOnly: true, onSample: collect(samples) });
        await until(async () => (await publisher.matched()) === 1, 'they match');
        for (let count = 1; count <= 50; count++) await publisher.publish({ data: `${count}` });
        await until(() => samples.at(-1)?.message?.data === '50', 'the newest arrives');
        const numbers = samples.map(({ sequenceNumber }) => sequenceNumber);
        assert.deepEqual(
          numbers,
          numbers.toSorted((a, b) => a - b),
        );
      },
    );

    scene('leaves out local samples on request', async ({ until }, robot, medkit) => {
      const samples: TopicSample[] = [];
      const node = await medkit.node({ name: 'medkit' });
      const localPublisher = await node.publisher('/a', STRING);
      await node.subscribe({ topic: '/a', type: STRING, qos: {}, ignoreLocal: true, onSample: collect(samples) });
      const publisher = await (await robot.node({ name: 'talker' })).publisher('/a', STRING);
      await until(async () => (await publisher.matched()) === 1, 'they match');
      await localPublisher.publish({ data: 'own' });
      await publisher.publish({ data: 'foreign' });
      await until(() => samples.length > 0, 'the other sample is received');
      assert.deepEqual(
        samples.map(({ message }) => message?.data),
        ['foreign'],
      );
    });

    scene('receives nothing once a subscription is closed', async ({ until }, robot, medkit) => {
      const closed: TopicSample[] = [];
      const remaining: TopicSample[] = [];
      const publisher = await (await robot.node({ name: 'talker' })).publisher('/a', STRING);
      const node = await medkit.node({ name: 'medkit' });
      const options = { topic: '/a', type: STRING, qos: {} };
      const subscription: Subscription = await node.subscribe({ ...options, onSample: collect(closed) });
      await node.subscribe({ ...options, onSample: collect(remaining) });
      await until(async () => (await publisher.matched()) === 2, 'both match');
      await subscription.close();
      await subscription.close();
      await until(async () => (await publisher.matched()) === 1, 'one is left');
      await publisher.publish({ data: 'x' });
      await until(() => remaining.length === 1, 'the other subscription receives it');
      assert.equal(closed.length, 0);
    });

    scene('describes types, and reports unknown ones', async (_, robot) => {
      const described = await robot.describeType('std_msgs/msg/ColorRGBA');
      assert.equal(described?.name, 'std_msgs/msg/ColorRGBA');
      assert.equal(described.source, 'bundled');
      assert.match(described.hash, /^RIHS01_[0-9a-f]{64}$/);
      assert.equal(described.definition, 'float32 r\nfloat32 g\nfloat32 b\nfloat32 a\n');
      assert.deepEqual(described.defaultValue, { r: 0, g: 0, b: 0, a: 0 });
      assert.equal((described.schema as { type: string }).type, 'object');
      assert.equal(await robot.describeType('my_pkg/msg/Unknown'), undefined);
      assert.equal(await robot.decode('my_pkg/msg/Unknown', Uint8Array.of(0, 1, 0, 0)), undefined);
      await assert.rejects(robot.encode('my_pkg/msg/Unknown', {}), { name: 'UnknownType' });
      await assert.rejects(robot.encode('sensor_msgs/msg/LaserScan', { ranges: [1, 'x'] }), {
        name: 'InvalidMessage',
        message: 'ranges[1]: expected a number, found "x"',
      });
      await assert.rejects(robot.decode(STRING, Uint8Array.of(0, 1, 0, 0)), { name: 'MalformedMessage' });
    });

    scene('refuses invalid names and messages', async (_, robot) => {
      await assert.rejects(robot.node({ name: 'no way' }), { name: 'InvalidName' });
      const node = await robot.node({ name: 'talker' });
      await assert.rejects(node.publisher('/a b', STRING), { name: 'InvalidName' });
      await assert.rejects(node.publisher('/a', 'String'), { name: 'InvalidName' });
      const publisher = await node.publisher('/a', STRING);
      await assert.rejects(publisher.publish({ data: 1 }), { name: 'InvalidMessage' });
      await assert.rejects(publisher.publish(Uint8Array.of(1, 2)), { name: 'InvalidMessage' });
      const unknown = await node.publisher('/b', 'my_pkg/msg/Unknown');
      await unknown.publish(Uint8Array.of(0, 1, 0, 0));
      await assert.rejects(unknown.publish({}), { name: 'UnknownType' });
      await node.close();
      await node.close();
      await assert.rejects(publisher.publish({ data: '' }), { name: 'AlreadyClosed' });
      await assert.rejects(node.publisher('/a', STRING), { name: 'AlreadyClosed' });
    });

    scene('gives the reason for missing data', async ({ until }, robot, medkit) => {
      const talker = await robot.node({ name: 'talker' });
      await talker.publisher('/scan', STRING, { reliability: 'best_effort' });
      await talker.publisher('/custom', 'my_pkg/msg/Unknown');
      const node = await medkit.node({ name: 'medkit' });
      await node.subscribe({ topic: '/scan', type: STRING, qos: { reliability: 'reliable' }, onSample: collect([]) });
      await until(
        async () =>
          (await medkit.graph()).endpoints.every((endpoint) => endpoint.node) &&
          (await medkit.graph()).endpoints.length === 2,
        'both topics are seen',
      );
      const facts = await medkit.facts();
      assert.deepEqual(facts.incompatible, [{ topic: '/scan', policies: ['reliability'], remoteNode: '/talker' }]);
      assert.deepEqual(facts.unknownTypes, ['my_pkg/msg/Unknown']);
      assert.ok(facts.datagrams.received > 0);
      assert.ok(facts.receiveBuffer.grantedBytes > 0);
    });

    scene('returns only plain data', async ({ until }, robot, medkit) => {
      const samples: TopicSample[] = [];
      const publisher = await (await robot.node({ name: 'talker' })).publisher('/a', STRING);
      const node = await medkit.node({ name: 'medkit' });
      await node.subscribe({ topic: '/a', type: STRING, qos: {}, onSample: collect(samples) });
      await until(async () => (await publisher.matched()) === 1, 'they match');
      await publisher.publish({ data: 'x' });
      await until(() => samples.length === 1, 'it arrives');
      for (const value of [await medkit.graph(), await medkit.facts(), samples[0], await medkit.describeType(STRING)]) {
        assert.deepEqual(structuredClone(value), value);
      }
    });
  });

  describeServices(implementation, openNetwork);
  describeParameters(implementation, openNetwork);
}
