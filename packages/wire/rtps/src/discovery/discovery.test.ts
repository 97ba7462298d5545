import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { ParticipantListener } from '../model/api.ts';
import { KEEP_ALL, LATCHED, numberIn, payloadOf, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { METATRAFFIC_PORT, PEER_WRITER, WirePeer } from '../testing/wire-peer.ts';
import { octetsOf } from '../wire/guid-octets.ts';
import { PUBLICATIONS, SUBSCRIPTIONS } from './builtin.ts';

/** Records the calls of a listener, in order. */
function diary(): { readonly events: string[]; readonly listener: ParticipantListener } {
  const events: string[] = [];
  return {
    events,
    listener: {
      participantAppeared: ({ name }) => events.push(`+ ${name}`),
      participantLost: ({ name }, reason) => events.push(`- ${name} ${reason}`),
      endpointAppeared: ({ kind, topicName }) => events.push(`+ ${kind} ${topicName}`),
      endpointChanged: ({ kind, qos }) => events.push(`~ ${kind} ${qos.deadlineMs}`),
      endpointLost: ({ kind, topicName }) => events.push(`- ${kind} ${topicName}`),
    },
  };
}

describe('participant discovery', () => {
  it('finds others by multicast, with their announced properties, and not itself', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    await scene.join('10.0.0.1', { listener });
    const bob = await scene.join('10.0.0.2', {
      name: 'bob',
      userData: Uint8Array.of(1, 2, 3),
      properties: { 'dds.perm_ca': 'none' },
      leaseMs: 7000,
    });
    await scene.pass(50);
    assert.deepEqual(events, ['+ bob']);
    const alice = await scene.join('10.0.0.3');
    await scene.pass(400);
    const [found] = alice.participants().filter(({ name }) => name === 'bob');
    assert.deepEqual(found, {
      guidPrefix: bob.guidPrefix,
      vendorId: '014d',
      version: '',
      name: 'bob',
      userData: Uint8Array.of(1, 2, 3),
      properties: { 'dds.perm_ca': 'none' },
      leaseMs: 7000,
      address: '10.0.0.2',
      secure: false,
    });
    assert.equal(alice.participants().length, 2);
  });

  it('announces itself to each address once, also if a known participant is there', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1', { multicast: false, peers: ['10.0.0.2'], maxPeerParticipantId: 3 });
    await scene.pass(5000);
    const sentIn = async (ms: number): Promise<number> => {
      const before = alice.facts().datagrams.sent;
      await scene.pass(ms);
      return alice.facts().datagrams.sent - before;
    };
    const alone = await sentIn(10_000);
    await scene.join('10.0.0.2', { multicast: false, peers: ['10.0.0.1'] });
    await scene.pass(5000);
    assert.equal(alice.participants().length, 1);
    assert.equal(await sentIn(10_000), alone);
  });

  it('applies changed announcements of a participant, and ignores repeated ones', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    const leases: (number | undefined)[] = [];
    for (const leaseMs of [7000, 7000, 9000, 9000, 7000]) {
      peer.announce({ leaseMs });
      await scene.pass(10);
      leases.push(alice.participants()[0]?.leaseMs);
    }
    assert.deepEqual(leases, [7000, 7000, 9000, 9000, 7000]);
  });

  it('finds others by unicast without multicast, and does not lose them', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    const alice = await scene.join('10.0.0.1', { multicast: false, listener });
    const bob = await scene.join('10.0.0.2', { multicast: false, peers: ['10.0.0.1'], name: 'bob' });
    await scene.pass(60_000);
    assert.deepEqual(events, ['+ bob']);
    assert.equal(bob.participants().length, 1);
    assert.equal(alice.participants().length, 1);
  });

  it('ignores announcements of another domain', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce({ domainId: 3 });
    await scene.pass(10);
    assert.equal(alice.participants().length, 0);
    assert.equal(alice.facts().dropped['other-domain'], 1);
  });

  it('drops a participant immediately when it shuts down, its endpoints before it', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    await scene.join('10.0.0.1', { listener });
    const bob = await scene.join('10.0.0.2', { name: 'bob' });
    bob.createWriter(TOPIC);
    await scene.pass(500);
    await bob.close();
    await scene.pass(5);
    assert.deepEqual(events, ['+ bob', '+ writer rt/chatter', '- writer rt/chatter', '- bob disposed']);
  });

  it('drops a participant that falls silent after its lease, and finds it again when it is back', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    await scene.join('10.0.0.1', { listener });
    const bob = await scene.join('10.0.0.2', { name: 'bob', leaseMs: 4000 });
    bob.createReader({ ...TOPIC, onSample: () => undefined });
    await scene.pass(60_000);
    assert.deepEqual(events, ['+ bob', '+ reader rt/chatter']);
    scene.network.setLink('10.0.0.2', false);
    await scene.pass(2000);
    assert.equal(events.length, 2);
    await scene.pass(3000);
    assert.deepEqual(events.slice(2), ['- reader rt/chatter', '- bob lease']);
    scene.network.setLink('10.0.0.2', true);
    await scene.pass(3000);
    assert.deepEqual(events.slice(4), ['+ bob', '+ reader rt/chatter']);
  });

  it('drops a silent participant when its lease ends, not at the next regular check', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    const alice = await scene.join('10.0.0.1', { listener });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce({ leaseMs: 7110 });
    await scene.pass(7100);
    assert.deepEqual(events, ['+ wire']);
    await scene.pass(100);
    assert.deepEqual(events, ['+ wire', '- wire lease']);
  });

  it('treats a participant that returns with the same prefix at another port as restarted', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    const alice = await scene.join('10.0.0.1', { listener });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer');
    await scene.pass(10);
    peer.announce({ metatrafficPort: 7510 });
    await scene.pass(10);
    assert.deepEqual(events, ['+ wire', '+ writer rt/chatter', '- writer rt/chatter', '- wire disposed', '+ wire']);
  });

  it('exchanges values with a participant that was restarted with the same prefix at the same ports', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const writer = alice.createWriter({ ...TOPIC, topicName: 'rt/d', qos: KEEP_ALL });
    // As in a container: the same host id and process id again.
    const again = () => scene.join('10.0.0.2', { random: seededRandom(77) });
    const before = await again();
    for (const name of ['a', 'b', 'c']) before.createWriter({ ...TOPIC, topicName: `rt/${name}` });
    await scene.until(() => alice.endpoints().length === 3);
    scene.network.setLink('10.0.0.2', false);
    await before.close();
    scene.network.setLink('10.0.0.2', true);
    const values: number[] = [];
    const after = await again();
    assert.equal(after.guidPrefix, before.guidPrefix);
    after.createReader({
      ...TOPIC,
      topicName: 'rt/d',
      qos: RELIABLE,
      onSample: (sample) => values.push(numberIn(sample)),
    });
    await scene.until(() => writer.matched().length === 1, 5000);
    writer.write(payloadOf(1));
    await scene.until(() => values.length === 1, 5000);
    assert.deepEqual(values, [1]);
    const topics = () => alice.endpoints().map(({ topicName }) => topicName);
    await scene.until(() => topics().join() === 'rt/d', 15_000);
    await scene.pass(60_000);
    assert.deepEqual(topics(), ['rt/d']);
  });

  it('does not remove endpoints of a participant that had only lost contact', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    const alice = await scene.join('10.0.0.1', { listener });
    const bob = await scene.join('10.0.0.2', { name: 'bob', leaseMs: 60_000 });
    const values: number[] = [];
    alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => values.push(numberIn(sample)) });
    const writer = bob.createWriter({ ...TOPIC, qos: KEEP_ALL });
    for (let index = 0; index < 30; index += 1) bob.createWriter({ ...TOPIC, topicName: `rt/topic${index}` });
    await scene.until(() => alice.endpoints().length === 31 && writer.matched().length === 1);
    writer.write(payloadOf(1));
    await scene.pass(1000);
    const before = [...events];
    scene.network.setLink('10.0.0.1', false);
    await scene.until(() => bob.participants().length === 0, 15_000);
    scene.network.setLink('10.0.0.1', true);
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(2));
    await scene.pass(30_000);
    assert.deepEqual(events, before);
    assert.deepEqual(values, [1, 2]);
    // Neither side makes the other repeat its requests.
    const sent = () => alice.facts().datagrams.sent + bob.facts().datagrams.sent;
    const sentBefore = sent();
    await scene.pass(60_000);
    assert.ok(sent() - sentBefore < 60, `${sent() - sentBefore} datagrams`);
  });

  it('answers a new participant by unicast immediately', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1', { multicast: false });
    await scene.pass(20_000);
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(5);
    assert.ok(peer.received.some(({ kind, writerId }) => kind === 'data' && writerId === 0x0001_00c2));
  });

  it('answers once if several announcements arrive together, and again for a later one', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1', { multicast: false });
    await scene.pass(20_000);
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    const answers = () => peer.of('data', 0x0001_00c2).length;
    for (const expected of [1, 2]) {
      peer.announce();
      peer.announce();
      await scene.pass(50);
      assert.equal(answers(), expected);
    }
  });
});

