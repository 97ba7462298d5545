import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedNetwork, SimulatedStreams } from '@medkit/edges/testing';
import { ingestAddress } from './ingest-address.ts';
import { openIngestListener } from './ingest-listener.ts';
import { openIngestSender } from './ingest-sender.ts';

/** Resolves when pending callbacks have run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function stage(text: string) {
  const clock = new SimulatedClock();
  const streams = new SimulatedStreams();
  const network = new SimulatedNetwork({ clock, random: seededRandom(1) });
  const edges = { address: ingestAddress(text), streams, datagrams: network.host('127.0.0.1') };
  const received: string[] = [];
  return {
    clock,
    streams,
    received,
    listen: () =>
      openIngestListener({ ...edges, onMessage: (octets) => received.push(Buffer.from(octets).toString()) > 0 }),
    sender: openIngestSender({ ...edges, clock }),
  };
}

const UNIX = 'unix:/run/island.sock';
const text = (value: string) => new TextEncoder().encode(value);

describe('a sender to a Unix socket', () => {
  it('drops messages while no listener exists, and resumes as soon as one does', async () => {
    const { clock, received, listen, sender, streams } = stage(UNIX);
    await settled();
    assert.equal(sender.send(text('early')), false);
    const listener = await listen();
    clock.advance(200);
    await settled();
    assert.deepEqual([sender.send(text('one')), received], [true, ['one']]);

    await listener.close();
    assert.equal(sender.send(text('between')), false);
    await listen();
    clock.advance(200);
    await settled();
    assert.deepEqual([sender.send(text('two')), received, streams.attempts], [true, ['one', 'two'], 3]);
    sender.close();
    assert.deepEqual([sender.send(text('after')), clock.timers], [false, 0]);
  });

  it('tries to connect at most five times a second, without end', async () => {
    const { clock, sender, streams } = stage(UNIX);
    for (let ms = 0; ms < 10_000; ms += 10) {
      await settled();
      sender.send(text('x'));
      clock.advance(10);
    }
    await settled();
    assert.equal(streams.attempts, 1 + 10 * 5);
    sender.close();
    assert.equal(clock.timers, 0);
  });

  it('finishes a partly sent frame before any other, and drops whole ones meanwhile', async () => {
    const { received, listen, sender, streams } = stage(UNIX);
    await listen();
    const late = openIngestSender({
      address: ingestAddress(UNIX),
      streams,
      datagrams: { interfaces: () => [], bind: () => Promise.reject(new Error('none')) },
      clock: new SimulatedClock(),
    });
    await settled();
    streams.room = 6;
    const memory = text('first');
    assert.equal(late.send(memory), true);
    // A sender reuses its memory immediately.
    memory.fill(0);
    assert.equal(late.send(text('second')), false);
    streams.makeRoom(2);
    assert.equal(late.send(text('third')), false);
    assert.deepEqual(received, []);
    streams.makeRoom(Number.POSITIVE_INFINITY);
    assert.equal(late.send(text('fourth')), true);
    assert.deepEqual(received, ['first', 'fourth']);
    late.close();
    sender.close();
  });

  it('forgets the rest of a frame with the connection that it was for', async () => {
    const { clock, received, listen, sender, streams } = stage(UNIX);
    const listener = await listen();
    clock.advance(200);
    await settled();
    streams.room = 6;
    sender.send(text('torn'));
    await listener.close();
    streams.room = Number.POSITIVE_INFINITY;
    await listen();
    clock.advance(200);
    await settled();
    assert.equal(sender.send(text('whole')), true);
    assert.deepEqual(received, ['whole']);
    sender.close();
  });

  it('sends nothing that would make the other side close the connection', async () => {
    const { clock, listen, sender } = stage(UNIX);
    const listener = await listen();
    clock.advance(200);
    await settled();
    assert.deepEqual([sender.send(new Uint8Array(0)), sender.send(new Uint8Array(65_537))], [false, false]);
    assert.equal(sender.send(new Uint8Array(65_536)), true);
    assert.deepEqual(listener.counts, { messages: 1, connections: 1, displaced: 0, badFrames: 0 });
    sender.close();
  });

  it('that is closed while it connects has no connection left', async () => {
    const { listen, sender } = stage(UNIX);
    const listener = await listen();
    const { streams, ...late } = stage(UNIX);
    const other = await late.listen();
    late.sender.close();
    sender.close();
    await settled();
    assert.deepEqual([late.sender.send(text('x')), other.counts.messages, listener.counts.messages], [false, 0, 0]);
    await other.close();
    await listener.close();
  });
});

describe('a sender to a port', () => {
  it('sends with or without a listener', async () => {
    const { clock, received, listen, sender } = stage('udp:127.0.0.1:7799');
    assert.equal(sender.send(text('too early')), false);
    await settled();
    assert.equal(sender.send(text('to nobody')), true);
    const listener = await listen();
    sender.send(text('heard'));
    clock.advance(1);
    assert.deepEqual([received, listener.counts.messages], [['heard'], 1]);
    sender.close();
    assert.equal(sender.send(text('closed')), false);
  });
});

describe('a listener on a Unix socket', () => {
  it('closes a connection whose frame has no bytes or too many, counts it, and keeps the others', async () => {
    const { received, listen, streams } = stage(UNIX);
    const listener = await listen();
    const path = '/run/island.sock';
    let ends = 0;
    const connect = () => streams.connect(path, { onOctets: () => undefined, onClose: () => (ends += 1) });
    const [good, empty, long] = [await connect(), await connect(), await connect()];
    empty.write(Uint8Array.of(0, 0, 0, 0));
    long.write(Uint8Array.of(1, 0, 1, 0));
    good.write(Uint8Array.of(2, 0, 0, 0, 0x6f, 0x6b));
    assert.deepEqual([ends, received], [2, ['ok']]);
    assert.deepEqual(listener.counts, { messages: 1, connections: 3, displaced: 0, badFrames: 2 });
  });

  it('has places for a bounded number of senders, and gives those of closed connections to others', async () => {
    const { listen, streams } = stage(UNIX);
    const listener = await listen();
    const connect = () => streams.connect('/run/island.sock', { onOctets: () => undefined, onClose: () => undefined });
    const all = await Promise.all(Array.from({ length: 20 }, connect));
    assert.deepEqual([listener.counts.connections, listener.counts.displaced], [20, 4]);
    assert.equal(listener.quota.figures().held, 16);
    all.at(-1)?.close();
    await connect();
    assert.deepEqual([listener.counts.connections, listener.counts.displaced], [21, 4]);
  });

  it('accepts a sender while silent connections take every place, and keeps it once it has sent a valid message', async () => {
    const { clock, received, listen, sender, streams } = stage(UNIX);
    const listener = await listen();
    const closed: number[] = [];
    const silent = (index: number) =>
      streams.connect('/run/island.sock', { onOctets: () => undefined, onClose: () => closed.push(index) });
    for (let index = 0; index < 16; index += 1) await silent(index);
    clock.advance(200);
    await settled();
    assert.deepEqual([sender.send(text('here')), received, closed], [true, ['here'], [0]]);
    for (let index = 16; index < 48; index += 1) await silent(index);
    assert.deepEqual([sender.send(text('still')), received.at(-1)], [true, 'still']);
    assert.deepEqual([listener.quota.figures().held, listener.counts.displaced], [16, 33]);
    sender.close();
  });
});
