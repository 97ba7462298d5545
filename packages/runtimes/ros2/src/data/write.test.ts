import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import { DEFAULT_QOS } from '../testing/fake-ros.ts';
import { publisherOf, settle, startRuntime, subscriptionOf } from '../testing/running-runtime.ts';

const TWIST = 'geometry_msgs/msg/Twist';
const EMPTY = 'std_msgs/msg/Empty';
const CMD_VEL = subscriptionOf('/cmd_vel', { type: TWIST });

describe('write to a topic', () => {
  it('publishes with the type of the graph and reuses the publisher', async () => {
    const { ros, write } = await startRuntime([CMD_VEL]);
    assert.deepEqual(await write('cmd_vel', { linear: { x: 1 } }), {
      id: '/cmd_vel',
      value: { linear: { x: 1 } },
      terms: { ros2: { topic: '/cmd_vel', type: TWIST } },
    });
    await write('/cmd_vel', {}, TWIST);
    assert.deepEqual(
      ros.published.map(({ topic, type, value }) => [topic, type, value]),
      [
        ['/cmd_vel', TWIST, { linear: { x: 1 } }],
        ['/cmd_vel', TWIST, {}],
      ],
    );
    assert.equal(ros.publishers.length, 1);
  });

  it('offers the deadline and the liveliness that subscriptions request, and leaves no publisher that would miss them', async () => {
    const asking = (gid: string, qos: Partial<typeof DEFAULT_QOS>) =>
      subscriptionOf('/cmd_vel', { gid, type: TWIST, qos: { ...DEFAULT_QOS, ...qos } });
    const { ros, write } = await startRuntime([
      asking('1', { deadlineMs: 200 }),
      asking('2', { deadlineMs: 100, livelinessLeaseMs: 500 }),
      asking('3', { liveliness: 'manual_by_topic', livelinessLeaseMs: 1000, durability: 'transient_local' }),
    ]);
    ros.matched = () => 3;
    await write('cmd_vel', {});
    const [publisher] = ros.publishers;
    assert.deepEqual(publisher?.qos, {
      reliability: 'reliable',
      durability: 'transient_local',
      deadlineMs: 100,
      lifespanMs: null,
      liveliness: 'manual_by_topic',
      livelinessLeaseMs: 500,
    });
    await settle();
    assert.equal(publisher?.closed, true, 'it would miss the next deadline');
    ros.change({ gone: ['1', '2', '3'], endpoints: [CMD_VEL] });
    await write('cmd_vel', {});
    await write('cmd_vel', {});
    assert.deepEqual(
      ros.publishers.map(({ qos, closed }) => [qos.deadlineMs, closed]),
      [
        [100, true],
        [null, false],
      ],
    );
  });

  it('waits until the subscriptions that the graph shows have matched', async () => {
    const { ros, write, clock } = await startRuntime([CMD_VEL, subscriptionOf('/cmd_vel', { gid: '2', type: TWIST })]);
    let matched = 0;
    ros.matched = () => matched;
    const writing = write('/cmd_vel', {});
    await clock.advanceAsync(50, 5);
    matched = 1;
    await clock.advanceAsync(50, 5);
    assert.equal(ros.published.length, 0);
    matched = 2;
    await clock.advanceAsync(10, 5);
    await writing;
    assert.equal(ros.published.length, 1);
  });

  it('waits once for a subscription that never matches, and warns if no subscription received it', async () => {
    const { ros, write, clock } = await startRuntime([CMD_VEL]);
    ros.matched = () => 0;
    const writing = write('/cmd_vel', {});
    await clock.advanceAsync(1010, 5);
    assert.match((await writing).warnings?.[0] ?? '', /No subscriber received it/);
    const second = write('/cmd_vel', {});
    await settle();
    await second;
    assert.equal(ros.published.length, 2);
  });

  it('gives subscriptions that the graph does not show yet a moment on the first write', async () => {
    const { ros, write, clock } = await startRuntime([], { foreignTopics: true });
    let matched = 0;
    ros.matched = () => matched;
    const writing = write('/cmd_vel', {}, TWIST);
    await clock.advanceAsync(100, 5);
    assert.equal(ros.published.length, 0);
    matched = 1;
    await clock.advanceAsync(10, 5);
    assert.equal((await writing).warnings, undefined);
  });

  it('warns that a subscription has not confirmed the message, if the caller asks for confirmation', async () => {
    const { ros, write } = await startRuntime([CMD_VEL]);
    ros.acknowledges = false;
    assert.equal((await write('/cmd_vel', {})).warnings, undefined);
    assert.match((await write('/cmd_vel', {}, undefined, { acknowledge: true })).warnings?.[0] ?? '', /confirmed/);
    ros.acknowledges = true;
    assert.equal((await write('/cmd_vel', {}, undefined, { acknowledge: true })).warnings, undefined);
  });

  it('answers when the message is written, however long its confirmation takes', async () => {
    const { ros, write } = await startRuntime([CMD_VEL]);
    ros.acknowledges = new Promise<boolean>(() => undefined);
    await write('/cmd_vel', {});
    assert.equal(ros.published.length, 1);
  });

  it('warns if the topic is subscribed to with another type', async () => {
    const { ros, write, clock } = await startRuntime([CMD_VEL]);
    ros.matched = () => 0;
    const writing = write('/cmd_vel', {}, 'std_msgs/msg/String');
    await clock.advanceAsync(310, 5);
    assert.match((await writing).warnings?.[0] ?? '', /geometry_msgs\/msg\/Twist, not std_msgs\/msg\/String/);
  });

  it('needs a type if the topic has no endpoint', async () => {
    const { write } = await startRuntime([], { foreignTopics: true });
    const error = await errorOf(write('/nobody', {}));
    assert.deepEqual([error.code, error.status], ['invalid-parameter', 400]);
    assert.match(error.message, /type/);
  });

  it('names the problem with a message or its type', async () => {
    const { ros, write } = await startRuntime([CMD_VEL], { foreignTopics: true });
    const misfit = await errorOf(write('/cmd_vel', 'fast'));
    assert.deepEqual(
      [misfit.status, misfit.message, misfit.parameters?.['details']],
      [400, `Not a ${TWIST}: expected an object, found string`, 'expected an object, found string'],
    );
    const unknown = await errorOf(write('/x', {}, 'acme_msgs/msg/Tool'));
    assert.equal(unknown.status, 400);
    assert.match(String(unknown.parameters?.['details']), /acme_msgs\/msg\/Tool/);
    assert.equal(ros.publishers.length, 0);
  });

  it('refuses a message without any field, which would be published as zeros, unless its type has none', async () => {
    const { ros, write } = await startRuntime([CMD_VEL, subscriptionOf('/reset', { gid: '2', type: EMPTY })]);
    ros.members.set(TWIST, { linear: { type: 'object', properties: { x: {} } }, angular: {} });
    ros.knownTypes.add(EMPTY);
    ros.members.set(EMPTY, {});
    const empty = await errorOf(write('/cmd_vel', {}));
    assert.deepEqual([empty.code, empty.status], ['invalid-request', 400]);
    assert.match(empty.message, /data has no field of geometry_msgs\/msg\/Twist, .* set linear, angular/);
    await write('/cmd_vel', { linear: {} });
    await write('/reset', {});
    assert.deepEqual(
      ros.published.map(({ topic }) => topic),
      ['/cmd_vel', '/reset'],
    );
  });

  it('refuses unknown members, with the most similar known one', async () => {
    const { ros, write } = await startRuntime([CMD_VEL]);
    ros.members.set(TWIST, { linear: { type: 'object', properties: { x: {}, y: {} } }, angular: {} });
    const misspelt = await errorOf(write('/cmd_vel', { liner: { x: 1 } }));
    assert.deepEqual([misspelt.code, misspelt.status], ['invalid-request', 400]);
    assert.match(misspelt.message, /liner: geometry_msgs\/msg\/Twist has no such field; did you mean linear\?/);
    const nested = await errorOf(write('/cmd_vel', { linear: { w: 1 } }));
    assert.match(nested.message, /linear\.w: /);
    assert.equal(ros.published.length, 0);
  });

  it('answers with the published message: omitted fields are at their defaults', async () => {
    const { ros, write } = await startRuntime([CMD_VEL]);
    ros.defaults.set(TWIST, { linear: { x: 0 }, angular: { z: 0 } });
    assert.deepEqual((await write('/cmd_vel', { linear: { x: 1 } })).value, { linear: { x: 1 }, angular: { z: 0 } });
    assert.deepEqual((await write('/cmd_vel', {})).value, { linear: { x: 0 }, angular: { z: 0 } });
  });

  it('is refused if the node has no such topic', async () => {
    const { ros, runtime, clock } = await startRuntime([CMD_VEL]);
    const call = callContext({ clock, timeoutMs: 5000 });
    const writing = runtime.providers.data!.write('/driver', '/cmd_vel', { type: TWIST, value: {} }, call);
    assert.equal((await errorOf(writing)).code, 'resource-not-found');
    assert.equal(ros.publishers.length, 0);
  });

  it('reaches all subscriptions of the topic', async () => {
    const { runtime, clock } = await startRuntime([
      CMD_VEL,
      publisherOf('/cmd_vel', { type: TWIST }),
      subscriptionOf('/cmd_vel', { gid: 'bare', node: undefined, type: TWIST }),
    ]);
    const call = callContext({ clock, timeoutMs: 5000 });
    const holders = await runtime.providers.data!.holders!('/driver', 'cmd_vel', call);
    assert.deepEqual(holders.toSorted(), ['/driver', '/listener', 'host']);
  });

  it('offers a latched publisher if a subscription requests one', async () => {
    const { ros, write } = await startRuntime([CMD_VEL]);
    await write('/cmd_vel', {});
    const latched = { ...DEFAULT_QOS, durability: 'transient_local' as const };
    ros.change({ endpoints: [subscriptionOf('/cmd_vel', { gid: 'late', type: TWIST, qos: latched })] });
    ros.matched = () => 2;
    await write('/cmd_vel', {});
    await settle();
    assert.deepEqual(
      ros.publishers.map(({ qos, closed }) => [qos.durability, closed]),
      [
        ['volatile', true],
        ['transient_local', false],
      ],
    );
  });

  it('has a bounded number of publishers and closes them all with the runtime', async () => {
    const topics = Array.from({ length: 70 }, (_, at) => subscriptionOf(`/t${at}`, { type: TWIST }));
    const { ros, runtime, write } = await startRuntime(topics);
    for (const { name } of topics) await write(name, {});
    await settle();
    assert.equal(ros.publishers.filter(({ closed }) => !closed).length, 64);
    assert.equal(ros.publishers[0]?.closed, true);
    await runtime.stop();
    assert.ok(ros.publishers.every(({ closed }) => closed));
  });
});

