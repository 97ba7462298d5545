import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PUBLICATIONS } from '../discovery/builtin.ts';
import { KEEP_ALL, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { PEER_READER, PEER_WRITER, WirePeer } from '../testing/wire-peer.ts';
import { entityIdOf, octetsOf } from '../wire/guid-octets.ts';

const LEASE_MS = 1000;
const FRAGMENT_BYTES = 1000;

it('counts of messages to a participant continue after a lost contact, as it ignores lower counts', async () => {
  const scene = new Scene();
  const alice = await scene.join('10.0.0.1');
  const peer = new WirePeer({ target: alice });
  await peer.open(scene);
  alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
  const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
  const writerId = entityIdOf(writer.guid);
  const seen = [
    ['acknack', PUBLICATIONS.writerId],
    ['acknack', PEER_WRITER],
    ['nack-frag', PEER_WRITER],
    ['heartbeat', writerId],
    ['heartbeat-frag', writerId],
  ] as const;
  const ends: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    peer.announce({ leaseMs: LEASE_MS });
    await scene.pass(20);
    peer.announceEndpoint('writer', {}, 1);
    peer.announceEndpoint('reader', {}, 1);
    await scene.pass(20);
    assert.ok(writer.matched().some(({ guid }) => guid.startsWith(peer.prefix)));
    // One sample is missing completely, another lacks most of its fragments.
    peer.message.begin(octetsOf(alice.guidPrefix));
    peer.message.dataFrag(
      {
        readerId: 0,
        writerId: PEER_WRITER,
        sequenceNumber: 2,
        inlineQos: undefined,
        payload: payloadOf(2, 9000),
        payloadIsKey: false,
      },
      1,
      FRAGMENT_BYTES,
    );
    peer.message.heartbeat(0, PEER_WRITER, 1, 2, round + 1, false);
    peer.send();
    // The same for the local writer: the peer requests every fragment of a large sample.
    const number = writer.write(payloadOf(round, 150_000));
    await scene.pass(10);
    peer.message.begin(octetsOf(alice.guidPrefix));
    peer.message.ackNack(PEER_READER, writerId, number, [number], round + 1, true);
    peer.send();
    await scene.pass(300);
    for (const [kind, id] of seen) {
      const counts = peer.of(kind, id).map(({ count = 0 }) => count);
      assert.ok(counts.length > ends.length, `${kind} in round ${round}`);
      assert.deepEqual(
        counts,
        [...new Set(counts)].sort((a, b) => a - b),
        `${kind} in round ${round}`,
      );
    }
    ends.push(round);
    await scene.until(() => alice.participants().length === 0, 5000);
  }
  await alice.close();
});
