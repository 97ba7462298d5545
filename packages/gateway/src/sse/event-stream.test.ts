import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { EventStream, MAX_BEHIND_BYTES } from './event-stream.ts';
import { EventStreams } from './event-streams.ts';

const FRAME = Buffer.alloc(65_536, 'x');

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const nothing = {};
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, nothing))])) === nothing;
}

test('a stream begins with a comment, so that its headers leave at once', () => {
  assert.equal(String(new EventStream(new SimulatedClock()).body.read()), ':connected\n\n');
});

test('V01: a client that reads nothing is cut off at the bound, told why, and forgotten a little later', async () => {
  const clock = new SimulatedClock();
  const stream = new EventStream(clock);
  for (let sent = 0; sent < 100; sent++) stream.send(FRAME);
  assert.equal(stream.isOver, true);
  assert.ok(stream.body.readableLength < MAX_BEHIND_BYTES + 2 * FRAME.length, 'it took more than the bound allows');
  assert.deepEqual([stream.isCutOff, stream.signal.aborted], [true, false]);
  clock.advance(5000);
  await once(stream.body, 'close');
  assert.equal(stream.signal.aborted, true);
});

test('a client that is cut off and reads on gets all that was sent, and the reason last', async () => {
  const clock = new SimulatedClock();
  const stream = new EventStream(clock);
  while (!stream.isOver) stream.send(FRAME);
  const read = String(stream.body.read());
  assert.ok(read.endsWith(`x:cut off: more than ${MAX_BEHIND_BYTES} octets behind; come again with Last-Event-ID\n\n`));
});

test('there is room again once the client has read', async () => {
  const stream = new EventStream(new SimulatedClock());
  await stream.drained();
  stream.send(FRAME);
  const drained = stream.drained();
  assert.equal(await isPending(drained), true);
  stream.body.resume();
  await drained;
});

test('nobody waits for room in a stream that is over', async () => {
  for (const finish of [(stream: EventStream) => stream.end(), (stream: EventStream) => stream.body.destroy()]) {
    const stream = new EventStream(new SimulatedClock());
    stream.send(FRAME);
    const drained = stream.drained();
    finish(stream);
    await drained;
    await stream.drained();
  }
});

test('a client that goes away before it is forgotten takes its timer along', async () => {
  const clock = new SimulatedClock();
  const stream = new EventStream(clock);
  stream.cutOff('a reason');
  stream.cutOff('another');
  stream.body.destroy();
  await once(stream.body, 'close');
  assert.equal(clock.timers, 0);
});

test('V01: all streams are kept alive by one timer, which ends with the last of them', async () => {
  const clock = new SimulatedClock();
  const streams = new EventStreams({ clock, maxClients: 2 });
  const open = [streams.open(), streams.open()];
  assert.throws(() => streams.open(), /2 event streams are open already: close one, or raise sse\.max_clients/);
  assert.equal(clock.timers, 1);
  clock.advance(30_000);
  for (const { body } of open) assert.equal(String(body.read()), ':connected\n\n:keepalive\n\n');
  for (const { body } of open) {
    body.destroy();
    await once(body, 'close');
  }
  assert.equal(clock.timers, 0);
  assert.deepEqual(streams.health().blocks, { 'x-medkit-event-streams': { clients: 0, max_clients: 2, cut_off: 0 } });
});

test('closing ends every stream in good order and begins no more', async () => {
  const streams = new EventStreams({ clock: new SimulatedClock(), maxClients: 2 });
  const { body } = streams.open();
  streams.close();
  let text = '';
  for await (const part of body) text += part;
  assert.equal(text, ':connected\n\n');
  assert.throws(() => streams.open(), /shutting down/);
});
