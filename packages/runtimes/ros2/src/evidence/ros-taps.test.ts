import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SENSOR_DATA_PROFILE } from '@medkit/ros2';
import { evidenceScene, LATCHED_QOS } from '../testing/evidence-scene.ts';
import { DEFAULT_QOS, rosNode } from '../testing/fake-ros.ts';
import { publisherOf, settle, subscriptionOf } from '../testing/running-runtime.ts';

const SCAN = { name: '/scan', type: 'sensor_msgs/msg/LaserScan' };
const scanner = (fields = {}) => publisherOf('/scan', { type: SCAN.type, ...fields });

describe('topics for the black box', () => {
  it('are those with a publisher, with the type that most publishers have', async () => {
    const { taps, ros } = await evidenceScene(scanner(), subscriptionOf('/heard'));
    assert.deepEqual(taps.topics(), [SCAN]);
    const others = ['b', 'c'].map((gid) => publisherOf('/scan', { gid, type: 'acme_msgs/msg/Scan' }));
    ros.change({ endpoints: [publisherOf('/heard'), ...others] });
    assert.deepEqual(
      taps.topics().map(({ name, type }) => [name, type]),
      [
        ['/scan', 'acme_msgs/msg/Scan'],
        ['/heard', 'std_msgs/msg/String'],
      ],
    );
  });

  it('report many simultaneous changes once, and nothing after the end', async () => {
    const { taps, ros, clock, close } = await evidenceScene();
    let notified = 0;
    const stop = taps.onTopicsChange(() => notified++);
    for (let index = 0; index < 100; index++) ros.change({ endpoints: [publisherOf(`/t${index}`)] });
    ros.change({ nodes: [rosNode('/quiet')] });
    clock.advance(1000);
    assert.equal(notified, 1);
    ros.change({ gone: ['pub /t0'] });
    clock.advance(1000);
    assert.equal(notified, 2);
    stop();
    ros.change({ gone: ['pub /t1'] });
    taps.onTopicsChange(() => notified++);
    ros.change({ gone: ['pub /t2'] });
    await close();
    clock.advance(1000);
    assert.equal(notified, 2);
    assert.equal(clock.timers, 0);
  });

  it('of a source are those that it publishes and subscribes to', async () => {
    const scan = [scanner(), scanner({ gid: 'second' })];
    const { taps, ros } = await evidenceScene(
      ...scan,
      subscriptionOf('/cmd', { node: '/driver' }),
      publisherOf('/x', { node: '/y' }),
    );
    assert.deepEqual([...(taps.topicsOf('/driver') ?? [])].sort(), ['/cmd', '/scan']);
    assert.deepEqual(taps.topicsOf('/listener'), []);
    assert.equal(taps.topicsOf('driver'), undefined);
    ros.change({ gone: ['/driver'] });
    assert.equal(taps.topicsOf('/driver'), undefined);
  });
});

