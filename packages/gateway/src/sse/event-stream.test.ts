import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { MemoryClient } from '../testing/memory-client.ts';
import { commentFrame, eventFrame } from './event-frame.ts';
import { EventStream, MAX_BEHIND_BYTES } from './event-stream.ts';
import { EventStreams } from './event-streams.ts';
import { WriteBatcher } from './write-batcher.ts';

const FRAME = commentFrame('x'.repeat(65_535 - 2));
const frame = (text: string) => commentFrame(text);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const clock = new SimulatedClock();
  const stream = new EventStream(clock, new WriteBatcher());
  const client = new MemoryClient();
  return { clock, stream, client };
}

/** A stream whose client has read the head of the reply and nothing more. */
async function behind() {
  const all = setUp();
  all.stream.begin(all.client.response);
  await turn();
  all.client.stopReading();
  return all;
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const nothing = {};
  return (await Promise.race([promise, turn().then(() => nothing)])) === nothing;
}

test('a stream begins with a comment that sends its headers immediately, and with earlier events', async () => {
  const { stream, client } = setUp();
  stream.send(frame('early'));
  stream.begin(client.response);
  stream.send(frame('late'));
  await turn();
  assert.equal(client.text, ':connected\n\n:early\n\n:late\n\n');
});

test('events of one turn of the event loop are written to a client together', async () => {
  const { stream, client } = await behind();
  client.readNext();
  let writes = 0;
  const connection = client.response.socket;
  assert.ok(connection);
  const writev = connection._writev?.bind(connection);
  connection._writev = (...parts) => {
    writes++;
    writev?.(...parts);
  };
  for (let sent = 0; sent < 5; sent++) stream.send(frame('one'));
  assert.equal(client.text, ':connected\n\n');
  await turn();
  assert.equal(client.text, `:connected\n\n${':one\n\n'.repeat(5)}`);
  assert.equal(writes, 1);
});

test('after an idle period a frame is sent immediately, and later frames when the turn ends', async () => {
  const { stream, client, clock } = await behind();
  client.readNext();
  clock.advance(20);
  for (const text of ['alarm', 'more', 'still more']) stream.send(frame(text));
  assert.equal(client.text, ':connected\n\n:alarm\n\n');
  await turn();
  assert.equal(client.text, ':connected\n\n:alarm\n\n:more\n\n:still more\n\n');
});

test('V01: a client that reads nothing is cut off at the limit, and disconnected five seconds later', async () => {
  const { stream, client, clock } = await behind();
  for (let sent = 0; sent < 100; sent++) stream.send(FRAME);
  assert.equal(stream.isOver, true);
  assert.ok(client.waiting < MAX_BEHIND_BYTES + 2 * FRAME.plain.length, 'it took more than the bound allows');
  assert.deepEqual([stream.isCutOff, stream.signal.aborted], [true, false]);
  clock.advance(5000);
  await turn();
  assert.deepEqual([stream.signal.aborted, client.isConnected], [true, false]);
});

test('a client that is cut off and continues to read receives all events sent, and the reason last', async () => {
  const { stream, client } = await behind();
  while (!stream.isOver) stream.send(FRAME);
  client.readNext();
  await turn();
  const reason = `:disconnected: more than ${MAX_BEHIND_BYTES} bytes behind; reconnect with Last-Event-ID\n\n`;
  assert.ok(client.text.endsWith(`x\n\n${reason}`));
});

test('a client that reads is not cut off, however much one turn of the event loop sends', async () => {
  const { stream, client } = setUp();
  stream.begin(client.response);
  for (let sent = 0; sent < 40; sent++) stream.send(FRAME);
  await turn();
  assert.equal(stream.isOver, false);
  assert.ok(client.text.length > 2 * MAX_BEHIND_BYTES);
});

test('a stream that never begins stores a limited number of frames', () => {
  const { stream } = setUp();
  for (let sent = 0; sent < 2000; sent++) stream.send(frame('early'));
  assert.deepEqual([stream.isCutOff, stream.signal.aborted], [true, true]);
});

test('a sender that waits for room continues once the client has read', async () => {
  const { stream, client } = await behind();
  await stream.drained();
  for (let sent = 0; sent < 3; sent++) stream.send(FRAME);
  const drained = stream.drained();
  assert.equal(await isPending(drained), true);
  client.readNext();
  await drained;
  await stream.drained();
});

test('no sender waits for room in a stream that has ended', async () => {
  for (const finish of [
    ({ stream }: Awaited<ReturnType<typeof behind>>) => stream.end(),
    ({ stream }: Awaited<ReturnType<typeof behind>>) => stream.cutOff('a reason'),
    ({ client }: Awaited<ReturnType<typeof behind>>) => client.leave(),
  ]) {
    const all = await behind();
    for (let sent = 0; sent < 3; sent++) all.stream.send(FRAME);
    const drained = all.stream.drained();
    finish(all);
    await drained;
    await all.stream.drained();
  }
});

test('a client that is behind receives only the newest of the offered events', async () => {
  const { stream, client } = await behind();
  stream.offer(frame('1'));
  await turn();
  for (let value = 2; value <= 1000; value++) stream.offer(frame(String(value)));
  assert.ok(client.waiting < 10);
  client.readNext();
  await turn();
  stream.offer(frame('1001'));
  await turn();
  assert.equal(client.text, ':connected\n\n:1\n\n:1000\n\n:1001\n\n');
});

