import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import type { Participant } from '@medkit/rtps';
import { encodeAddTwoInts, openServiceEnd, type ServiceEnd } from '../testing/service-peer.ts';
import { runVendorScene as play } from '../testing/vendor-scene.ts';
import { MAX_CALLS_PER_CLIENT } from './call-table.ts';
import { cycloneStyle } from './cyclone-style.ts';
import { fastDdsStyle } from './fast-dds-style.ts';
import { DELIVERY_TIMEOUT_MS } from './known-servers.ts';
import type { RequestIdentity, ServiceStyle } from './style.ts';

const TYPE = 'example_interfaces/srv/AddTwoInts';
const ADD = { service: '/add', type: TYPE };
const CYCLONE = '0110';
const FAST_DDS = '010f';
const CONNEXT = '0101';
const IN_TIME = { timeoutMs: 2000 };

/** A server that sends each response to every client, as an rmw does. */
function openServer(participant: Participant, style: ServiceStyle, id: string, sum: bigint): ServiceEnd {
  return openServiceEnd(participant, {
    ...ADD,
    role: 'service',
    userData: style === cycloneStyle ? `serviceid=${id};` : '',
    onSample(sample, { writer }) {
      const request = style.readRequest(sample);
      if (!request) return;
      const { payload, ...related } = style.response(encodeAddTwoInts(sum), request.identity);
      writer.write(payload, related);
    },
  });
}

const identityOf = (style: ServiceStyle, { received }: ServiceEnd, index = 0): RequestIdentity => {
  const request = style.readRequest(received[index]);
  assert.ok(request);
  return request.identity;
};