describe('list of topics', () => {
  it('has direction, type, group and schema of every topic of a node', async () => {
    const { list } = await startRuntime([
      publisherOf('/scan', { type: 'sensor_msgs/msg/LaserScan' }),
      publisherOf('/chat'),
      subscriptionOf('/chat', { gid: 'own', node: '/driver' }),
      subscriptionOf('/tool', { node: '/driver', type: 'acme_msgs/msg/Tool' }),
      publisherOf('/elsewhere', { node: '/listener' }),
    ]);
    const entries = await list('/driver');
    assert.deepEqual(
      entries.map(({ id, channel, group, typeInfo }) => [
        id,
        channel?.direction,
        channel?.type,
        group,
        typeInfo !== undefined,
      ]),
      [
        ['/chat', 'both', 'std_msgs/msg/String', 'std_msgs', true],
        ['/scan', 'publish', 'sensor_msgs/msg/LaserScan', 'sensor_msgs', true],
        ['/tool', 'subscribe', 'acme_msgs/msg/Tool', 'acme_msgs', false],
      ],
    );
    assert.deepEqual(await list('/nobody'), []);
  });

  it('shows topics without a node as data of the machine', async () => {
    const { list, read, ros } = await startRuntime([publisherOf('/micro', { node: undefined }), publisherOf('/scan')]);
    assert.deepEqual(
      (await list('host')).map(({ id }) => id),
      ['/micro'],
    );
    const reading = read('/micro');
    await settle();
    ros.deliver('/micro', { data: 'seen' });
    assert.deepEqual((await reading).value, { data: 'seen' });
  });

  it('asks for every type once, and again after a while for one without a definition', async () => {
    const tool = { type: 'acme_msgs/msg/Tool' };
    const { list, ros, clock } = await startRuntime([publisherOf('/a'), publisherOf('/b'), publisherOf('/t', tool)]);
    await list('/driver');
    await list('/driver');
    assert.equal(ros.descriptions, 2);
    ros.knownTypes.add(tool.type);
    clock.advance(10_000);
    assert.ok((await list('/driver')).every(({ typeInfo }) => typeInfo));
    assert.equal(ros.descriptions, 3);
  });
});
