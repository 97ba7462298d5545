import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PUBLICATIONS } from '../discovery/builtin.ts';
import { LATCHED, RELIABLE, Scene, TOPIC } from '../testing/scene.ts';
import { PEER_READER, WirePeer } from '../testing/wire-peer.ts';
import { entityIdOf, octetsOf } from '../wire/guid-octets.ts';

describe('an endpoint that waits until other participants know it', () => {
  for (const [network, conditions] of [
    ['a good network', {}],
    ['a network that loses and duplicates datagrams', { loss: 0.2, duplication: 0.2, latencyMs: 1 }],
  ] as const) {
    it(`is notified once, and only when that is true (${network})`, async () => {
      const scene = new Scene({ conditions });
      const a = await scene.join('10.0.0.1');
      const b = await scene.join('10.0.0.2');
      const events: string[] = [];
      const reader = a.createReader({
        ...TOPIC,
        onSample: () => undefined,
        onKnownTo: (participant) => {
          assert.ok(reader.isKnownTo(participant));
          events.push(`reader known to ${participant}`);
        },
      });
      const writer = a.createWriter({
        ...TOPIC,
        qos: RELIABLE,
        onKnownTo: (participant) => {
          assert.ok(writer.isKnownTo(participant));
          events.push(`writer known to ${participant}`);
        },
        onAnswered: ({ guid }) => {
          assert.ok(writer.hasAnswered(guid));
          events.push(`answered by ${guid}`);
        },
      });
      await scene.until(() => events.length === 2);
      assert.equal(reader.isKnownTo(b.guidPrefix), true);
      const remote = b.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
      await scene.until(() => events.length === 3);
      // Announcements and acknowledgements of others in the meantime are no news to this participant.
      b.createReader({ ...TOPIC, onSample: () => undefined }).close();
      a.createReader({ ...TOPIC, onSample: () => undefined });
      writer.write(Uint8Array.of(0, 1, 0, 0));
      await scene.pass(500);
      assert.deepEqual(events.toSorted(), [
        `answered by ${remote.guid}`,
        `reader known to ${b.guidPrefix}`,
        `writer known to ${b.guidPrefix}`,
      ]);
      const c = await scene.join('10.0.0.3');
      await scene.until(() => events.length === 5);
      assert.deepEqual(events.slice(3).toSorted(), [
        `reader known to ${c.guidPrefix}`,
        `writer known to ${c.guidPrefix}`,
      ]);
      await Promise.all([a.close(), b.close(), c.close()]);
    });
  }

  it('receives no notification once it is closed, and may be closed by a notification', async () => {
    const scene = new Scene();
    const a = await scene.join('10.0.0.1');
    let calls = 0;
    const closed = a.createReader({ ...TOPIC, onSample: () => undefined, onKnownTo: () => calls++ });
    closed.close();
    const writer = a.createWriter({ ...TOPIC, qos: RELIABLE, onAnswered: () => writer.close() });
    const b = await scene.join('10.0.0.2');
    const seen: string[] = [];
    b.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: () => undefined,
      onMatched: () => seen.push('matched'),
      onUnmatched: () => seen.push('unmatched'),
    });
    await scene.until(() => seen.length === 2);
    assert.deepEqual(seen, ['matched', 'unmatched']);
    assert.equal(calls, 0);
    await Promise.all([a.close(), b.close()]);
  });

  it('asks a reader to answer until it does, ever less often, and immediately when its participant knows the writer', async () => {
    const scene = new Scene();
    const a = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: a });
    await peer.open(scene);
    let answered = 0;
    const writer = a.createWriter({ ...TOPIC, qos: RELIABLE, onAnswered: () => answered++ });
    const silent = a.createWriter({ ...TOPIC, qos: RELIABLE });
    peer.announce();
    await scene.pass(50);
    peer.announceEndpoint('reader');
    await scene.pass(1);
    const id = entityIdOf(writer.guid);
    const heartbeats = () => peer.of('heartbeat', id).length;
    assert.equal(heartbeats(), 1);
    await scene.pass(10_000);
    assert.ok(heartbeats() >= 10 && heartbeats() <= 20, `${heartbeats()} times`);
    const acknowledge = (readerId: number, writerId: number, base: number): void => {
      peer.message.begin(octetsOf(a.guidPrefix));
      peer.message.ackNack(readerId, writerId, base, [], base, true);
      peer.send();
    };
    const before = heartbeats();
    acknowledge(PUBLICATIONS.readerId, PUBLICATIONS.writerId, 3);
    await scene.pass(1);
    assert.ok(writer.isKnownTo(peer.prefix));
    assert.equal(heartbeats(), before + 1);
    acknowledge(PEER_READER, id, 1);
    await scene.pass(1);
    assert.equal(answered, 1);
    await scene.pass(3000);
    assert.equal(heartbeats(), before + 1);
    assert.ok(peer.of('heartbeat', id).every(({ first, last }) => first === 1 && last === 0));
    assert.deepEqual(peer.of('heartbeat', entityIdOf(silent.guid)), []);
    await a.close();
  });
});

describe('a reader that restarts', () => {
  it('is reminded of its earlier samples, until it has them again', async () => {
    const scene = new Scene();
    const a = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: a });
    await peer.open(scene);
    const writer = a.createWriter({ ...TOPIC, qos: LATCHED });
    writer.write(Uint8Array.of(0, 1, 0, 0));
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('reader', { durability: 'transient-local' });
    const acknowledge = (base: number, count: number, final: boolean): void => {
      peer.message.begin(octetsOf(a.guidPrefix));
      peer.message.ackNack(PEER_READER, entityIdOf(writer.guid), base, [], count, final);
      peer.send();
    };
    const heartbeats = () => peer.of('heartbeat', entityIdOf(writer.guid)).length;
    await scene.pass(10);
    acknowledge(2, 1, true);
    await scene.pass(1000);
    const before = heartbeats();
    await scene.pass(1000);
    assert.equal(heartbeats(), before);
    acknowledge(1, 2, false);
    await scene.pass(2000);
    assert.ok(heartbeats() > before + 5);
    acknowledge(2, 3, true);
    await scene.pass(10);
    const after = heartbeats();
    await scene.pass(2000);
    assert.equal(heartbeats(), after);
    await a.close();
  });
});