describe('a client of a service', () => {
  for (const [name, vendorId, style] of [
    ['Cyclone DDS', CYCLONE, cycloneStyle],
    ['Fast DDS', FAST_DDS, fastDdsStyle],
  ] as const) {
    it(`sends requests to a server of ${name} in the style of that server`, () =>
      play(async ({ node, peer, passing }) => {
        const server = openServer(await peer(vendorId), style, '1', 5n);
        const client = await node.client('/add', TYPE);
        assert.deepEqual(await passing(client.call({ a: 2n, b: 3n }, IN_TIME)), { sum: 5n });
        assert.equal(server.received.length, 1);
        const [{ payload, relatedIdentity }] = server.received;
        const [reader] = server.writer.matched();
        if (style === cycloneStyle) {
          assert.equal(payload.length, 4 + 16 + 16);
          assert.equal(relatedIdentity, undefined);
        } else {
          assert.deepEqual(payload, encodeAddTwoInts(2n, 3n));
          assert.deepEqual(relatedIdentity, { guid: reader.guid, sequenceNumber: -1 });
        }
      }));

    it(`receives every reply of a server of ${name} over a network that loses and duplicates datagrams`, () =>
      play(
        async ({ node, peer, passing }) => {
          openServer(await peer(vendorId), style, '1', 5n);
          const client = await node.client('/add', TYPE);
          const call = async () => (await client.call({}, { timeoutMs: 15_000 })).sum;
          for (let round = 0; round < 10; round++) {
            assert.deepEqual(await passing(Promise.all(Array.from({ length: 8 }, call))), new Array(8).fill(5n));
          }
        },
        { loss: 0.2, duplication: 0.2, reordering: 0.2, reorderMs: 20, latencyMs: 1 },
      ));
  }

  it('sends a request to one server alone, in its style, even if others offer the same service', () =>
    play(async ({ node, peer, passing, until }) => {
      const fast = openServer(await peer(FAST_DDS), fastDdsStyle, '', 1n);
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 1, 'the first is ready');
      const cyclone = openServer(await peer(CYCLONE), cycloneStyle, '1', 2n);
      await until(async () => (await client.ready()) === 2, 'both are ready');
      assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 2n });
      cyclone.reader.close();
      await until(async () => (await client.ready()) === 1, 'the newest is gone');
      assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 1n });
      assert.deepEqual([fast.received.length, cyclone.received.length], [1, 1]);
      assert.equal(cyclone.received[0].payload.length, 36);
    }));

  it('sends nothing to a server of a vendor with an unknown style, and reports that', () =>
    play(async ({ node, peer, passing }) => {
      const connext = openServer(await peer(CONNEXT), fastDdsStyle, '', 1n);
      const client = await node.client('/add', TYPE);
      await passing(
        assert.rejects(client.call({}, { timeoutMs: 500 }), {
          name: 'ServiceUnavailable',
          message: /\/add is offered by RTI Connext DDS, whose service protocol medkit does not support$/,
        }),
      );
      assert.equal(connext.received.length, 0);
    }));

  it('reports that a server exists and does not answer', () =>
    play(async ({ node, peer, passing }) => {
      // A reader of requests without a writer of replies.
      openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service' }).writer.close();
      const client = await node.client('/add', TYPE);
      await passing(
        assert.rejects(client.call({}, { timeoutMs: 500 }), { message: /offered, but its server does not answer$/ }),
      );
    }));

  it('ends a call that waits for a server if that disconnects before it was ready', () =>
    play(async ({ node, peer, passing, until }) => {
      const end = openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service' });
      end.writer.close();
      const client = await node.client('/add', TYPE);
      const call = client.call({}, { timeoutMs: 60_000 });
      const lost = assert.rejects(call, {
        name: 'ServiceUnavailable',
        message: 'the server of /add left the graph before the request could be sent',
      });
      await until(async () => end.reader.matched().length > 0, 'it knows the client');
      end.reader.close();
      await passing(lost);
    }));

  for (const [name, vendorId, style] of [
    ['Cyclone DDS', CYCLONE, cycloneStyle],
    ['Fast DDS', FAST_DDS, fastDdsStyle],
  ] as const) {
    it(`reaches a server of ${name} that was killed and restarted, while its first lease still runs`, () =>
      play(async ({ node, peer, passing, until, silence }) => {
        const killed = await peer(vendorId);
        openServer(killed, style, '1', 1n);
        const client = await node.client('/add', TYPE);
        assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 1n });
        silence(killed);
        const early = client.call({}, IN_TIME);
        const started = openServer(await peer(vendorId), style, '2', 2n);
        // The request sent before the second start, and one after it.
        assert.deepEqual(await passing(early), { sum: 2n });
        await until(async () => (await client.ready()) === 2, 'both are known');
        assert.deepEqual(await passing(client.call({}, { timeoutMs: 50 })), { sum: 2n });
        assert.equal(started.received.length, 2);
      }));

    it(`calls another server of ${name} if the latest one does not acknowledge`, () =>
      play(async ({ node, peer, passing, until, silence, pass, dropped }) => {
        const first = openServer(await peer(vendorId), style, '1', 1n);
        const client = await node.client('/add', TYPE);
        await until(async () => (await client.ready()) === 1, 'the first is ready');
        const stopped = await peer(vendorId);
        openServer(stopped, style, '2', 2n);
        await until(async () => (await client.ready()) === 2, 'both are ready');
        silence(stopped);
        assert.deepEqual(await passing(client.call({}, { timeoutMs: 300 })), { sum: 1n });
        // The client does not wait for the stopped server again.
        assert.deepEqual(await passing(client.call({}, { timeoutMs: 50 })), { sum: 1n });
        assert.equal(first.received.length, 2);
        silence(stopped, false);
        await pass(3000);
        assert.equal(await dropped('late-response'), 1);
        assert.deepEqual(await passing(client.call({}, { timeoutMs: 50 })), { sum: 2n });
      }));
  }

  it('gives up on a server that was killed and acknowledges nothing, long before its lease and the call end', () =>
    play(async ({ node, peer, passing, until, silence, pass }) => {
      const killed = await peer(CYCLONE);
      openServer(killed, cycloneStyle, '1', 1n);
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 1, 'it is ready');
      silence(killed);
      const outcomes: string[] = [];
      const call = client.call({}, { timeoutMs: 60_000 });
      const lost = assert.rejects(call, {
        name: 'ServerLost',
        message: /no server of \/add has acknowledged the request/,
      });
      call.catch(({ name }) => outcomes.push(name));
      await pass(DELIVERY_TIMEOUT_MS - 500);
      assert.deepEqual(outcomes, []);
      await pass(1000);
      assert.deepEqual(outcomes, ['ServerLost']);
      await passing(lost);
    }));

  it('sends an acknowledged request to that server alone, however long it takes', () =>
    play(async ({ node, peer, passing, until, pass }) => {
      const other = openServer(await peer(CYCLONE), cycloneStyle, '1', 1n);
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 1, 'the first is ready');
      const slow = openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service' });
      await until(async () => (await client.ready()) === 2, 'both are ready');
      const call = client.call({}, { timeoutMs: 10_000 });
      await pass(5000);
      slow.writer.write(cycloneStyle.response(encodeAddTwoInts(2n), identityOf(cycloneStyle, slow)).payload);
      assert.deepEqual(await passing(call), { sum: 2n });
      assert.equal(other.received.length, 0);
    }));

  it('sends a request only to the servers that the call names, and waits for these', () =>
    play(async ({ node, peer, passing, until }) => {
      const first = openServer(await peer(CYCLONE), cycloneStyle, '1', 1n);
      const second = openServer(await peer(FAST_DDS), fastDdsStyle, '', 2n);
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 2, 'both are ready');
      for (const [server, sum] of [
        [first, 1n],
        [second, 2n],
        [first, 1n],
      ] as const) {
        const servers = [server.reader.guid, server.writer.guid];
        assert.deepEqual(await passing(client.call({}, { ...IN_TIME, servers })), { sum });
      }
      const unreachable = client.call({}, { timeoutMs: 300, servers: ['0'.repeat(32)] });
      const refused = assert.rejects(unreachable, { name: 'ServiceUnavailable' });
      assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 2n }, 'the one that waits keeps back no other');
      await passing(refused);
      const servers = [first.reader.guid, first.writer.guid];
      first.reader.close();
      await until(async () => (await client.ready()) === 1, 'the first is gone');
      await passing(assert.rejects(client.call({}, { timeoutMs: 300, servers }), { name: 'ServiceUnavailable' }));
      assert.deepEqual([first.received.length, second.received.length], [2, 2]);
    }));

  it('keeps two servers of one participant apart by the ids of their endpoints', () =>
    play(async ({ node, peer, passing, until }) => {
      const participant = await peer(CYCLONE);
      const first = openServiceEnd(participant, { ...ADD, role: 'service', userData: 'serviceid=1;' });
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 1, 'the first is ready');
      const lost = assert.rejects(client.call({}, IN_TIME), { name: 'ServerLost' });
      await until(() => first.received.length === 1, 'the first has the request');
      openServer(participant, cycloneStyle, '2', 2n);
      await until(async () => (await client.ready()) === 2, 'both are ready');
      first.writer.close();
      await passing(lost);
      assert.deepEqual(await passing(client.call({}, IN_TIME)), { sum: 2n });
    }));

  it('accepts a response that names it by the writer of its requests', () =>
    play(async ({ node, peer, passing, until }) => {
      const server = openServiceEnd(await peer(FAST_DDS), { ...ADD, role: 'service' });
      const client = await node.client('/add', TYPE);
      const call = client.call({}, IN_TIME);
      await until(() => server.received.length === 1, 'the server has the request');
      const [{ writer, sequenceNumber }] = server.received;
      server.writer.write(encodeAddTwoInts(9n), { relatedIdentity: { guid: writer.guid, sequenceNumber } });
      assert.deepEqual(await passing(call), { sum: 9n });
    }));

  it('counts responses that are late, repeated, from another server or unexpected, and ignores those for other clients', () =>
    play(async ({ node, peer, passing, until, dropped }) => {
      const server = openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service' });
      const stranger = openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service' });
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 2, 'both are ready');
      const late = client.call({}, { timeoutMs: 50 });
      await passing(assert.rejects(late, { name: 'CallTimeout' }));
      const called = [server, stranger].find(({ received }) => received.length > 0);
      const other = called === server ? stranger : server;
      assert.ok(called);
      const respond = ({ writer }: ServiceEnd, identity: RequestIdentity) =>
        writer.write(cycloneStyle.response(encodeAddTwoInts(1n), identity).payload);
      respond(called, identityOf(cycloneStyle, called));
      await until(async () => (await dropped('late-response')) === 1, 'the late one is counted');

      const call = client.call({}, IN_TIME);
      await until(() => called.received.length === 2, 'the server has the second');
      const identity = identityOf(cycloneStyle, called, 1);
      respond(other, identity);
      await until(async () => (await dropped('late-response')) === 2, 'the foreign one is counted');
      respond(called, { ...identity, client: '00000000000000aa' });
      respond(called, { ...identity, sequenceNumber: 77 });
      respond(called, identity);
      respond(called, identity);
      assert.deepEqual(await passing(call), { sum: 1n });
      await until(async () => (await dropped('late-response')) === 4, 'unknown and double ones are counted');
    }));

  it('counts invalid responses, and those that are not of its type', () =>
    play(async ({ node, peer, passing, until, dropped }) => {
      const server = openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service' });
      const client = await node.client('/add', TYPE);
      const malformed = assert.rejects(client.call({}, IN_TIME), { name: 'MalformedMessage' });
      await until(() => server.received.length === 1, 'the server has the request');
      server.writer.write(Uint8Array.of(0, 1, 0, 0));
      await until(async () => (await dropped('malformed-response')) === 1, 'the garbage is counted');
      const short = Uint8Array.of(0, 1, 0, 0, 1);
      server.writer.write(cycloneStyle.response(short, identityOf(cycloneStyle, server)).payload);
      await passing(malformed);
      assert.equal(await dropped('malformed-response'), 2);
    }));

  it('fails its calls immediately when the participant of the server shuts down', () =>
    play(async ({ node, peer, passing, until }) => {
      const participant = await peer(FAST_DDS);
      const server = openServiceEnd(participant, { ...ADD, role: 'service' });
      const client = await node.client('/add', TYPE);
      const call = client.call({}, { timeoutMs: 60_000 });
      const lost = assert.rejects(call, { name: 'ServerLost' });
      await until(() => server.received.length === 1, 'the server has the request');
      await participant.close();
      await passing(lost);
      assert.equal(await client.ready(), 0);
    }));

  it('does not send a server more requests than its queue holds', () =>
    play(async ({ node, peer, pass, passing, until }) => {
      const server = openServiceEnd(await peer(CYCLONE), { ...ADD, role: 'service', depth: 10 });
      const client = await node.client('/add', TYPE);
      await until(async () => (await client.ready()) === 1, 'the server is ready');
      const calls = Promise.all(Array.from({ length: 32 }, () => client.call({}, { timeoutMs: 10_000 })));
      const respond = (index: number) =>
        server.writer.write(
          cycloneStyle.response(encodeAddTwoInts(1n), identityOf(cycloneStyle, server, index)).payload,
        );
      await pass(500);
      assert.equal(server.received.length, 10);
      respond(0);
      respond(1);
      await pass(100);
      assert.equal(server.received.length, 12);
      // A request without an answer after a second has been taken from the queue.
      await pass(500);
      assert.equal(server.received.length, 20);
      await pass(1000);
      assert.equal(server.received.length, 30);
      await pass(1000);
      assert.equal(server.received.length, 32);
      for (let index = 2; index < 32; index++) respond(index);
      assert.equal((await passing(calls)).length, 32);
    }));

  it('refuses more calls than its bound', () =>
    play(async ({ node, passing }) => {
      const client = await node.client('/add', TYPE);
      const calls = Array.from({ length: MAX_CALLS_PER_CLIENT }, () => client.call({}, { timeoutMs: 100 }));
      await assert.rejects(passing(client.call({}, IN_TIME)), { name: 'TooManyCalls', message: /^256 calls of \/add/ });
      const settled = await passing(Promise.allSettled(calls));
      assert.ok(settled.every(({ status }) => status === 'rejected'));
      await passing(assert.rejects(client.call({}, { timeoutMs: 5 }), { name: 'ServiceUnavailable' }));
    }));

  it('leaves nothing in memory after a thousand calls', () =>
    play(async ({ node, peer, passing }) => {
      openServer(await peer(FAST_DDS), fastDdsStyle, '', 1n);
      const client = await node.client('/add', TYPE);
      const { signal } = new AbortController();
      for (let round = 0; round < 10; round++) {
        await passing(Promise.all(Array.from({ length: 100 }, () => client.call({}, { ...IN_TIME, signal }))));
      }
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    }));
});
