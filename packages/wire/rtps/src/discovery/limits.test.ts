import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeParticipant } from '../testing/fake-participant.ts';
import { KEEP_ALL, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { WirePeer } from '../testing/wire-peer.ts';
import { MAX_ENDPOINT_BYTES } from './endpoint-budget.ts';
import { MAX_PEERS } from './peer-table.ts';

async function flooded() {
  const scene = new Scene();
  const alice = await scene.join('10.0.0.1');
  const flood = new WirePeer({ target: alice });
  await flood.open(scene);
  return { scene, alice, flood };
}

describe('limits of participant discovery', () => {
  it('lets one address have half of the participants, so that newcomers elsewhere are found immediately', async () => {
    const { scene, alice, flood } = await flooded();
    for (let number = 1; number <= MAX_PEERS; number += 1) {
      const madeUp = new FakeParticipant(number);
      flood.sendBytes(madeUp.announcement());
      flood.sendBytes(madeUp.answer(alice.guidPrefix));
    }
    await scene.pass(10);
    assert.equal(alice.participants().length, MAX_PEERS / 2);
    assert.equal(alice.facts().dropped['participants-full'], MAX_PEERS / 2);
    const { held, owners, largest, refused } = alice.facts().quotas['dds_participants']!;
    assert.deepEqual([held, owners, largest, refused], [MAX_PEERS / 2, 1, MAX_PEERS / 2, MAX_PEERS / 2]);

    const bob = await scene.join('10.0.0.2', { name: 'bob' });
    await scene.until(() => alice.participants().some(({ name }) => name === 'bob'));
    assert.ok(bob.participants().length > 0);
  });

  it('lets a participant at the same address in once the silent ones make room', async () => {
    const { scene, alice, flood } = await flooded();
    for (let number = 1; number <= MAX_PEERS / 2; number += 1) {
      const madeUp = new FakeParticipant(number);
      flood.sendBytes(madeUp.announcement());
      flood.sendBytes(madeUp.answer(alice.guidPrefix));
    }
    await scene.pass(61_000);
    const last = new FakeParticipant(MAX_PEERS);
    flood.sendBytes(last.announcement());
    await scene.pass(10);
    assert.equal(alice.participants().length, MAX_PEERS / 2);
    assert.equal(alice.facts().dropped['participants-full'], undefined);
  });

  it('refuses an announcement that is larger than any real one', async () => {
    const { scene, alice, flood } = await flooded();
    flood.sendBytes(new FakeParticipant(1).announcement({ name: 'x'.repeat(20_000) }));
    await scene.pass(10);
    assert.equal(alice.participants().length, 0);
    assert.deepEqual(alice.facts().dropped, { 'malformed-participant': 1 });
  });
});

describe('limits of endpoint discovery', () => {
  for (const [leaseMs, freeAfterMs] of [
    [5000, 6000],
    [Number.POSITIVE_INFINITY, 61_000],
  ] as const) {
    it(`finds all of a newcomer to a full table once a flood with a lease of ${leaseMs} ms has ended`, async () => {
      const { scene, alice, flood } = await flooded();
      // One address may use at most half of the memory.
      const floods = [flood];
      for (const address of ['10.0.0.78', '10.0.0.79']) {
        const other = new WirePeer({ target: alice, address });
        await other.open(scene);
        floods.push(other);
      }
      const userDataBytes = 60_000;
      const crowd = Array.from({ length: 9 }, (_, index) => new FakeParticipant(index + 1));
      const announced = Math.ceil(MAX_ENDPOINT_BYTES / 8 / userDataBytes);
      const send = (index: number, bytes: Parameters<WirePeer['sendBytes']>[0]) =>
        floods[index % floods.length]?.sendBytes(bytes);
      for (const [index, each] of crowd.entries()) send(index, each.announcement({ leaseMs }));
      await scene.pass(10);
      for (let round = 0; round < announced; round += 1) {
        for (const [index, each] of crowd.entries()) send(index, each.nextWriter(userDataBytes));
        await scene.pass(1);
      }
      const full = alice.endpoints().length;
      assert.ok(full * userDataBytes <= MAX_ENDPOINT_BYTES);
      assert.ok((full + 2) * (userDataBytes + 1000) > MAX_ENDPOINT_BYTES);

      const values: number[] = [];
      const reader = alice.createReader({
        ...TOPIC,
        qos: RELIABLE,
        onSample: (sample) => values.push(numberIn(sample)),
      });
      const bob = await scene.join('10.0.0.2');
      // None of them fits into the remaining room.
      const userData = new Uint8Array(40_000);
      const writer = bob.createWriter({ ...TOPIC, qos: KEEP_ALL, userData });
      const readers = Array.from({ length: 30 }, (_, index) =>
        bob.createReader({ ...TOPIC, topicName: `rt/bob${index}`, userData, onSample: () => undefined }),
      );
      await scene.pass(2000);
      for (const [index, each] of crowd.entries()) send(index, each.nextWriter(userDataBytes));
      await scene.pass(10);
      assert.equal(alice.endpoints().length, full);
      assert.ok(alice.facts().dropped['endpoints-full'] >= readers.length);
      assert.equal(reader.matched().length, 0);

      await scene.until(() => reader.matched().length === 1, freeAfterMs);
      await scene.until(() => writer.hasAnswered(reader.guid), 1000);
      writer.write(payloadOf(7));
      const ofBob = () => alice.endpoints().filter(({ guid }) => guid.startsWith(bob.guidPrefix));
      await scene.until(() => values.length === 1 && ofBob().length === 1 + readers.length, 1000);
      assert.deepEqual(values, [7]);
    });
  }

  it('gives a participant only its share, and accepts its refused endpoints once it has closed others', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    const userData = new Uint8Array(48_000);
    const writers = Array.from({ length: 300 }, (_, index) =>
      bob.createWriter({ ...TOPIC, topicName: `rt/topic${index}`, userData }),
    );
    await scene.pass(3000);
    const taken = alice.endpoints().length;
    assert.ok(taken < 270 && taken > 250, `${taken}`);
    assert.ok(alice.facts().dropped['endpoints-share-full'] > 0);
    assert.equal(alice.facts().dropped['endpoints-full'], undefined);

    const carol = await scene.join('10.0.0.3');
    carol.createWriter(TOPIC);
    await scene.until(() => alice.endpoints().some(({ guid }) => guid.startsWith(carol.guidPrefix)), 1000);

    for (const writer of writers.splice(0, 100)) writer.close();
    const topics = () =>
      new Set(alice.endpoints().flatMap(({ guid, topicName }) => (guid.startsWith(bob.guidPrefix) ? [topicName] : [])));
    await scene.until(() => topics().size === 200, 3000);
    assert.ok(topics().has('rt/topic299'));
  });

  it('requests nothing for which there is no room, however long that lasts', async () => {
    const { scene, alice } = await flooded();
    const bob = await scene.join('10.0.0.2');
    const userData = new Uint8Array(48_000);
    for (let index = 0; index < 270; index += 1)
      bob.createWriter({ ...TOPIC, topicName: `rt/topic${index}`, userData });
    await scene.pass(3000);
    const { sent } = bob.facts().datagrams;
    await scene.pass(60_000);
    // Bob's own announcements, to the multicast group and to Alice.
    assert.ok(bob.facts().datagrams.sent - sent < 60, `${bob.facts().datagrams.sent - sent} datagrams`);
    assert.ok(alice.endpoints().length < 270);
  });
});