describe('endpoint discovery', () => {
  it('announces endpoints, their changes and their end', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    const alice = await scene.join('10.0.0.1', { listener });
    const bob = await scene.join('10.0.0.2', { name: 'bob' });
    const reader = bob.createReader({ ...TOPIC, qos: RELIABLE, userData: Uint8Array.of(7), onSample: () => undefined });
    await scene.pass(500);
    const [endpoint] = alice.endpoints();
    assert.deepEqual(endpoint.userData, Uint8Array.of(7));
    assert.equal(endpoint.guid, reader.guid);
    assert.deepEqual(endpoint.qos, reader.qos);
    assert.equal(reader.isKnownTo(alice.guidPrefix), true);
    reader.close();
    await scene.pass(50);
    assert.deepEqual(events, ['+ bob', '+ reader rt/chatter', '- reader rt/chatter']);
    assert.deepEqual(alice.endpoints(), []);
  });

  it('retains nothing of endpoints that were removed', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    for (let turn = 0; turn < 10; turn += 1) alice.createWriter(TOPIC).close();
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(20);
    const { first, last } = peer.of('heartbeat', PUBLICATIONS.writerId).at(-1)!;
    assert.deepEqual([first, last], [21, 20]);
    alice.createWriter(TOPIC).close();
    peer.message.begin(octetsOf(alice.guidPrefix));
    peer.message.ackNack(PUBLICATIONS.readerId, PUBLICATIONS.writerId, 23, [], 1, true);
    peer.message.ackNack(PUBLICATIONS.readerId, PUBLICATIONS.writerId, 1, [], 2, false);
    peer.send();
    await scene.pass(20);
    assert.equal(peer.of('heartbeat', PUBLICATIONS.writerId).at(-1)?.first, 23);
  });

  it('reports other QoS of a known endpoint, and matches again', async () => {
    const scene = new Scene();
    const { events, listener } = diary();
    let incompatible = 0;
    const incompatibleQos = () => {
      incompatible += 1;
    };
    const alice = await scene.join('10.0.0.1', { listener: { ...listener, incompatibleQos } });
    const reader = alice.createReader({ ...TOPIC, qos: { deadlineMs: 1000 }, onSample: () => undefined });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer', { deadlineMs: 2000 });
    await scene.pass(10);
    assert.equal(reader.matched().length, 0);
    peer.announceEndpoint('writer', { deadlineMs: 2000 }, 2);
    await scene.pass(10);
    assert.equal(incompatible, 1);
    peer.announceEndpoint('writer', { deadlineMs: 500 }, 3);
    await scene.pass(10);
    assert.equal(reader.matched().length, 1);
    assert.deepEqual(events, ['+ wire', '+ writer rt/chatter', '~ writer 500']);
  });

  it('is complete for a late joiner on a bad network', async () => {
    const scene = new Scene({ seed: 9, conditions: { loss: 0.2, duplication: 0.2, reordering: 0.2 } });
    const bob = await scene.join('10.0.0.2');
    for (let index = 0; index < 200; index += 1) bob.createWriter({ ...TOPIC, topicName: `rt/topic${index}` });
    const alice = await scene.join('10.0.0.1');
    await scene.until(() => alice.endpoints().length === 200, 10_000);
  });

  it('asks Fast DDS writers first with base 0, others with base 1, until the first heartbeat', async () => {
    for (const [vendor, base] of [
      [0x010f, 0],
      [0x0110, 1],
    ]) {
      const scene = new Scene();
      const alice = await scene.join('10.0.0.1');
      const peer = new WirePeer({ target: alice, vendor });
      await peer.open(scene);
      peer.announce();
      peer.answer();
      await scene.pass(400);
      const requests = peer.of('acknack', PUBLICATIONS.writerId);
      assert.ok(requests.length >= 3 && requests.length <= 5, `${requests.length}`);
      assert.deepEqual([requests[0].base, requests[0].members], [base, []]);
      peer.message.begin();
      peer.message.heartbeat(0, PUBLICATIONS.writerId, 1, 0, 1, false);
      peer.send();
      await scene.pass(20);
      const after = peer.of('acknack', PUBLICATIONS.writerId).length;
      await scene.pass(5000);
      assert.equal(peer.of('acknack', PUBLICATIONS.writerId).length, after);
      assert.equal(peer.of('acknack', PUBLICATIONS.writerId).at(-1)?.base, 1);
    }
  });

  it('asks a writer that it knew before with base 0 first, even if its heartbeat arrives before that', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice, vendor: 0x010f });
    await peer.open(scene);
    /** Announces the peer and then sends a heartbeat. Returns what the peer is asked for. */
    const requested = async (count: number) => {
      const before = peer.of('acknack', PUBLICATIONS.writerId).length;
      peer.announce({ leaseMs: 1000 });
      peer.message.begin(octetsOf(alice.guidPrefix));
      peer.message.heartbeat(0, PUBLICATIONS.writerId, 1, 3, count, false);
      peer.send();
      await scene.pass(10);
      const acks = peer.of('acknack', PUBLICATIONS.writerId).slice(before);
      return acks.map(({ base, members }) => [base, members]);
    };
    assert.deepEqual(await requested(1), [[1, [1, 2, 3]]]);
    // The peer is paused: its writer continues from what was acknowledged before.
    await scene.until(() => alice.participants().length === 0, 5000);
    assert.deepEqual(await requested(2), [
      [0, []],
      [1, [1, 2, 3]],
    ]);
  });

  it('remembers the heartbeat of a writer that is not announced yet', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    alice.createReader({ ...TOPIC, qos: LATCHED, onSample: () => undefined });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.message.begin();
    peer.message.heartbeat(0, PEER_WRITER, 1, 3, 1, false);
    peer.send();
    await scene.pass(10);
    peer.announceEndpoint('writer', { durability: 'transient-local' });
    await scene.pass(10);
    // The sample was sent only once. Without the stored heartbeat, nothing would be requested.
    assert.deepEqual(peer.of('acknack', PEER_WRITER).at(-1)?.members, [1, 2, 3]);
  });

  it('asks a writer whose early heartbeat had no sample yet', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
    const peer = new WirePeer({ target: alice, vendor: 0x010f });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    // The heartbeat and the sample arrive before the announcement of their writer.
    peer.message.begin();
    peer.message.heartbeat(0, PEER_WRITER, 1, 0, 1, true);
    peer.data(PEER_WRITER, 1, payloadOf(1));
    peer.send();
    await scene.pass(10);
    peer.announceEndpoint('writer');
    await scene.pass(10);
    assert.equal(peer.of('acknack', PEER_WRITER)[0].base, 0);
  });

  it('sends acknowledgements of user writers to the user port, those of builtin ones to the metatraffic port', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    const metatraffic = peer.arrivals.metatraffic;
    assert.ok(metatraffic > 0);
    assert.equal(peer.arrivals.user, 0);
    peer.announceEndpoint('writer');
    await scene.pass(10);
    assert.ok(peer.arrivals.user > 0);
    assert.ok(peer.of('acknack', PEER_WRITER).length > 0);
  });

  it('follows an endpoint that announces another address', async () => {
    for (const kind of ['reader', 'writer'] as const) {
      const scene = new Scene();
      const alice = await scene.join('10.0.0.1');
      alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
      const writer = alice.createWriter({ ...TOPIC, qos: RELIABLE });
      const peer = new WirePeer({ target: alice });
      await peer.open(scene);
      peer.announce();
      await scene.pass(10);
      /** Makes alice send to the endpoint and returns the port that receives it. */
      const portUsed = async () => {
        const { user, metatraffic } = peer.arrivals;
        if (kind === 'reader') writer.write(payloadOf(1));
        else {
          heartbeats += 1;
          peer.message.begin();
          peer.message.heartbeat(0, PEER_WRITER, 1, 1, heartbeats, false);
          peer.send();
        }
        await scene.pass(5);
        return [peer.arrivals.user > user, peer.arrivals.metatraffic > metatraffic];
      };
      let heartbeats = 0;
      peer.announceEndpoint(kind, RELIABLE);
      await scene.pass(1000);
      assert.deepEqual(await portUsed(), [true, false]);
      const otherAddress = { address: '10.0.0.77', port: METATRAFFIC_PORT };
      peer.announceEndpoint(kind, RELIABLE, 2, otherAddress);
      await scene.pass(1000);
      assert.deepEqual(await portUsed(), [false, true]);
    }
  });

  it('accepts announcements from a participant about its own endpoints alone', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    const liar = new WirePeer({ target: alice, prefix: '01100000000000000000bb02', address: '10.0.0.78' });
    for (const each of [peer, liar]) {
      await each.open(scene);
      each.announce();
    }
    await scene.pass(10);
    peer.announceEndpoint('writer');
    liar.announceEndpoint('writer');
    await scene.pass(10);
    // The dispose of another participant's writer with the same entity id.
    liar.message.begin();
    const foreign = Uint8Array.of(
      0,
      3,
      0,
      0,
      0x5a,
      0,
      16,
      0,
      ...Buffer.from(`${peer.prefix}00000103`, 'hex'),
      1,
      0,
      0,
      0,
    );
    liar.message.data({
      readerId: 0,
      writerId: PUBLICATIONS.writerId,
      sequenceNumber: 2,
      payload: foreign,
      payloadIsKey: true,
    });
    liar.message.heartbeat(0, PUBLICATIONS.writerId, 1, 2, 2, true);
    liar.send();
    await scene.pass(10);
    assert.equal(alice.endpoints().length, 2);
    assert.equal(alice.participants().length, 2);
  });

  it('shows whether a reader has answered a writer', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    const writer = alice.createWriter({ ...TOPIC, qos: RELIABLE });
    const reader = bob.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
    assert.equal(writer.hasAnswered(reader.guid), false);
    await scene.until(() => writer.hasAnswered(reader.guid));
    assert.equal(writer.isKnownTo(bob.guidPrefix), true);
    writer.write(payloadOf(1));
    assert.ok(SUBSCRIPTIONS.readerId);
  });
});
