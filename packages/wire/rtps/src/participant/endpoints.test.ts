import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HistoryFull } from '../history/writer-history.ts';
import type { IncompatibleQos, Writer } from '../model/api.ts';
import type { Sample } from '../model/sample.ts';
import { KEEP_ALL, LATCHED, numberIn, payloadOf, RELIABLE, Scene, settled, TOPIC } from '../testing/scene.ts';
import { PEER_READER, PEER_WRITER, WirePeer } from '../testing/wire-peer.ts';
import { entityIdOf, octetsOf } from '../wire/guid-octets.ts';
import { WriterClosed } from '../writer/local-writer.ts';
import { ParticipantClosed } from './rtps-participant.ts';

describe('readers and writers', () => {
  it('match by topic, type and QoS; a mismatch is reported once', async () => {
    const scene = new Scene();
    const events: IncompatibleQos[] = [];
    const alice = await scene.join('10.0.0.1', { listener: { incompatibleQos: (event) => events.push(event) } });
    const bob = await scene.join('10.0.0.2');
    const matched: string[] = [];
    const onMatched = ({ topicName }: { topicName: string }) => matched.push(topicName);
    const reader = alice.createReader({ ...TOPIC, qos: RELIABLE, onMatched, onSample: () => undefined });
    bob.createWriter({ ...TOPIC, qos: { reliability: 'best-effort' } });
    bob.createWriter({ ...TOPIC, typeName: 'other::Type' });
    await scene.pass(3000);
    assert.deepEqual(matched, []);
    assert.deepEqual(
      events.map(({ local, policies }) => [local, policies]),
      [[reader.guid, ['reliability']]],
    );
    const writer = bob.createWriter(TOPIC);
    await scene.pass(100);
    assert.deepEqual(matched, ['rt/chatter']);
    assert.deepEqual(
      reader.matched().map(({ guid }) => guid),
      [writer.guid],
    );
  });

  it('serve several readers and writers of one topic in one participant', async () => {
    const scene = new Scene({ seed: 4, conditions: { loss: 0.1 } });
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    const writers = [1, 2].map(() => alice.createWriter({ ...TOPIC, qos: KEEP_ALL }));
    const received: [string, number][][] = [[], []];
    for (const list of received) {
      bob.createReader({
        ...TOPIC,
        qos: RELIABLE,
        onSample: (sample) => list.push([sample.writer.guid, numberIn(sample)]),
      });
    }
    await scene.until(() => writers.every((writer) => writer.matched().length === 2));
    for (let value = 0; value < 50; value += 1) for (const writer of writers) writer.write(payloadOf(value));
    await scene.until(() => received.every((list) => list.length === 100));
    for (const list of received) {
      for (const { guid } of writers) {
        assert.deepEqual(
          list.filter(([from]) => from === guid).map(([, value]) => value),
          Array.from({ length: 50 }, (_, index) => index),
        );
      }
    }
  });

  it('send a sample for one reader to that reader alone, and the others wait for nothing', async () => {
    const scene = new Scene({ seed: 6, conditions: { loss: 0.1, reordering: 0.1 } });
    const server = await scene.join('10.0.0.1');
    const writer = server.createWriter({ ...TOPIC, qos: KEEP_ALL });
    const received: number[][] = [];
    const readers = [];
    for (const address of ['10.0.0.2', '10.0.0.3', '10.0.0.3']) {
      const client = await scene.join(address, { datagrams: scene.network.host(address) }).catch(() => undefined);
      const list: number[] = [];
      received.push(list);
      readers.push(
        client!.createReader({ ...TOPIC, qos: RELIABLE, onSample: (sample) => list.push(numberIn(sample)) }),
      );
    }
    await scene.until(() => writer.matched().length === 3);
    for (let value = 0; value < 30; value += 1) writer.write(payloadOf(value), { to: readers[value % 3].guid });
    writer.write(payloadOf(99));
    await scene.until(() => received.every((list) => list.at(-1) === 99));
    received.forEach((list, index) => {
      assert.deepEqual(list, [...Array.from({ length: 10 }, (_, turn) => turn * 3 + index), 99]);
    });
  });

  it('match only endpoints that `accept` accepts', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2', { name: 'bob' });
    const accept = ({ userData }: { userData: Uint8Array }) => userData[0] === 1;
    const reader = alice.createReader({ ...TOPIC, accept, onSample: () => undefined });
    bob.createWriter({ ...TOPIC, userData: Uint8Array.of(2) });
    const wanted = bob.createWriter({ ...TOPIC, userData: Uint8Array.of(1) });
    await scene.pass(500);
    assert.deepEqual(
      reader.matched().map(({ guid }) => guid),
      [wanted.guid],
    );
  });

  it('answer a reader that `accept` refuses, so that it stops asking, and serve it when it is accepted after all', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const accept = ({ qos }: { qos: { deadlineMs: number } }) => qos.deadlineMs === 1000;
    const writer = alice.createWriter({ ...TOPIC, qos: { ...LATCHED, deadlineMs: 500 }, accept });
    const writerId = Number.parseInt(writer.guid.slice(24), 16);
    writer.write(payloadOf(1));
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('reader', { durability: 'transient-local', deadlineMs: 2000 });
    await scene.pass(10);
    const ask = async (count: number) => {
      peer.message.begin();
      peer.message.ackNack(PEER_READER, writerId, 0, [], count, false);
      peer.send();
      await scene.pass(10);
      return peer.of('heartbeat', writerId).map(({ first, last }) => [first, last]);
    };
    assert.deepEqual(await ask(1), [[1, 0]]);
    assert.equal(writer.matched().length, 0);
    peer.announceEndpoint('reader', { durability: 'transient-local', deadlineMs: 1000 }, 2);
    await scene.pass(10);
    assert.deepEqual((await ask(2)).at(-1), [1, 1]);
  });

  it('carry source time, related identity and the writer with a sample', async () => {
    const scene = new Scene();
    const samples: Sample[] = [];
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    bob.createReader({ ...TOPIC, onSample: (sample) => samples.push(sample) });
    const writer = alice.createWriter(TOPIC);
    await scene.until(() => writer.matched().length === 1);
    const relatedIdentity = { guid: '0110'.padEnd(24, 'a').padEnd(32, '3'), sequenceNumber: 2 ** 40 + 7 };
    writer.write(payloadOf(1), { relatedIdentity, sourceMs: 1_700_000_000_250 });
    writer.write(payloadOf(2, 40_000), { relatedIdentity: { ...relatedIdentity, sequenceNumber: -1 } });
    await scene.until(() => samples.length === 2);
    const [small, large] = samples;
    assert.equal(small.writer.guid, writer.guid);
    assert.deepEqual(small.relatedIdentity, relatedIdentity);
    assert.equal(small.sourceSeconds, 1_700_000_000);
    assert.ok(Math.abs(small.sourceNanoseconds - 250_000_000) < 2);
    assert.equal(large.relatedIdentity?.sequenceNumber, -1);
    assert.ok(large.sourceSeconds > 0);
  });

  it('of one participant reach each other, after the write has returned', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const early = alice.createWriter({ ...TOPIC, qos: LATCHED });
    early.write(payloadOf(1));
    const values: number[] = [];
    const reader = alice.createReader({
      ...TOPIC,
      qos: LATCHED,
      onSample: (sample) => values.push(numberIn(sample)),
    });
    await settled();
    assert.deepEqual(values, [1]);
    early.write(payloadOf(2));
    assert.deepEqual(values, [1]);
    await settled();
    early.write(payloadOf(3), { to: reader.guid });
    early.write(payloadOf(4), { to: 'f'.repeat(32) });
    await settled();
    assert.deepEqual(values, [1, 2, 3]);
    assert.deepEqual([reader.matched()[0].guid, early.matched()[0].guid], [early.guid, reader.guid]);
    assert.equal(await early.acknowledged(10), true);
    reader.close();
    early.write(payloadOf(5));
    await settled();
    assert.deepEqual(values, [1, 2, 3]);
    assert.deepEqual(early.matched(), []);
  });

  it('survive listeners that throw', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2', {
      listener: {
        endpointAppeared: () => {
          throw new Error('first');
        },
      },
    });
    let calls = 0;
    bob.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: () => {
        calls += 1;
        throw new Error('second');
      },
    });
    const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(1));
    writer.write(payloadOf(2));
    await scene.until(() => calls === 2);
    assert.equal(bob.facts().dropped['listener-threw'], 3);
    assert.deepEqual(bob.facts().failures, ['Error: first', 'Error: second']);
  });

  it('bound a keep-all history that is not acknowledged', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    const writer = alice.createWriter({ ...TOPIC, qos: KEEP_ALL });
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('reader');
    await scene.pass(10);
    const fill = () => {
      for (let value = 0; value < 10_000; value += 1) writer.write(payloadOf(value));
    };
    assert.throws(fill, HistoryFull);
    // An acknowledgement makes room again.
    peer.message.begin();
    peer.message.ackNack(PEER_READER, Number.parseInt(writer.guid.slice(24), 16), 8193, [], 1, true);
    peer.send();
    await scene.pass(10);
    assert.equal(writer.write(payloadOf(1)), 8193);
  });

  it('declare irrelevant samples to a volatile reader immediately, and send nothing twice that was requested twice', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    const writer = alice.createWriter({ ...TOPIC, qos: LATCHED });
    const writerId = Number.parseInt(writer.guid.slice(24), 16);
    for (const value of [1, 2, 3]) writer.write(payloadOf(value));
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('reader');
    await scene.pass(5);
    assert.deepEqual(
      peer.of('gap', writerId).map(({ first, base }) => [first, base]),
      [[1, 4]],
    );
    writer.write(payloadOf(4), { to: 'f'.repeat(32) });
    await scene.pass(50);
    assert.deepEqual(peer.of('gap', writerId).at(-1), { kind: 'gap', writerId, first: 4, base: 5 });
    writer.write(payloadOf(5));
    await scene.pass(1);
    const ask = (count: number) => {
      peer.message.begin();
      peer.message.ackNack(PEER_READER, writerId, 5, [5], count, true);
      peer.send();
    };
    ask(1);
    ask(2);
    await scene.pass(2);
    assert.equal(peer.of('data', writerId).length, 2);
    await scene.pass(10);
    ask(3);
    await scene.pass(2);
    assert.equal(peer.of('data', writerId).length, 3);
  });

  it('give a restarted reader its history again', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    const writer = alice.createWriter({ ...TOPIC, qos: LATCHED });
    const writerId = Number.parseInt(writer.guid.slice(24), 16);
    for (const value of [1, 2, 3]) writer.write(payloadOf(value));
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('reader', { durability: 'transient-local' });
    await scene.pass(10);
    const ask = async (base: number, missing: readonly number[], count: number, final: boolean) => {
      peer.message.begin();
      peer.message.ackNack(PEER_READER, writerId, base, missing, count, final);
      peer.send();
      await scene.pass(20);
    };
    const sent = () => peer.of('data', writerId).map(({ sequenceNumber }) => sequenceNumber);
    const before = sent();
    await ask(4, [], 50, true);
    assert.equal(await writer.acknowledged(0), true);
    await ask(1, [], 1, false);
    await ask(1, [1, 2, 3], 2, true);
    assert.deepEqual(sent().slice(before.length), [1, 2, 3]);
  });

  it('send a short history to a new reader unasked, and again immediately if that arrived too early', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    const short = alice.createWriter({ ...TOPIC, qos: LATCHED });
    short.write(payloadOf(1));
    const long = alice.createWriter({ ...TOPIC, qos: LATCHED });
    long.write(payloadOf(2, 8000));
    const submessages = (writer: Writer, kind: string) => peer.of(kind, entityIdOf(writer.guid));
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('reader', { durability: 'transient-local' });
    await scene.pass(2);
    assert.deepEqual([submessages(short, 'data').length, submessages(short, 'heartbeat').length], [1, 1]);
    assert.deepEqual([submessages(long, 'data').length, submessages(long, 'heartbeat').length], [0, 1]);
    peer.message.begin(octetsOf(alice.guidPrefix));
    peer.message.ackNack(PEER_READER, entityIdOf(short.guid), 1, [1], 1, true);
    peer.send();
    await scene.pass(1);
    assert.equal(submessages(short, 'data').length, 2);
    await alice.close();
  });

  it('accept no calls once the writer or the participant is closed, which may happen twice', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const writer = alice.createWriter(TOPIC);
    writer.close();
    writer.close();
    assert.throws(() => writer.write(payloadOf(1)), WriterClosed);
    const reader = alice.createReader({ ...TOPIC, onSample: () => undefined });
    await alice.close();
    await alice.close();
    reader.close();
    assert.throws(() => alice.createWriter(TOPIC), ParticipantClosed);
  });
});