test('events that are offered before the reply begins, or before the end, are sent', async () => {
  const { stream, client } = setUp();
  stream.offer(frame('early'));
  stream.offer(frame('newest'));
  stream.begin(client.response);
  await turn();
  client.stopReading();
  for (const value of ['1', '2', '3']) stream.offer(frame(value));
  stream.end();
  stream.offer(frame('too late'));
  client.readNext();
  await turn();
  await turn();
  assert.equal(client.text, ':connected\n\n:newest\n\n:1\n\n:3\n\n');
});

test('offered events are dropped for a client that is cut off or disconnected', async () => {
  for (const leave of [
    ({ stream }: Awaited<ReturnType<typeof behind>>) => stream.cutOff('a reason'),
    ({ client }: Awaited<ReturnType<typeof behind>>) => client.leave(),
  ]) {
    const all = await behind();
    all.stream.offer(frame('1'));
    all.stream.offer(frame('2'));
    leave(all);
    all.client.readNext();
    await turn();
    assert.doesNotMatch(all.client.text, /:2/);
  }
});

test('a stream that ended before its reply began is sent whole, and takes no place until then', async () => {
  const { stream, client } = setUp();
  stream.send(frame('all'));
  stream.end();
  assert.equal(stream.signal.aborted, true);
  stream.begin(client.response);
  await turn();
  assert.deepEqual([client.text, client.isConnected], [':connected\n\n:all\n\n', false]);
});

test('a client that disconnected before its reply began leaves nothing behind', () => {
  const { stream, client, clock } = setUp();
  client.leave();
  client.response.destroy();
  const { listeners } = client;
  stream.begin(client.response);
  assert.equal(stream.signal.aborted, true);
  assert.deepEqual([client.listeners, clock.timers], [listeners, 0]);
});

test('a client that disconnects before it is forgotten leaves no timer and no listener behind', async () => {
  const { stream, client, clock } = setUp();
  const { listeners } = client;
  stream.begin(client.response);
  stream.cutOff('a reason');
  stream.cutOff('another');
  assert.equal(clock.timers, 1);
  client.leave();
  await turn();
  assert.equal(clock.timers, 0);
  assert.ok(client.listeners <= listeners, 'a listener stays');
});

test('frames are counted by kind of stream if that is wanted, without keep-alive comments', () => {
  const clock = new SimulatedClock();
  const framesOf = (countsFrames: boolean) => {
    const streams = new EventStreams({ clock, maxClients: 2, countsFrames });
    const stream = streams.open('faults');
    stream.begin(new MemoryClient().response);
    stream.send(eventFrame({ data: '1' }));
    clock.advance(60_000);
    stream.end();
    return streams.health().blocks['x-medkit-event-streams']?.['frames'];
  };
  assert.deepEqual(framesOf(true), {
    ...{ audit: 0, entities: 0, faults: 1, live: 0, peers: 0, subscriptions: 0, triggers: 0 },
  });
  assert.equal(framesOf(false), undefined);
});

test('V01: all streams are kept alive by one timer, which ends with the last of them', async () => {
  const clock = new SimulatedClock();
  const streams = new EventStreams({ clock, maxClients: 2 });
  const [quiet, busy] = [streams.open('faults'), streams.open('faults')];
  const clients = [new MemoryClient(), new MemoryClient()] as const;
  assert.throws(
    () => streams.open('faults'),
    /There are already 2 event streams, the maximum: close one, or raise sse\.max_clients/,
  );
  assert.equal(clock.timers, 1);
  quiet.begin(clients[0].response);
  busy.begin(clients[1].response);
  for (let second = 0; second < 30; second += 10) {
    busy.send(frame('news'));
    clock.advance(10_000);
    await turn();
  }
  assert.equal(clients[0].text, ':connected\n\n:keepalive\n\n');
  assert.equal(clients[1].text, ':connected\n\n:news\n\n:news\n\n:news\n\n');
  for (const client of clients) client.leave();
  await turn();
  assert.equal(clock.timers, 0);
  assert.deepEqual(streams.health().blocks, {
    'x-medkit-event-streams': { clients: 0, max_clients: 2, cut_off: 0, revoked: 0 },
    'x-medkit-quotas': { event_streams: { held: 0, capacity: 2, owners: 0, largest: 0, refused: 1 } },
  });
});

test('a client that reads nothing receives no keepalive comments', async () => {
  const { stream, client } = await behind();
  stream.send(frame('news'));
  await turn();
  const { waiting } = client;
  for (let look = 0; look < 10; look++) stream.keepAlive();
  assert.equal(client.waiting, waiting);
});

test('closing ends every stream normally and opens no more', async () => {
  const streams = new EventStreams({ clock: new SimulatedClock(), maxClients: 2 });
  const client = new MemoryClient();
  streams.open('faults').begin(client.response);
  streams.close();
  await turn();
  assert.deepEqual([client.text, client.isConnected], [':connected\n\n', false]);
  assert.throws(() => streams.open('faults'), /shutting down/);
});
