import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SampleIdentity } from '@medkit/rtps';
import type { ServiceHandler } from '../adapter/service.ts';
import { encodeAddTwoInts, openServiceEnd, type ServiceEnd } from '../testing/service-peer.ts';
import { runVendorScene as play } from '../testing/vendor-scene.ts';
import type { RosMessage } from '../types/message.ts';
import { cycloneStyle } from './cyclone-style.ts';
import { MAX_PENDING_REQUESTS } from './open-server.ts';
import { REPLY_TAKEN_AFTER_MS } from './reply-window.ts';

const TYPE = 'example_interfaces/srv/AddTwoInts';
const CLIENT = { role: 'client', service: '/add', type: TYPE } as const;
const CYCLONE = '0110';
const FAST_DDS = '010f';
const CONNEXT = '0101';

const add: ServiceHandler = ({ a, b }) => ({ sum: (a as bigint) + (b as bigint) });

/** Returns whether a client has discovered the server. */
const matched = ({ reader, writer }: ServiceEnd) => reader.matched().length > 0 && writer.matched().length > 0;

/** Calls in the style of rmw_cyclonedds. */
const callCyclone = ({ writer }: ServiceEnd, client: string, sequenceNumber: number, a = 1n, b = 2n) =>
  writer.write(cycloneStyle.request(encodeAddTwoInts(a, b), { client, sequenceNumber }).payload);

/** Calls in the style of rmw_fastrtps, optionally without naming a reply reader. */
const callFast = (
  { writer, reader }: ServiceEnd,
  relatedIdentity: SampleIdentity | undefined = {
    guid: reader.guid,
    sequenceNumber: -1,
  },
) => writer.write(encodeAddTwoInts(1n, 2n), { ...(relatedIdentity && { relatedIdentity }) });