describe('a tap', () => {
  it('asks for what publishers offer, or for the QoS of sensor data', async () => {
    const { tap, ros } = await evidenceScene(scanner());
    tap(SCAN);
    tap(SCAN, false);
    const opened = ros.subscriptions.map(({ topic, type, raw, qos }) => ({ topic, type, raw, qos }));
    const common = { topic: '/scan', type: SCAN.type, raw: true };
    assert.deepEqual(opened, [
      { ...common, qos: 'match-publishers' },
      { ...common, qos: SENSOR_DATA_PROFILE },
    ]);
  });

  it('passes bytes on unchanged, with the time of arrival', async () => {
    const { tap, ros } = await evidenceScene(scanner());
    const { samples } = tap(SCAN);
    const cdr = Uint8Array.of(0, 1, 0, 0, 7);
    ros.deliver('/scan', undefined, { cdr, gid: 'g1', receivedMs: 1_767_225_600_000.125 });
    assert.deepEqual(samples, [
      { octets: cdr, receivedNs: 1_767_225_600_000_125_000n, publishedNs: undefined, publisher: 'g1' },
    ]);
    assert.equal(samples[0].octets, cdr, 'what fills its buffer is not copied');
  });

  it('does not retain the large buffer in which a small message arrived', async () => {
    const { tap, ros } = await evidenceScene(scanner());
    const { samples } = tap(SCAN);
    const batch = new Uint8Array(65_536).fill(7);
    ros.deliver('/scan', undefined, { cdr: batch.subarray(100, 140) });
    assert.deepEqual(samples[0].octets, new Uint8Array(40).fill(7));
    assert.equal(samples[0].octets.buffer.byteLength, 40);
  });

  it('passes stored samples of a publisher on once, however often the subscription requests them again', async () => {
    const { tap, ros } = await evidenceScene(scanner());
    const { samples } = tap(SCAN);
    const deliver = (gid: string, sequenceNumber: number, publishedMs: number) =>
      ros.deliver('/scan', {}, { gid, sequenceNumber, sourceSeconds: 1, sourceNanoseconds: publishedMs });
    deliver('a', 4, 40);
    deliver('a', 5, 50);
    deliver('b', 1, 10);
    deliver('a', 4, 40);
    deliver('a', 5, 50);
    deliver('b', 1, 10);
    deliver('a', 6, 60);
    assert.equal(samples.map(({ publisher }) => publisher).join(''), 'aaba');
    deliver('a', 1, 70);
    assert.equal(samples.length, 5, 'a publisher may begin anew');
  });

  it('describes its topic, also when the publisher has exited', async () => {
    const typeHash = `RIHS01_${'ab'.repeat(32)}`;
    const qos = { ...DEFAULT_QOS, deadlineMs: 100 };
    const { tap, ros } = await evidenceScene(scanner({ qos, typeHash }), scanner({ gid: 'second', qos: LATCHED_QOS }));
    const { tap: scan } = tap(SCAN);
    ros.knownTypes.clear();
    ros.change({ gone: ['pub /scan', 'second', '/driver'] });
    assert.deepEqual(await scan.describe(), {
      ...SCAN,
      offeredQos: [qos, LATCHED_QOS],
      definition: 'string of_LaserScan\n',
      typeHash,
    });
  });

  it('describes what it knows if the type has no definition, and asks until a node provides one', async () => {
    const { tap, ros, clock } = await evidenceScene(scanner());
    ros.knownTypes.clear();
    const { tap: scan } = tap(SCAN);
    const { definition, typeHash, offeredQos } = await scan.describe();
    assert.deepEqual([definition, typeHash, offeredQos.length], [undefined, '', 1]);
    for (const _ of Array(10)) {
      clock.advance(60_000);
      await settle();
    }
    assert.ok(ros.descriptions > 5 && ros.descriptions < 20, `${ros.descriptions}`);
    ros.knownTypes.add(SCAN.type);
    clock.advance(60_000);
    await settle();
    ros.knownTypes.clear();
    ros.change({ gone: ['pub /scan', '/driver'] });
    assert.equal((await scan.describe()).definition, 'string of_LaserScan\n');
    assert.equal(clock.timers, 0);
  });

  it('asks no further node once it is closed', async () => {
    const { tap, ros, clock } = await evidenceScene(scanner());
    ros.knownTypes.clear();
    const { tap: first } = tap(SCAN);
    await settle();
    first.close();
    tap(SCAN).tap.close();
    await settle();
    assert.equal(clock.timers, 0);
  });

  it('asks for the definition again when publishers return with another', async () => {
    const { tap, ros } = await evidenceScene(scanner({ typeHash: 'RIHS01_1' }));
    const { tap: scan } = tap(SCAN);
    await scan.describe();
    const { descriptions } = ros;
    ros.change({ gone: ['pub /scan'] });
    ros.change({ endpoints: [scanner({ gid: 'new', typeHash: 'RIHS01_1' })] });
    assert.equal(ros.descriptions, descriptions);
    ros.change({ gone: ['new'] });
    ros.change({ endpoints: [scanner({ gid: 'newer', typeHash: 'RIHS01_2' })] });
    assert.equal(ros.descriptions, descriptions + 1);
    assert.equal((await scan.describe()).typeHash, 'RIHS01_2');
  });

  it('returns the latched depth: 0 if one publisher is not latched', async () => {
    const { tap, ros } = await evidenceScene(scanner({ qos: LATCHED_QOS }));
    const { tap: scan } = tap(SCAN);
    assert.equal(scan.latchedDepth(), 1);
    ros.change({ endpoints: [scanner({ gid: 'second', qos: { ...LATCHED_QOS, depth: 5 } })] });
    assert.equal(scan.latchedDepth(), 5);
    ros.change({ gone: ['pub /scan', 'second'] });
    assert.equal(scan.latchedDepth(), 5, 'as it was last seen');
    ros.change({ endpoints: [scanner(), scanner({ gid: 'second', qos: LATCHED_QOS })] });
    assert.equal(scan.latchedDepth(), 0);
    assert.equal(tap({ name: '/nobody', type: SCAN.type }).tap.latchedDepth(), 0);
  });

  it('does not claim a history that the publisher does not offer', async () => {
    const silent = { ...DEFAULT_QOS, depth: 1 };
    const { tap, ros } = await evidenceScene();
    const participants = [
      { guidPrefix: 'p1', vendor: 'Fast DDS', address: '', name: '', secure: false },
      { guidPrefix: 'p2', vendor: 'Cyclone DDS', address: '', name: '', secure: false },
    ];
    const latched = { ...silent, durability: 'transient_local' } as const;
    ros.change({
      participants,
      endpoints: [scanner({ qos: latched }), scanner({ gid: 'b', qos: latched, participant: 'p2' })],
    });
    const { tap: scan } = tap(SCAN);
    const { offeredQos } = await scan.describe();
    assert.deepEqual(
      offeredQos.map(({ history, depth }) => [history, depth]),
      [
        ['unknown', 0],
        ['keep_last', 1],
      ],
    );
    assert.equal(scan.latchedDepth(), 1);
  });

  it('leaves nothing behind, whenever it is closed', async () => {
    const { tap, taps, ros, close } = await evidenceScene(scanner());
    for (let round = 0; round < 1000; round++) tap(SCAN).tap.close();
    await settle();
    assert.equal(ros.subscriptions.length, 0);
    const { tap: first, samples } = tap(SCAN);
    ros.deliver('/scan', {});
    first.close();
    ros.deliver('/scan', {});
    assert.equal(samples.length, 1, 'nothing is heard of one that is closed');
    const { samples: late } = tap(SCAN);
    await close();
    ros.deliver('/scan', {});
    await settle();
    assert.deepEqual([late.length, ros.subscriptions.length, taps.topics().length], [0, 0, 1]);
  });

  it('reports if the topic cannot be subscribed to', async () => {
    const { tap, ros, logged } = await evidenceScene(scanner());
    ros.subscribeError = new Error('no room');
    tap(SCAN).tap.close();
    await settle();
    assert.deepEqual(logged, ['/scan is not recorded, because the subscription failed: no room']);
  });
});
