import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { callContext } from '@medkit/core';
import { publisherOf, settle, startRuntime, subscriptionOf } from '../testing/running-runtime.ts';

const codeIs = (code: string) => (error: unknown) => error instanceof SovdError && error.code === code;

describe('read of a topic', () => {
  it('waits for the first sample and then returns the last one immediately', async () => {
    const { ros, read, figures } = await startRuntime([publisherOf('/scan'), subscriptionOf('/scan')]);
    const first = read('/scan');
    await settle();
    ros.deliver('/scan', { data: 'one' }, { receivedMs: 1_767_225_600_123.5 });
    assert.deepEqual(await first, {
      id: '/scan',
      value: { data: 'one' },
      timestampNs: 1_767_225_600_123_500_000n,
      publisherCount: 1,
      subscriberCount: 1,
      type: 'std_msgs/msg/String',
      terms: { ros2: { topic: '/scan', type: 'std_msgs/msg/String' } },
      typeInfo: { schema: { type: 'object' }, default_value: { data: '' } },
    });
    ros.deliver('/scan', { data: 'two' });
    ros.deliver('/scan', { data: 'three' });
    assert.deepEqual((await read('/scan')).value, { data: 'three' });
    assert.equal(ros.subscriptions.length, 1);
    const { pool_size, pool_hits, pool_misses } = await figures();
    assert.deepEqual([pool_size, pool_hits, pool_misses], [1, 1, 1]);
  });

  it('names the node that published the value if several publish', async () => {
    const { ros, read } = await startRuntime([
      publisherOf('/scan', { gid: 'front', node: '/front' }),
      publisherOf('/scan', { gid: 'rear', node: '/rear' }),
    ]);
    const first = read('/scan');
    await settle();
    ros.deliver('/scan', { data: 'behind' }, { gid: 'rear' });
    const type = 'std_msgs/msg/String';
    assert.deepEqual((await first).terms, { ros2: { topic: '/scan', type, publisher: '/rear' } });
    ros.deliver('/scan', { data: 'ahead' }, { gid: 'front' });
    assert.deepEqual((await read('/scan')).terms, { ros2: { topic: '/scan', type, publisher: '/front' } });
  });

  it('has the type of the requested node, if others have another type', async () => {
    const { ros, clock, runtime } = await startRuntime([
      publisherOf('/pose', { gid: 'a', node: '/driver' }),
      publisherOf('/pose', { gid: 'b', node: '/listener', type: 'std_msgs/msg/Int32' }),
    ]);
    for (const [node, type] of [
      ['/driver', 'std_msgs/msg/String'],
      ['/listener', 'std_msgs/msg/Int32'],
    ] as const) {
      const reading = runtime.providers.data!.read(node, '/pose', callContext({ clock, timeoutMs: 5000 }));
      await settle();
      assert.equal(ros.subscriptions.at(-1)?.type, type);
      ros.deliver('/pose', { data: node });
      assert.equal((await reading).type, type);
    }
  });

  it('decodes a sample when it is read, and once', async () => {
    const { ros, read } = await startRuntime([publisherOf('/scan')]);
    const first = read('/scan');
    await settle();
    ros.deliver('/scan', { data: 'a' });
    await first;
    await Promise.all([read('/scan'), read('/scan')]);
    assert.equal(ros.decodings, 1);
    for (let sample = 0; sample < 100; sample++) ros.deliver('/scan', { data: `${sample}` });
    assert.deepEqual((await read('/scan')).value, { data: '99' });
    assert.equal(ros.decodings, 2);
    assert.equal(ros.descriptions, 1);
  });

  it('asks for raw samples with the strongest QoS that the publishers offer', async () => {
    const { ros, read, clock } = await startRuntime([publisherOf('/scan')]);
    const reading = read('/scan');
    await settle();
    const [{ raw, qos, type } = {}] = ros.subscriptions;
    assert.deepEqual([raw, qos, type], [true, 'match-publishers', 'std_msgs/msg/String']);
    clock.advance(1000);
    await reading;
  });

  it('accepts the topic with or without slash and with the direction that old web UIs append', async () => {
    const { ros, read } = await startRuntime([publisherOf('/scan')]);
    const first = read('scan');
    await settle();
    ros.deliver('/scan', { data: 'x' });
    assert.equal((await first).id, '/scan');
    assert.deepEqual((await read('/scan:publish')).value, { data: 'x' });
    assert.deepEqual((await read('scan:both')).value, { data: 'x' });
  });

  it('answers immediately without a subscription if the topic has no publisher', async () => {
    const { ros, read, clock } = await startRuntime([subscriptionOf('/cmd_vel', { type: 'geometry_msgs/msg/Twist' })]);
    const reading = await read('/cmd_vel');
    assert.equal(reading.value, undefined);
    assert.equal(reading.timestampNs, clock.wallNs());
    assert.deepEqual([reading.publisherCount, reading.subscriberCount], [0, 1]);
    assert.deepEqual(reading.terms, { ros2: { topic: '/cmd_vel', type: 'geometry_msgs/msg/Twist' } });
    assert.ok(reading.typeInfo);
    assert.equal(ros.subscriptions.length, 0);
  });

  it('is refused if the node has no such topic, whichever other node has it', async () => {
    const { ros, runtime, clock } = await startRuntime([publisherOf('/scan'), subscriptionOf('/scan')]);
    const read = (nativeId: string, topic: string) =>
      runtime.providers.data!.read(nativeId, topic, callContext({ clock, timeoutMs: 5000 }));
    for (const [nativeId, topic] of [
      ['/driver', '/never/heard/of'],
      ['/planner', '/scan'],
      ['host', '/scan'],
    ] as const) {
      await assert.rejects(read(nativeId, topic), codeIs('resource-not-found'), `${nativeId} ${topic}`);
    }
    assert.equal(ros.subscriptions.length, 0);
  });

  it('is answered for any topic if the configuration allows topics of other nodes', async () => {
    const { read } = await startRuntime([], { foreignTopics: true });
    const unknown = await read('/never/heard/of');
    assert.deepEqual([unknown.value, unknown.terms], [undefined, { ros2: { topic: '/never/heard/of' } }]);
  });

  it('waits for a publisher while the graph is being discovered', async () => {
    const { ros, read } = await startRuntime([subscriptionOf('/scan')], {}, { discovered: false });
    const reading = read('/scan');
    await settle();
    ros.change({ endpoints: [publisherOf('/scan')] });
    await settle();
    ros.deliver('/scan', { data: 'first' });
    assert.deepEqual((await reading).value, { data: 'first' });
  });

  it('waits no longer for a publisher and its first sample than for a first sample', async () => {
    const { ros, read, clock } = await startRuntime([subscriptionOf('/scan')], {}, { discovered: false });
    const reading = read('/scan');
    await settle();
    clock.advance(600);
    ros.change({ endpoints: [publisherOf('/scan')] });
    await settle();
    clock.advance(400);
    assert.equal((await reading).value, undefined);
  });

  it('answers without a value after the sample timeout, and keeps listening', async () => {
    const { ros, read, clock } = await startRuntime([publisherOf('/slow')]);
    const reading = read('/slow');
    await settle();
    clock.advance(1000);
    assert.equal((await reading).value, undefined);
    ros.deliver('/slow', { data: 'late' });
    assert.deepEqual((await read('/slow')).value, { data: 'late' });
  });

  it('answers before its deadline if that is earlier than the sample timeout', async () => {
    const { read, clock } = await startRuntime([publisherOf('/slow')]);
    const reading = read('/slow', 300);
    await settle();
    clock.advance(250);
    assert.equal((await reading).value, undefined);
  });

  it('lets all readers of one topic share one wait and bounds the waits', async () => {
    const topics = ['/a', '/b', '/c'];
    const { ros, read, figures, clock } = await startRuntime(
      topics.map((topic) => publisherOf(topic)),
      { coldWaitCap: 2 },
    );
    const shared = Array.from({ length: 20 }, () => read('/a'));
    const other = read('/b');
    await settle();
    assert.equal(ros.subscriptions.length, 2);
    assert.equal((await figures())['concurrent_cold_waits'], 2);
    await assert.rejects(read('/c'), (error) => {
      assert.ok(codeIs('x-medkit-cold-wait-cap-exceeded')(error));
      assert.deepEqual((error as SovdError).parameters, { topic: '/c', cold_wait_cap: 2 });
      return true;
    });
    assert.equal(ros.subscriptions.length, 2, 'a refused read subscribes to nothing');
    ros.deliver('/a', { data: 'a' });
    for (const { value } of await Promise.all(shared)) assert.deepEqual(value, { data: 'a' });
    const third = read('/c');
    await settle();
    ros.deliver('/c', { data: 'c' });
    assert.deepEqual((await third).value, { data: 'c' });
    clock.advance(1000);
    await other;
    assert.equal((await figures())['concurrent_cold_waits'], 0);
  });

  it('reports when a topic cannot be subscribed to, and tries again next time', async () => {
    const { ros, read, figures } = await startRuntime([publisherOf('/scan')]);
    ros.subscribeError = new Error('no memory for a reader');
    await assert.rejects(read('/scan'), codeIs('x-medkit-subscribe-failed'));
    assert.equal((await figures())['pool_size'], 0);
    assert.equal((await figures())['concurrent_cold_waits'], 0);
    ros.subscribeError = undefined;
    const again = read('/scan');
    await settle();
    ros.deliver('/scan', { data: 'x' });
    assert.deepEqual((await again).value, { data: 'x' });
  });

  it('shows a message without a definition in hex and says so', async () => {
    const { ros, read } = await startRuntime([publisherOf('/tool', { type: 'acme_msgs/msg/Tool' })]);
    const reading = read('/tool');
    await settle();
    ros.deliver('/tool', undefined, { cdr: Uint8Array.of(0, 1, 0, 0, 0xab) });
    const { value, warnings, typeInfo } = await reading;
    assert.deepEqual(value, { encoding: 'cdr', hex: '00010000ab', size_bytes: 5, truncated: false });
    assert.match(warnings?.[0] ?? '', /No definition of acme_msgs\/msg\/Tool/);
    assert.equal(typeInfo, undefined);
  });

  it('shows the fields of a message that arrived before its definition was added', async () => {
    const { ros, read, clock } = await startRuntime([publisherOf('/tool', { type: 'acme_msgs/msg/Tool' })]);
    const reading = read('/tool');
    await settle();
    ros.deliver('/tool', { worn: true });
    assert.match((await reading).warnings?.[0] ?? '', /No definition of acme_msgs\/msg\/Tool/);
    ros.knownTypes.add('acme_msgs/msg/Tool');
    clock.advance(10_001);
    const { value, warnings } = await read('/tool');
    assert.deepEqual([value, warnings], [{ worn: true }, undefined]);
  });

  it('shows a malformed message in hex, cut to a bound', async () => {
    const { ros, read, figures } = await startRuntime([publisherOf('/odd')]);
    const reading = read('/odd');
    await settle();
    ros.deliver('/odd', undefined, { cdr: new Uint8Array(100_000) });
    const { value, warnings } = await reading;
    assert.ok(value && typeof value === 'object' && 'hex' in value);
    assert.equal(String(value.hex).length, 2 * 65_536);
    assert.deepEqual([value.size_bytes, value.truncated], [100_000, true]);
    assert.match(warnings?.[0] ?? '', /not a valid std_msgs\/msg\/String/);
    assert.equal((await figures('x-medkit-subscription-executor'))['tasks_failed'], 1);
  });
});

