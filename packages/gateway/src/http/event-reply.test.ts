import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { after, afterEach, before, describe, it } from 'node:test';
import { GATEWAY } from '@medkit/core';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import Fastify from 'fastify';
import { listen } from '../listen.ts';
import { commentFrame, eventFrame } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import { EventStreams } from '../sse/event-streams.ts';
import { EventReply, sendEvents } from './event-reply.ts';

const HOST = '127.0.0.1';
const PATIENCE_MS = 5000;
const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', 'X-Accel-Buffering': 'no' };

const clock = new SimulatedClock();
const streams = new EventStreams({ clock, maxClients: 1000 });
let open: EventStream[] = [];
/** Runs before a stream is opened. */
let beforeOpening = (): Promise<void> => Promise.resolve();

const app = Fastify();
app.addHook('onRequest', async (request, reply) => {
  request.principal = GATEWAY;
  reply.header('Vary', 'Origin');
});
app.get('/events', (request, reply) =>
  sendEvents(
    request,
    reply,
    new EventReply(async () => {
      await beforeOpening();
      const stream = streams.open('faults');
      open.push(stream);
      return stream;
    }),
  ),
);
/** The same reply, sent by Fastify. */
app.get('/piped', (_request, reply) =>
  reply.headers(HEADERS).send(Readable.from([':connected\n\n'], { objectMode: false })),
);
app.get('/plain', async () => 'plain');
app.setErrorHandler((error: Error, _request, reply) => void reply.code(400).send(error.message));

let port = 0;
before(async () => {
  port = await listen(app, { host: HOST, port: 0, clock: systemClock });
});
after(() => app.close());

const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await until('all clients are gone', () => clients() === 0);
  assert.equal(clock.timers, 0);
  open = [];
});

interface Client {
  readonly socket: Socket;
  text: string;
  closed: boolean;
}

/** Sends raw bytes; the response is collected in `text`. */
function send(text: string): Client {
  const socket = connect(port, HOST, () => socket.write(text));
  sockets.push(socket);
  const client: Client = { socket, text: '', closed: false };
  socket.setEncoding('utf8').on('data', (data) => {
    client.text += data;
  });
  socket.on('close', () => {
    client.closed = true;
  });
  socket.on('error', () => undefined);
  return client;
}

const ask = (headers = '', { path = '/events', method = 'GET', version = '1.1' } = {}) =>
  send(`${method} ${path} HTTP/${version}\r\nHost: localhost\r\n${headers}\r\n`);

