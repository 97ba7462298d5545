import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reserveDomain } from '../harness/free-domain.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';

/**
 * Both directions between the two vendors: when a test against medkit fails, these show whether the peers are the
 * cause.
 */
const ways = [
  ['cyclone', 'fastdds'],
  ['fastdds', 'cyclone'],
] as const;

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();

peerSuite('the peers, without medkit', {}, () => {
  for (const [from, to] of ways) {
    for (const discovery of ['localhost', 'multicast'] as const) {
      test(`${from} sends every type to ${to}, ${discovery}`, { timeout: 60_000 }, async () => {
        const types = ['medkit_test_msgs/msg/AllTypes', 'sensor_msgs/msg/LaserScan', 'sensor_msgs/msg/Image'];
        const topics = types.map((type) => `/${type.split('/').at(-1)}`);
        // A writer may discover the reader before the reader discovers the writer: only a latched topic loses nothing
        // then.
        const qos = 'transient_local keep_all size=100000';
        await using receiver = await startPeer({
          vendor: to,
          domainId: DOMAIN,
          discovery,
          commands: ['node /receiver', ...types.map((type, i) => `sub ${topics[i]} ${type} ${qos}`)],
        });
        await using sender = await startPeer({
          vendor: from,
          domainId: DOMAIN,
          discovery,
          commands: ['node /sender', ...types.map((type, i) => `pub ${topics[i]} ${type} count=4 wait=1 ${qos}`)],
        });
        for (const topic of topics) {
          for (let index = 0; index < 4; index += 1) {
            const written = await sender.event('written', topic);
            const arrived = await receiver.event('sample', topic);
            assert.deepEqual(arrived.value, written.value, `${topic} number ${written.index}`);
          }
        }
      });
    }
  }

  for (const [from, to] of ways) {
    test(`${to} discovers the nodes of ${from}`, { timeout: 60_000 }, async () => {
      await using watcher = await startPeer({ vendor: to, domainId: SECOND_DOMAIN, commands: ['node /watcher'] });
      await using peer = await startPeer({
        vendor: from,
        domainId: SECOND_DOMAIN,
        commands: ['node /robot/talker', 'pub /chatter std_msgs/msg/String'],
      });
      const { gid } = await peer.event('publisher', '/chatter');
      await watcher.events.take('the talker with its publisher', (event) => {
        const node = event.event === 'graph' && event.value.node_entities_info_seq[0];
        return (
          node &&
          node.node_namespace === '/robot' &&
          node.node_name === 'talker' &&
          node.writer_gid_seq.some(({ data }) => Buffer.from(data).toString('hex') === gid)
        );
      });
    });
  }

  // Not the other way round: Fast DDS ignores a goodbye without PID_KEY_HASH, which Cyclone DDS omits.
  test('cyclone notices immediately when fastdds leaves', { timeout: 60_000 }, async () => {
    const sub = 'sub /chatter std_msgs/msg/String';
    await using watcher = await startPeer({ vendor: 'cyclone', domainId: SECOND_DOMAIN, commands: [sub] });
    await using peer = await startPeer({
      vendor: 'fastdds',
      domainId: SECOND_DOMAIN,
      commands: [sub.replace('sub', 'pub')],
    });
    await watcher.matched('/chatter', 1);
    assert.equal(await peer.quit(), 0);
    await watcher.matched('/chatter', 0, 1000);
  });
});
