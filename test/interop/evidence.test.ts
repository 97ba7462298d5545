import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock, systemWritableFiles } from '@medkit/edges/node';
import {
  type BagFormat,
  type BufferedTopic,
  DEFAULT_FAULT_CONFIGURATION,
  type Recording,
  recordingSettings,
  startBlackBox,
  type TapProvider,
  threadedBagShelf,
} from '@medkit/faults';
import type { Graph, RosAdapter } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { openEvidenceSources } from './evidence-sources.ts';
import { untilGraph } from './graph-watch.ts';
import { openAdapter } from './open-adapter.ts';
import { type Peer, startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { type ReadBag, readBag } from './read-bag.ts';
import { untilMatched } from './until-matched.ts';

const STRING = 'std_msgs/msg/String';
const ALL_TYPES = 'medkit_test_msgs/msg/AllTypes';
/** A type that only its node knows (test/peers/services/type-describer.cpp). */
const READING_DEFINITION = [
  'string label\nfloat64[] values\nmedkit_strange_msgs/Inner[2] parts\nint64 count\n',
  `${'='.repeat(80)}\nMSG: medkit_strange_msgs/Inner\nuint8 id\nstring<=8 note\n`,
].join('');
const FORMATS = ['sqlite3', 'mcap'] as const;

/** Topics of the robot: name, type, options of the peer, and the offered QoS that a recording must contain. */
const TOPICS = [
  [
    '/config',
    ALL_TYPES,
    'transient_local keep_all count=4',
    { reliability: 'reliable', durability: 'transient_local' },
  ],
  ['/chatter', STRING, 'count=100 rate=100 wait=2', { reliability: 'reliable', durability: 'volatile' }],
  [
    '/scan',
    'sensor_msgs/msg/LaserScan',
    'count=20 rate=20 wait=2 best_effort',
    { reliability: 'best_effort', durability: 'volatile' },
  ],
  [
    '/cmd_vel',
    'geometry_msgs/msg/Twist',
    'count=20 rate=50 wait=2 deadline=1',
    { reliability: 'reliable', durability: 'volatile', deadline: { sec: 1, nsec: 0 } },
  ],
] as const;

/** History that each vendor's publishers announce, and so what a recording can contain. */
const histories = {
  cyclone: (options: string) =>
    options.includes('keep_all') ? { history: 'keep_all', depth: 0 } : { history: 'keep_last', depth: 10 },
  fastdds: () => ({ history: 'unknown', depth: 0 }),
};

/** Opens a black box that records all topics into this folder. */
async function openBox(taps: TapProvider, folder: string, format: BagFormat) {
  const configuration = {
    ...DEFAULT_FAULT_CONFIGURATION,
    'snapshots.rosbag.topics': 'all',
    'snapshots.rosbag.format': format,
    'snapshots.rosbag.duration_sec': 60,
    'snapshots.rosbag.duration_after_sec': 0,
  };
  const recorded = Promise.withResolvers<Recording>();
  const box = await startBlackBox({
    taps,
    shelf: threadedBagShelf(systemWritableFiles),
    clock: systemClock,
    settings: recordingSettings(configuration, join(folder, format), []),
    keep: async (recording) => recorded.resolve(recording),
    notice: ({ text }) => recorded.reject(new Error(text)),
  });
  return { ...box, recorded: recorded.promise, [Symbol.asyncDispose]: () => box.stop() };
}

/** Plays the messages of one topic to a peer and returns what it reads. */
async function played(adapter: RosAdapter, listener: Peer, bag: ReadBag, topic: string): Promise<readonly unknown[]> {
  const node = await adapter.node({ name: 'player' });
  try {
    const { type } = bag.topics.get(topic)!;
    const publisher = await node.publisher(`/played${topic}`, type, { history: 'keep_all' });
    await untilMatched(publisher);
    const values: unknown[] = [];
    for (const { octets } of bag.messages.filter((message) => message.topic === topic)) {
      await publisher.publish(octets);
      values.push((await listener.event('sample', `/played${topic}`)).value);
    }
    return values;
  } finally {
    await node.close();
  }
}

const hello = (index: number) => ({ data: `Hello World: ${index}` });
const numberOf = (value: unknown) => Number((value as { readonly data: string }).data.split(' ').at(-1));

/** Returns the topics of the robot that have a subscription. */
const subscriptionsIn = ({ endpoints }: Graph): readonly string[] =>
  endpoints
    .filter(({ role, name }) => role === 'subscription' && ['/map', '/odom'].includes(name))
    .map(({ name }) => name);

async function published(robot: Peer, topic: string): Promise<readonly unknown[]> {
  const { count } = await robot.event('finished', topic, 30_000);
  const values: unknown[] = [];
  for (let index = 0; index < count; index += 1) values.push((await robot.event('written', topic)).value);
  return values;
}

const domains = { cyclone: await reserveDomain(), fastdds: await reserveDomain() };

peerSuite('evidence of real DDS processes', {}, () => {
  for (const vendor of vendors) {
    const domainId = domains[vendor];
    const other = vendor === 'cyclone' ? 'fastdds' : 'cyclone';

    test(`${vendor}: recordings in both formats contain all its samples, also after it exits`, {
      timeout: 90_000,
    }, async () => {
      await using folder = await mkdtempDisposable(join(tmpdir(), 'medkit-evidence-'));
      await using adapter = await openAdapter({ domainId });
      await using robot = await startPeer({
        vendor,
        domainId,
        commands: [
          'node /robot/driver',
          ...TOPICS.map(([topic, type, options]) => `pub ${topic} ${type} ${options}`),
          'describe /reading',
        ],
      });
      await using sources = await openEvidenceSources(adapter);
      const boxes = await Promise.all(FORMATS.map((format) => openBox(sources.taps, folder.path, format)));
      const values = new Map<string, readonly unknown[]>();
      for (const [topic] of TOPICS) values.set(topic, await published(robot, topic));
      const announced = (await adapter.graph()).endpoints.filter(({ role }) => role === 'publisher');
      assert.deepEqual(
        [...(sources.taps.topicsOf('/robot/driver') ?? [])].sort(),
        ['/reading', ...TOPICS.map(([topic]) => topic)].map((topic) => `ros2 ${topic}`).sort(),
      );
      await eventually('both have all', async () => boxes.every((box) => box.facts().ring.samples >= 145));
      await robot.quit();
      await untilGraph(adapter, 'the robot is gone', ({ endpoints }) =>
        endpoints.every(({ name }) => name !== '/chatter'),
      );
      for (const box of boxes)
        box.capture({
          faultCode: 'GONE',
          occurrence: 1,
          requestedAtNs: systemClock.wallNs(),
          sources: ['/robot/driver'],
        });
      const recordings = await Promise.all(boxes.map(({ recorded }) => recorded));
      await Promise.all(boxes.map((box) => box.stop()));

      await using listener = await startPeer({
        vendor: other,
        domainId,
        commands: ['node /listener', ...TOPICS.map(([topic, type]) => `sub /played${topic} ${type} keep_all`)],
      });
      for (const { path } of recordings) {
        const bag = await readBag(path);
        assert.equal(bag.topics.size, TOPICS.length + 1);
        for (const [topic, type, options, qos] of TOPICS) {
          const read = bag.topics.get(topic)!;
          assert.equal(read.type, type);
          assert.equal(read.typeHash, announced.find(({ name }) => name === topic)?.typeHash);
          assert.equal(read.definition, (await adapter.describeType(type))?.definition);
          assert.equal(read.qos.length, 1);
          assert.deepEqual({ ...read.qos[0], ...qos, ...histories[vendor](options) }, read.qos[0]);
          assert.deepEqual(await played(adapter, listener, bag, topic), values.get(topic), `${path} ${topic}`);
        }
        const reading = bag.topics.get('/reading')!;
        assert.equal(reading.definition, READING_DEFINITION);
        assert.equal(reading.typeHash, announced.find(({ name }) => name === '/reading')?.typeHash);
        const readings = bag.messages.filter(({ topic }) => topic === '/reading');
        assert.equal(readings.length, 1);
        assert.equal(Buffer.from(readings[0].octets).readBigInt64LE(readings[0].octets.length - 8), 9007199254740993n);
        const times = bag.messages.map(({ timeNs }) => timeNs);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => Number(a - b)),
        );
      }
    });

    test(`${vendor}: values are sampled, stored across a restart, and no subscription is left`, {
      timeout: 60_000,
    }, async () => {
      const domainId = await reserveDomain();
      await using adapter = await openAdapter({ domainId });
      await using observer = await openAdapter({ domainId });
      await using sources = await openEvidenceSources(adapter);
      const { sampler } = sources;
      const start = () =>
        startPeer({
          vendor,
          domainId,
          commands: [
            'node /robot/driver',
            `pub /map ${STRING} transient_local depth=3 count=5`,
            `pub /odom ${STRING} rate=50 wait=1 quiet`,
          ],
        });
      const valuesOf = (held: BufferedTopic | undefined) =>
        Promise.all(held?.samples.map(({ octets }) => sampler.decode(STRING, octets)) ?? []);
      const isSeen = async () => sampler.publishedBy('/robot/driver')?.length === 2;
      await using first = await start();
      await first.event('finished', '/map');
      await eventually('the driver is seen', isSeen);

      const limits = (timeoutMs: number, signal = new AbortController().signal) => ({ timeoutMs, signal });
      assert.deepEqual(await valuesOf(await sampler.sample('/map', limits(5000))), [2, 3, 4].map(hello));
      await Promise.all(
        Array.from({ length: 50 }, async (_, round) => {
          const abort = new AbortController();
          setTimeout(() => abort.abort(), round);
          await sampler.sample('/map', limits(round * 2, abort.signal));
        }),
      );
      await untilGraph(observer, 'no subscription', (graph) => subscriptionsIn(graph).length === 0);

      sampler.watch(['/odom'], 10_000);
      await untilGraph(observer, 'the subscription', (graph) => subscriptionsIn(graph).join() === '/odom');
      await eventually('there is a history', async () => (sampler.held('/odom')?.samples.length ?? 0) > 5);
      await first.kill();
      await using second = await start();
      await second.matched('/odom');
      await eventually('it goes on with the second', async () => {
        const numbers = (await valuesOf(sampler.held('/odom'))).map(numberOf);
        return numbers.some((number, at) => number < (numbers[at - 1] ?? 0));
      });
      sampler.watch([], 0);
      await untilGraph(observer, 'no subscription', (graph) => subscriptionsIn(graph).length === 0);
    });
  }
});