describe('a server of a service', () => {
  it('answers a client of Cyclone DDS in its style, and no other client', () =>
    play(async ({ node, peer, until, pass }) => {
      await node.service('/add', TYPE, add);
      const participant = await peer(CYCLONE);
      const first = openServiceEnd(participant, { ...CLIENT, userData: 'clientid=1;' });
      const second = openServiceEnd(participant, { ...CLIENT, userData: 'clientid=2;' });
      const third = openServiceEnd(await peer(CYCLONE), { ...CLIENT, userData: 'clientid=1;' });
      await until(() => [first, second, third].every(matched), 'the server is found');
      callCyclone(first, 'fedcba9876543210', 41);
      await until(() => first.received.length === 1, 'the response arrives');
      const [{ payload, relatedIdentity }] = first.received;
      const identity = { client: 'fedcba9876543210', sequenceNumber: 41 };
      assert.deepEqual(payload, cycloneStyle.response(encodeAddTwoInts(3n), identity).payload);
      assert.equal(relatedIdentity, undefined);
      await pass(100);
      assert.deepEqual([second.received.length, third.received.length], [0, 0]);
    }));

  it('sends a client no more replies at a time than its queue holds', () =>
    play(async ({ node, peer, until, pass }) => {
      await node.service('/add', TYPE, add);
      const client = openServiceEnd(await peer(CYCLONE), { ...CLIENT, depth: 10 });
      await until(() => matched(client), 'the server is found');
      const call = (number: number) => callCyclone(client, '00000000000000ff', number);
      for (let number = 1; number <= 32; number += 1) call(number);
      await pass(30);
      assert.equal(client.received.length, 10);
      // By then the client has read what it was sent, so it has 22 open requests.
      await pass(REPLY_TAKEN_AFTER_MS);
      assert.equal(client.received.length, 20);
      // Another request shows that the client has read a reply, and three more follow.
      for (let number = 33; number <= 36; number += 1) call(number);
      await pass(5);
      assert.equal(client.received.length, 24);
      await pass(2 * REPLY_TAKEN_AFTER_MS);
      assert.equal(client.received.length, 36);
      const numbers = client.received.map((sample) => cycloneStyle.readResponse(sample)?.identity.sequenceNumber);
      assert.deepEqual(
        numbers,
        Array.from({ length: 36 }, (_, index) => index + 1),
      );
      // Sequential calls never wait.
      for (let number = 37; number <= 100; number += 1) {
        call(number);
        await until(() => client.received.length === number, 'it is answered');
      }
    }));

  it('answers a client of Cyclone DDS that has no id, and one of the other byte order', () =>
    play(async ({ node, peer, until }) => {
      await node.service('/add', TYPE, add);
      const client = openServiceEnd(await peer(CYCLONE), CLIENT);
      await until(() => matched(client), 'the server is found');
      const big = new Uint8Array(20);
      new DataView(big.buffer).setBigInt64(4, 5n);
      client.writer.write(cycloneStyle.request(big, { client: '00000000000000ff', sequenceNumber: 2 }).payload);
      await until(() => client.received.length === 1, 'the response arrives');
      const response = cycloneStyle.readResponse(client.received[0]);
      assert.deepEqual(response, {
        identity: { client: '00000000000000ff', sequenceNumber: 2 },
        cdr: encodeAddTwoInts(5n),
      });
    }));

  it('answers a client of Fast DDS at the reader that it names, or at its only one', () =>
    play(async ({ node, peer, until, pass }) => {
      await node.service('/add', TYPE, add);
      const participant = await peer(FAST_DDS);
      const first = openServiceEnd(participant, CLIENT);
      const second = openServiceEnd(participant, CLIENT);
      const alone = openServiceEnd(await peer(FAST_DDS), CLIENT);
      await until(() => [first, second, alone].every(matched), 'the server is found');
      callFast(first);
      callFast(alone, { guid: '0'.repeat(32), sequenceNumber: -1 });
      await until(() => first.received.length === 1 && alone.received.length === 1, 'both responses arrive');
      assert.deepEqual(first.received[0].payload, encodeAddTwoInts(3n));
      assert.deepEqual(first.received[0].relatedIdentity, { guid: first.reader.guid, sequenceNumber: 1 });
      assert.deepEqual(alone.received[0].relatedIdentity, { guid: alone.writer.guid, sequenceNumber: 1 });
      await pass(100);
      assert.equal(second.received.length, 0);
    }));

  it('ignores clients of a vendor with an unknown style', () =>
    play(async ({ node, peer, pass }) => {
      let calls = 0;
      await node.service('/add', TYPE, (request) => {
        calls++;
        return add(request);
      });
      const client = openServiceEnd(await peer(CONNEXT), CLIENT);
      await pass(500);
      callFast(client);
      await pass(500);
      assert.deepEqual([calls, client.received.length], [0, 0]);
    }));

  it('counts invalid requests, and those that are not of its type', () =>
    play(async ({ node, peer, until, dropped }) => {
      await node.service('/add', TYPE, add);
      const client = openServiceEnd(await peer(CYCLONE), CLIENT);
      await until(() => matched(client), 'the server is found');
      client.writer.write(Uint8Array.of(0, 1, 0, 0, 1, 2, 3, 4));
      client.writer.write(cycloneStyle.request(encodeAddTwoInts(1n), { client: '01', sequenceNumber: 1 }).payload);
      await until(async () => (await dropped('malformed-request')) === 2, 'both are counted');
      callCyclone(client, '01', 2);
      await until(() => client.received.length === 1, 'it goes on');
    }));

  it('waits a moment for the reader of a client, and not for long', () =>
    play(async ({ node, peer, until, pass, dropped }) => {
      await node.service('/add', TYPE, add);
      const participant = await peer(FAST_DDS);
      const early = openServiceEnd(participant, CLIENT);
      early.reader.close();
      await until(() => early.writer.matched().length > 0, 'the server is found');
      callFast(early);
      await until(async () => (await dropped('undeliverable-response')) === 1, 'it is given up');
      callFast(early, { guid: early.writer.guid, sequenceNumber: -1 });
      await pass(20);
      const late = openServiceEnd(participant, CLIENT);
      await until(() => late.received.length === 1, 'the response arrives at the late reader');
      assert.equal(await dropped('undeliverable-response'), 1);
    }));

  it('handles a bounded number of requests of one client, serves others, and forgets those of clients that leave', () =>
    play(async ({ medkit, node, peer, until, dropped, pass }) => {
      const open: ((response: RosMessage) => void)[] = [];
      await node.service('/add', TYPE, () => new Promise((resolve) => void open.push(resolve)));
      const gone = openServiceEnd(await peer(FAST_DDS), { ...CLIENT, depth: 1000 });
      const client = openServiceEnd(await peer(FAST_DDS), { ...CLIENT, depth: 1000 });
      await until(() => [gone, client].every(matched), 'the server is found');
      for (let count = 0; count < MAX_PENDING_REQUESTS + 1; count++) callFast(gone);
      await until(async () => (await dropped('too-many-requests')) === 1, 'one more of the client is dropped');
      callFast(client);
      await until(() => open.length === MAX_PENDING_REQUESTS + 1, 'another client is served');
      const { service_requests } = (await medkit.facts()).quotas;
      const figures = { held: 257, capacity: 512, owners: 2, largest: 256, refused: 1 };
      assert.deepEqual(service_requests, figures);
      gone.writer.close();
      await pass(100);
      callFast(client);
      await until(() => open.length === MAX_PENDING_REQUESTS + 2, 'there is room again');
      for (const respond of open) respond({ sum: 1n });
      await until(() => client.received.length === 2, 'who is still there gets its responses');
      await pass(200);
      assert.equal(await dropped('undeliverable-response'), MAX_PENDING_REQUESTS);
      assert.equal(gone.received.length, 0);
    }));

  it('has its full capacity after a thousand calls', () =>
    play(async ({ node, peer, until, dropped }) => {
      await node.service('/add', TYPE, add);
      const client = openServiceEnd(await peer(FAST_DDS), { ...CLIENT, depth: 1000 });
      await until(() => matched(client), 'the server is found');
      for (let round = 1; round <= 5; round++) {
        for (let count = 0; count < 200; count++) callFast(client);
        await until(() => client.received.length === 200 * round, 'all responses arrive');
      }
      assert.equal(await dropped('too-many-requests'), 0);
    }));

  it('serves clients of the same participant and of others at the same time', () =>
    play(async ({ node, peer, medkit, passing, until }) => {
      await node.service('/add', TYPE, add);
      const client = openServiceEnd(await peer(FAST_DDS), CLIENT);
      await until(() => matched(client), 'the server is found');
      const neighbour = await (await medkit.node({ name: 'neighbour' })).client('/add', TYPE);
      callFast(client);
      assert.deepEqual(await passing(neighbour.call({ a: 4n, b: 5n }, { timeoutMs: 100 })), { sum: 9n });
      await until(() => client.received.length === 1, 'the other has its response too');
    }));
});