describe('a best-effort reader', () => {
  it('completes large samples, and abandons one for a newer one', async () => {
    const scene = new Scene();
    const values: number[] = [];
    const alice = await scene.join('10.0.0.1');
    alice.createReader({ ...TOPIC, onSample: (sample) => values.push(numberIn(sample)) });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer', { reliability: 'best-effort' });
    await scene.pass(10);
    const send = (number: number, ...fragments: number[]) => {
      peer.message.begin();
      const fields = { readerId: 0, writerId: PEER_WRITER, sequenceNumber: number, payloadIsKey: false };
      for (const fragment of fragments) {
        peer.message.dataFrag({ ...fields, payload: payloadOf(number, 4000) }, fragment, 1500);
      }
      peer.send();
    };
    send(1, 1, 3);
    send(2, 3, 2, 2, 1);
    send(1, 2);
    for (const number of [3, 4, 5, 6, 7]) send(number, 1, 2);
    send(3, 3);
    send(4, 3);
    await scene.pass(10);
    // 1 is older than 2, which was complete earlier; 3 was evicted when a fifth sample began.
    assert.deepEqual(values, [2, 4]);
  });

  it('drops samples that are older than, or the same as, the last one', async () => {
    const scene = new Scene();
    const values: number[] = [];
    const alice = await scene.join('10.0.0.1');
    alice.createReader({ ...TOPIC, onSample: (sample) => values.push(numberIn(sample)) });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer', { reliability: 'best-effort' });
    await scene.pass(10);
    for (const number of [3, 3, 2, 5, 4, 6]) {
      peer.message.begin();
      peer.data(PEER_WRITER, number, payloadOf(number));
      peer.send();
    }
    await scene.pass(10);
    assert.deepEqual(values, [3, 5, 6]);
  });
});