const clients = () => Number(streams.health().blocks['x-medkit-event-streams']?.['clients']);
const headOf = ({ text }: Client) => text.split('\r\n\r\n', 1)[0]?.replace(/Date: .*/, 'Date:');
const bodyOf = ({ text }: Client) => text.slice(text.indexOf('\r\n\r\n') + 4);
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    assert.ok(performance.now() < endMs, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const connected = (count: number) => until(`${count} are connected`, () => open.length === count);
const sendAll = (text: string) => {
  const frame = commentFrame(text);
  for (const stream of open) stream.send(frame);
};

describe('an event stream over a connection', () => {
  it('has the headers of every reply, whatever version and Connection header the client sends', async () => {
    for (const [version, headers] of [
      ['1.1', ''],
      ['1.1', 'Connection: close\r\n'],
      ['1.1', 'Connection: keep-alive\r\n'],
      ['1.0', ''],
      ['1.0', 'Connection: keep-alive\r\n'],
    ] as const) {
      const [events, piped] = [ask(headers, { version }), ask(headers, { version, path: '/piped' })];
      for (const client of [events, piped]) await until('its body begins', () => client.text.includes(':connected'));
      assert.equal(headOf(events), headOf(piped));
      piped.socket.destroy();
    }
  });

  it('is sent in chunks, and the connection stays open after it', async () => {
    const client = ask();
    await connected(1);
    open[0]?.send(eventFrame({ id: 1, data: '"ü"' }));
    open[0]?.send(commentFrame('two'));
    open[0]?.end();
    await until('the stream is over', () => client.text.endsWith('0\r\n\r\n'));
    const events = `${chunk(':connected\n\n')}${chunk('id: 1\ndata: "ü"\n\n')}${chunk(':two\n\n')}0\r\n\r\n`;
    assert.equal(bodyOf(client), events);
    client.text = '';
    client.socket.write('GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await until('it has the next answer', () => bodyOf(client) === 'plain');
    assert.equal(client.closed, false);
  });

  it('leaves no listener on a connection that is reused', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const client = ask();
    for (let round = 1; round <= 20; round++) {
      await connected(round);
      client.text = '';
      open.at(-1)?.end();
      await until('the stream is over', () => client.text.endsWith('0\r\n\r\n'));
      client.socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });

  it('is sent without chunks to a client of HTTP/1.0, and ends with the connection', async () => {
    const client = ask('', { version: '1.0' });
    await connected(1);
    sendAll('news');
    open[0]?.end();
    await until('the connection is closed', () => client.closed);
    assert.equal(bodyOf(client), ':connected\n\n:news\n\n');
  });

  it('ends with the connection if the client asks to close it', async () => {
    const client = ask('Connection: close\r\n');
    await connected(1);
    open[0]?.end();
    await until('the connection is closed', () => client.closed);
    assert.equal(bodyOf(client), `${chunk(':connected\n\n')}0\r\n\r\n`);
  });

  it('does not begin for HEAD', async () => {
    const client = ask('Connection: close\r\n', { method: 'HEAD' });
    await until('the connection is closed', () => client.closed);
    assert.match(client.text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(client.text, /content-type: text\/event-stream/);
    assert.deepEqual([bodyOf(client), open], ['', []]);
  });

  it('is refused after an unfinished request on the same connection, and takes no place', async () => {
    const request = 'GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const client = send(request.repeat(20));
    await until('the first is there', () => client.text.includes(':connected'));
    assert.equal(clients(), 1);
    // Waits some event loop turns in which a reply to an earlier request could be sent: none is.
    for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    open[0]?.end();
    await until('the others are answered', () => client.text.split('HTTP/1.1 400').length === 20);
    assert.match(client.text, /use a separate connection/);
  });

  it('begins if the client closed its connection and the gateway has not noticed it yet', async () => {
    const raw: { socket: object | null } = { socket: null };
    const begun = sendEvents(
      { method: 'GET', headers: {} } as never,
      { raw } as never,
      new EventReply(() => Promise.reject(new Error('it is opened'))),
    );
    setImmediate(() => {
      raw.socket = {};
    });
    await assert.rejects(begun, /it is opened/);
  });

  it('reaches a client of a request without a socket', async () => {
    const pending = app.inject({ url: '/events' });
    await connected(1);
    sendAll('one');
    open[0]?.offer(commentFrame('two'));
    open[0]?.end();
    const reply = await pending;
    assert.equal(reply.payload, ':connected\n\n:one\n\n:two\n\n');
    assert.equal(reply.headers['content-type'], 'text/event-stream');
    assert.equal((await app.inject({ method: 'HEAD', url: '/events' })).payload, '');
    const controller = new AbortController();
    const abandoned = app.inject({ url: '/events', signal: controller.signal });
    await connected(2);
    controller.abort();
    await assert.rejects(async () => await abandoned);
    await until('it is gone', () => clients() === 0);
  });
});

describe('a client', () => {
  it('that reads nothing is disconnected, while fifty other clients receive everything', async () => {
    const [slow, ...others] = Array.from({ length: 51 }, () => ask());
    await connected(51);
    for (const client of [slow, ...others]) await until('it reads', () => client?.text.includes(':connected') ?? false);
    slow?.socket.pause();
    const text = 'x'.repeat(100_000);
    let sent = 0;
    // The system buffers a few megabytes for a connection before anything waits here.
    while (!open.some(({ isCutOff }) => isCutOff)) {
      sendAll(text);
      sent++;
      assert.ok(sent < 200, 'nobody is cut off');
      for (const client of others) await until('it has it', () => client.text.endsWith('x\n\n\r\n'));
      for (const client of others) client.text = client.text.replaceAll(chunk(`:${text}\n\n`), '.');
    }
    clock.advance(5000);
    await until('the connection is broken', () => clients() === 50);
    slow?.socket.resume();
    await until('the slow one knows', () => slow?.closed ?? false);
    assert.ok(!slow?.text.endsWith('0\r\n\r\n'), 'a stream that ended in good order is not come back to');
    sendAll('last');
    for (const client of others) {
      await until('it has the last', () => client.text.endsWith(chunk(':last\n\n')));
      assert.equal(bodyOf(client), `${chunk(':connected\n\n')}${'.'.repeat(sent)}${chunk(':last\n\n')}`);
    }
    assert.equal(clients(), 50);
  });

  it('that is behind receives the newest of the offered events when it continues to read', async () => {
    const client = ask();
    await until('it reads', () => client.text.includes(':connected'));
    client.socket.pause();
    const long = 'x'.repeat(1_000_000);
    for (let value = 1; value <= 50; value++) {
      open[0]?.offer(commentFrame(`${value} ${long}`));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.equal(open[0]?.isOver, false);
    client.socket.resume();
    await until('it has the newest', () => client.text.includes(':50 ') && client.text.endsWith('x\n\n\r\n'));
    assert.ok(bodyOf(client).length < 20 * long.length);
  });

  it('that closes only its sending side is disconnected', async () => {
    const client = ask();
    await connected(1);
    client.socket.end();
    await until('it is gone', () => clients() === 0);
  });

  it('that disconnects before its stream is opened leaves nothing behind', async () => {
    const requested = Promise.withResolvers<void>();
    const noticed = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    app.server.once('connection', (socket: Socket) => socket.once('close', () => noticed.resolve()));
    beforeOpening = () => {
      requested.resolve();
      return released.promise;
    };
    const client = ask();
    await requested.promise;
    client.socket.resetAndDestroy();
    await noticed.promise;
    released.resolve();
    beforeOpening = () => Promise.resolve();
    await connected(1);
    assert.equal(open[0]?.signal.aborted, true);
  });

  it('is one of a thousand that connect and disconnect at any moment, and leave nothing behind', async () => {
    for (let round = 0; round < 10; round++) {
      const some = Array.from({ length: 100 }, () => ask());
      await connected(100);
      sendAll('news');
      some.forEach(({ socket }, at) => {
        if (at % 3 === 0) socket.resetAndDestroy();
        else if (at % 3 === 1) socket.destroy();
      });
      sendAll('more news');
      for (const stream of open) stream.end();
      for (const { socket } of some) socket.end();
      await until('all are gone', () => clients() === 0 && some.every(({ closed }) => closed));
      assert.ok(open.every(({ signal, isOver }) => signal.aborted && isOver));
      open = [];
      sockets.length = 0;
    }
    const connections = await new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    assert.equal(connections, 0);
  });
});