describe('pool of warm topics', () => {
  const warmUp = async ({ ros, read }: Awaited<ReturnType<typeof startRuntime>>, topic: string) => {
    const reading = read(topic);
    await settle();
    ros.deliver(topic, { data: topic });
    return reading;
  };

  it('closes the topic that was not read for longest when it is full', async () => {
    const runtime = await startRuntime(
      ['/a', '/b', '/c'].map((topic) => publisherOf(topic)),
      { maxPoolSize: 2 },
    );
    await warmUp(runtime, '/a');
    await warmUp(runtime, '/b');
    await runtime.read('/a');
    await warmUp(runtime, '/c');
    await settle();
    assert.deepEqual(runtime.ros.subscriptions.map(({ topic }) => topic).sort(), ['/a', '/c']);
    const { pool_size, evictions_total } = await runtime.figures();
    assert.deepEqual([pool_size, evictions_total], [2, 1]);
  });

  it('closes topics that are not read any more', async () => {
    const settings = { idleMs: 60_000, sweepTickMs: 10_000 };
    const runtime = await startRuntime([publisherOf('/a'), publisherOf('/b')], settings);
    await warmUp(runtime, '/a');
    await warmUp(runtime, '/b');
    runtime.clock.advance(50_000);
    await runtime.read('/b');
    runtime.clock.advance(20_000);
    await settle();
    assert.deepEqual(
      runtime.ros.subscriptions.map(({ topic }) => topic),
      ['/b'],
    );
  });

  it('closes a topic with much unread data, counted from its last read', async () => {
    const settings = { idleMaxBytes: 1000, idleMs: 60_000, sweepTickMs: 10_000 };
    const runtime = await startRuntime([publisherOf('/camera'), publisherOf('/voltage')], settings);
    const image = { cdr: new Uint8Array(400) };
    await warmUp(runtime, '/voltage');
    await warmUp(runtime, '/camera');
    for (let read = 0; read < 10; read++) {
      runtime.ros.deliver('/camera', undefined, image);
      await runtime.read('/camera');
    }
    const topics = () => runtime.ros.subscriptions.map(({ topic }) => topic).sort();
    for (let sample = 0; sample < 2; sample++) runtime.ros.deliver('/camera', undefined, image);
    await settle();
    assert.deepEqual(topics(), ['/camera', '/voltage'], 'as long as it is read');
    runtime.ros.deliver('/camera', undefined, image);
    await settle();
    assert.deepEqual(topics(), ['/voltage']);
    assert.deepEqual((await warmUp(runtime, '/camera')).value, { data: '/camera' }, 'it is subscribed to again');
  });

  it('keeps a topic that is watched, however much data arrives', async () => {
    const runtime = await startRuntime([publisherOf('/camera')], { idleMaxBytes: 1000 });
    await runtime.watch('/camera', () => undefined);
    for (let sample = 0; sample < 9; sample++) {
      runtime.ros.deliver('/camera', { data: 'x' }, { cdr: new Uint8Array(400) });
    }
    await settle();
    assert.equal(runtime.ros.subscriptions.length, 1);
  });

  it('subscribes again when the type of a topic changes', async () => {
    const runtime = await startRuntime([publisherOf('/a')]);
    await warmUp(runtime, '/a');
    runtime.ros.change({ endpoints: [publisherOf('/a', { type: 'sensor_msgs/msg/LaserScan' })] });
    await settle();
    assert.deepEqual(
      runtime.ros.subscriptions.map(({ type }) => type),
      ['sensor_msgs/msg/LaserScan'],
    );
    assert.equal((await runtime.figures())['type_change_events'], 1);
    assert.equal((await warmUp(runtime, '/a')).type, 'sensor_msgs/msg/LaserScan');
  });

  it('does not show the value of publishers that have disconnected', async () => {
    const runtime = await startRuntime([publisherOf('/a'), subscriptionOf('/a')]);
    await warmUp(runtime, '/a');
    runtime.ros.change({ gone: ['pub /a'] });
    assert.equal((await runtime.read('/a')).value, undefined);
    runtime.ros.change({ endpoints: [publisherOf('/a', { gid: 'another' })] });
    const reading = runtime.read('/a');
    await settle();
    runtime.ros.deliver('/a', { data: 'new' });
    assert.deepEqual((await reading).value, { data: 'new' });
  });

  it('keeps its samples within a bound of memory', async () => {
    const topics = ['/cam1', '/cam2', '/cam3'];
    const runtime = await startRuntime(topics.map((topic) => publisherOf(topic)));
    for (const topic of topics) await warmUp(runtime, topic);
    const image = new Uint8Array(100 * 1024 * 1024);
    for (const topic of topics) runtime.ros.deliver(topic, undefined, { cdr: image });
    await settle();
    assert.deepEqual(runtime.ros.subscriptions.map(({ topic }) => topic).sort(), ['/cam2', '/cam3']);
  });

  it('ends every subscription and wait when the runtime stops', async () => {
    const runtime = await startRuntime([publisherOf('/a'), publisherOf('/b')]);
    await warmUp(runtime, '/a');
    const waiting = runtime.read('/b');
    await settle();
    await runtime.runtime.stop();
    assert.equal(runtime.ros.subscriptions.length, 0);
    assert.equal(runtime.ros.closedNodes, 1);
    assert.equal((await waiting).value, undefined);
  });
});