describe('a reader that is closed by its own listener', () => {
  it('is not matched any more when another one closes it', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const bob = await scene.join('10.0.0.2');
    let samples = 0;
    const count = () => {
      samples += 1;
    };
    alice.createReader({ ...TOPIC, onMatched: () => second.close(), onSample: () => undefined });
    const second = alice.createReader({ ...TOPIC, onSample: count });
    const writer = bob.createWriter(TOPIC);
    await scene.until(() => writer.matched().length === 1);
    writer.write(payloadOf(1));
    await scene.pass(50);
    assert.deepEqual(second.matched(), []);
    assert.equal(samples, 0);
  });

  it('sends no further requests to its writer', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    let calls = 0;
    const reader = alice.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: () => {
        calls += 1;
        reader.close();
      },
    });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer');
    await scene.pass(10);
    peer.message.begin();
    peer.message.heartbeat(0, PEER_WRITER, 1, 0, 1, true);
    peer.data(PEER_WRITER, 3, payloadOf(3));
    peer.data(PEER_WRITER, 1, payloadOf(1));
    peer.message.heartbeat(0, PEER_WRITER, 1, 3, 2, false);
    peer.send();
    await scene.pass(1);
    const requests = peer.of('acknack', PEER_WRITER).length;
    await scene.pass(5000);
    assert.equal(calls, 1);
    assert.equal(peer.of('acknack', PEER_WRITER).length, requests);
  });
});

describe('a hostile or careless writer', () => {
  async function withWriter() {
    const scene = new Scene();
    const values: number[] = [];
    let lost = 0;
    const alice = await scene.join('10.0.0.1');
    alice.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: (sample) => values.push(numberIn(sample)),
      onLost: (_writer, count) => {
        lost += count;
      },
    });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer');
    await scene.pass(10);
    peer.message.begin();
    peer.message.heartbeat(0, PEER_WRITER, 1, 0, 1, true);
    peer.send();
    await scene.pass(10);
    return { scene, alice, peer, values, lost: () => lost };
  }

  it('cannot make a reader hold a sample above the limit; later ones still arrive', async () => {
    const { scene, alice, peer, values, lost } = await withWriter();
    const fragment = peer.message;
    fragment.begin();
    const huge = { readerId: 0, writerId: PEER_WRITER, sequenceNumber: 1, payloadIsKey: false, inlineQos: undefined };
    fragment.dataFrag({ ...huge, payload: new Uint8Array(65 * 1024 * 1024) }, 1, 1024);
    peer.data(PEER_WRITER, 2, payloadOf(2));
    peer.send();
    await scene.pass(10);
    assert.deepEqual(values, [2]);
    assert.equal(lost(), 1);
    assert.equal(alice.facts().dropped['sample-too-large'], 1);
  });

  it('cannot make a reader hold more than its memory budget', async () => {
    const { scene, alice, peer } = await withWriter();
    const payload = new Uint8Array(60 * 1024 * 1024);
    for (let number = 2; number < 12; number += 1) {
      peer.message.begin();
      peer.message.dataFrag(
        { readerId: 0, writerId: PEER_WRITER, sequenceNumber: number, payload, payloadIsKey: false },
        1,
        32_768,
      );
      peer.send();
    }
    await scene.pass(10);
    assert.equal(alice.facts().dropped['reassembly-full'], 7);
  });

  it('is asked again for samples that it declared irrelevant only in parts', async () => {
    const { scene, peer, values } = await withWriter();
    peer.message.begin();
    peer.data(PEER_WRITER, 5, payloadOf(5));
    peer.message.gap(0, PEER_WRITER, 2, 4);
    peer.message.heartbeat(0, PEER_WRITER, 1, 5, 2, false);
    peer.send();
    await scene.pass(5);
    assert.deepEqual(peer.of('acknack', PEER_WRITER).at(-1)?.members, [1, 4]);
    peer.message.begin();
    peer.data(PEER_WRITER, 1, payloadOf(1));
    peer.message.gap(0, PEER_WRITER, 4, 5);
    peer.send();
    await scene.pass(5);
    assert.deepEqual(values, [1, 5]);
  });

  it('that restarts under the same GUID is received again', async () => {
    const { scene, alice, peer, values } = await withWriter();
    peer.message.begin();
    for (const number of [1, 2, 3, 4, 5]) peer.data(PEER_WRITER, number, payloadOf(number));
    peer.send();
    await scene.pass(10);
    for (let count = 1; count <= 12; count += 1) {
      peer.message.begin();
      peer.data(PEER_WRITER, 1, payloadOf(101));
      peer.message.heartbeat(0, PEER_WRITER, 1, 1, count, true);
      peer.send();
      await scene.pass(100);
    }
    assert.deepEqual(values, [1, 2, 3, 4, 5, 101]);
    assert.equal(alice.facts().dropped['writer-restarted'], 1);
  });

  it('does not count samples from before its reader existed as lost', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    const beat = (first: number, last: number, count: number) => {
      peer.message.begin();
      peer.message.heartbeat(0, PEER_WRITER, first, last, count, true);
      peer.send();
    };
    beat(1, 0, 1);
    await scene.pass(10);
    peer.announceEndpoint('writer');
    await scene.pass(60_000 / 10);
    let lost = 0;
    alice.createReader({
      ...TOPIC,
      qos: RELIABLE,
      onSample: () => undefined,
      onLost: (_writer, count) => {
        lost += count;
      },
    });
    await scene.pass(10);
    beat(1000, 1010, 2);
    await scene.pass(10);
    assert.equal(lost, 0);
    assert.equal(peer.of('acknack', PEER_WRITER).at(-1)?.base, 1000);
  });

  it('that stores history for others is not asked for it by a volatile reader', async () => {
    const scene = new Scene();
    const alice = await scene.join('10.0.0.1');
    alice.createReader({ ...TOPIC, qos: RELIABLE, onSample: () => undefined });
    const peer = new WirePeer({ target: alice });
    await peer.open(scene);
    peer.announce();
    await scene.pass(10);
    peer.announceEndpoint('writer', { durability: 'transient-local' });
    await scene.pass(10);
    peer.message.begin();
    peer.message.heartbeat(0, PEER_WRITER, 1, 5, 1, false);
    peer.send();
    await scene.pass(10);
    const { base, members } = peer.of('acknack', PEER_WRITER).at(-1)!;
    assert.deepEqual([base, members], [6, []]);
  });

  it('that requests an acknowledgement with every sample gets one immediately, and one for many', async () => {
    const { scene, peer, values } = await withWriter();
    const before = peer.of('acknack', PEER_WRITER).length;
    for (let number = 1; number <= 20; number += 1) {
      peer.message.begin();
      peer.data(PEER_WRITER, number, payloadOf(number));
      peer.message.heartbeat(0, PEER_WRITER, 1, number, number + 1, false);
      peer.send();
      await scene.pass(0.1);
    }
    await scene.pass(10);
    assert.equal(peer.of('acknack', PEER_WRITER).at(before)?.base, 2);
    assert.equal(values.length, 20);
    assert.equal(peer.of('acknack', PEER_WRITER).length, before + 2);
    assert.equal(peer.of('acknack', PEER_WRITER).at(-1)?.base, 21);
  });

  it('is asked for missing samples at growing intervals, however often it announces more', async () => {
    const { scene, peer } = await withWriter();
    const before = peer.of('acknack', PEER_WRITER).length;
    for (let count = 2; count < 102; count += 1) {
      peer.message.begin();
      if (count === 2) peer.data(PEER_WRITER, 2, payloadOf(2));
      peer.message.heartbeat(0, PEER_WRITER, 1, 2, count, true);
      peer.send();
      await scene.pass(3);
    }
    const requests = peer.of('acknack', PEER_WRITER).slice(before);
    assert.ok(requests.length >= 3 && requests.length <= 6, `asked ${requests.length} times in 300 ms`);
    for (const { members } of requests) assert.deepEqual(members, [1]);
  });

  it('may request answers at another port, but not at another host', async () => {
    const { scene, alice, peer } = await withWriter();
    for (const [address, expected] of [
      ['10.0.0.77', 1],
      ['10.0.0.78', 0],
    ] as const) {
      let received = 0;
      const otherHost = scene.network.host(address);
      await otherHost.bind({
        address,
        port: 7600,
        onDatagram: () => {
          received += 1;
        },
      });
      peer.message.begin();
      peer.message.heartbeat(0, PEER_WRITER, 1, 1, 100 - expected, false);
      const [bytes] = peer.message.finish();
      const locator = [
        1,
        0,
        0,
        0,
        7600 & 255,
        7600 >> 8,
        0,
        0,
        ...new Array(12).fill(0),
        ...address.split('.').map(Number),
      ];
      const infoReply = Uint8Array.of(0x0f, 1, 28, 0, 1, 0, 0, 0, ...locator);
      peer.sendBytes([bytes.subarray(0, 20), infoReply, bytes.subarray(20)]);
      await scene.pass(10);
      assert.equal(received > 0, expected === 1, `${address}: ${received}`);
    }
    assert.equal(alice.participants().length, 1);
  });

  it('does not make a reader answer a late or repeated heartbeat', async () => {
    const { scene, peer } = await withWriter();
    const answers = () => peer.of('acknack', PEER_WRITER).length;
    const beat = async (count: number) => {
      peer.message.begin();
      peer.message.heartbeat(0, PEER_WRITER, 1, 0, count, false);
      peer.send();
      await scene.pass(10);
    };
    await beat(7);
    const before = answers();
    await beat(7);
    await beat(6);
    assert.equal(answers(), before);
    await beat(8);
    assert.equal(answers(), before + 1);
  });
});
