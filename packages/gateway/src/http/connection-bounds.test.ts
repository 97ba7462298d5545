import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { boundConnections, type ConnectionBounds, MAX_SLOW_CHECKS, RATE_CHECK_MS } from './connection-bounds.ts';

const ROOM: ConnectionBounds = { total: 100, perAddress: 100, silentPerAddress: 100 };

async function boundServer(bounds: Partial<ConnectionBounds>) {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (request.url === '/stream') response.write('here');
    else request.resume().once('end', () => response.end('here'));
  });
  const clock = new SimulatedClock();
  const counts = boundConnections(server, clock, { ...ROOM, ...bounds });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    clock,
    server,
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
    /** Opens a connection and waits until the server accepts or refuses it. */
    async call(from = '127.0.0.1'): Promise<Socket> {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      socket.on('error', () => undefined).resume();
      await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
      return socket;
    },
  };
}

async function ask(socket: Socket, path = '/'): Promise<void> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: robot\r\n\r\n`);
  await once(socket, 'data');
}

const HALF = 'POST / HTTP/1.1\r\nHost: robot\r\nContent-Length: 10\r\n\r\n12345';

/** Sends a request with an incomplete body and waits until the server has its head. */
async function askHalf(socket: Socket, server: Server): Promise<void> {
  socket.write(HALF);
  await once(server, 'request');
}

const gone = (socket: Socket) => socket.closed || once(socket, 'close', { signal: AbortSignal.timeout(5000) });

test('connections that were closed because of a bound are counted', async () => {
  await using server = await boundServer({ silentPerAddress: 1 });
  const first = await server.call();
  assert.equal(server.counts.figures().refused, 0);
  await server.call();
  await gone(first);
  const stranger = await server.call('127.0.0.2');
  const { held, owners, refused, capacity } = server.counts.figures();
  assert.deepEqual([held, owners, refused, capacity], [2, 2, 1, 100]);
  await ask(stranger);
  assert.equal(server.counts.figures().refused, 1);
});

test('the connection that has been silent for the longest is closed for the next one of its address', async () => {
  await using server = await boundServer({ silentPerAddress: 2 });
  const [first, second] = [await server.call(), await server.call()];
  const stranger = await server.call('127.0.0.2');
  const third = await server.call();
  await gone(first);
  for (const socket of [second, third, stranger]) await ask(socket);
});

test('a connection that has sent a request does not count as silent', async () => {
  await using server = await boundServer({ silentPerAddress: 1 });
  const first = await server.call();
  await ask(first);
  await ask(await server.call());
  await ask(first);
});

test('an address has no more connections than its share, and earlier connections stay open', async () => {
  await using server = await boundServer({ perAddress: 2 });
  const asking = [await server.call(), await server.call()];
  for (const socket of asking) await ask(socket);
  await gone(await server.call());
  for (const socket of [...asking, await server.call('127.0.0.2')]) await ask(socket);
});

test('if all places are taken, the connection that has been silent for the longest is closed, whatever its address', async () => {
  await using server = await boundServer({ total: 2 });
  const silent = await server.call('127.0.0.2');
  const asking = await server.call();
  await ask(asking);
  const next = await server.call('127.0.0.3');
  await gone(silent);
  for (const socket of [asking, next]) await ask(socket);
});

test('if all places are taken and no connection is silent, the oldest idle connection is closed, and no busy one', async () => {
  await using server = await boundServer({ total: 3 });
  const busy = await server.call('127.0.0.2');
  await ask(busy, '/stream');
  const [idle, next] = [await server.call('127.0.0.3'), await server.call('127.0.0.4')];
  for (const socket of [idle, next]) await ask(socket);
  const newcomer = await server.call('127.0.0.5');
  await gone(idle);
  for (const socket of [newcomer, next]) await ask(socket, '/stream');
  await gone(await server.call('127.0.0.6'));
});

test('if all places are busy, the address with the most connections loses one to a client from another address', async () => {
  await using server = await boundServer({ total: 4, perAddress: 4 });
  const owner = await server.call('127.0.0.3');
  await ask(owner, '/stream');
  const busy = [await server.call('127.0.0.2'), await server.call('127.0.0.2'), await server.call('127.0.0.2')];
  for (const socket of busy) await ask(socket, '/stream');
  const newcomer = await server.call('127.0.0.4');
  await gone(busy[0] as Socket);
  await ask(newcomer);
});

test('a connection whose request is not complete counts as silent, also after earlier requests', async () => {
  await using server = await boundServer({ silentPerAddress: 1 });
  const first = await server.call();
  await ask(first);
  await askHalf(first, server.server);
  const second = await server.call();
  await gone(first);
  await ask(second);
});

test('a body below the least rate ends its request; one that arrives in time does not', async () => {
  await using server = await boundServer({});
  const [slow, steady] = [await server.call(), await server.call()];
  await askHalf(slow, server.server);
  steady.write('POST / HTTP/1.1\r\nHost: robot\r\nContent-Length: 100000\r\n\r\n');
  const [request] = await once(server.server, 'request');
  for (let check = 0; check < MAX_SLOW_CHECKS; check++) {
    steady.write('x'.repeat(10_000));
    await once(request, 'data');
    server.clock.advance(RATE_CHECK_MS);
  }
  await gone(slow);
  steady.write('x'.repeat(100_000 - MAX_SLOW_CHECKS * 10_000));
  await once(steady, 'data');
});

test('the addresses of one IPv6 /64 share their places, and another /64 has separate places', async () => {
  await using server = await boundServer({ perAddress: 1 });
  const connected = ['2001:db8::1', '2001:db8:0:1::1', '2001:db8::2'].map((remoteAddress) => {
    const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
    server.server.emit('connection', socket);
    return socket;
  });
  assert.deepEqual(
    connected.map(({ destroyed }) => destroyed),
    [true, false, false],
  );
  for (const socket of connected) socket.destroy();
});

test('a closed connection releases its place', async () => {
  await using server = await boundServer({ perAddress: 1 });
  for (let round = 0; round < 3; round++) {
    const socket = await server.call();
    await ask(socket);
    socket.end();
    await gone(socket);
  }
});

test('a client may pipeline some requests repeatedly, but is disconnected if it sends more than it reads', async () => {
  await using server = await boundServer({});
  const socket = await server.call();
  const ahead = 'GET / HTTP/1.1\r\nHost: robot\r\n\r\n';
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  for (let round = 1; round <= 3; round++) {
    socket.write(ahead.repeat(50));
    while (received.split('here').length <= round * 50)
      await once(socket, 'data', { signal: AbortSignal.timeout(5000) });
  }
  socket.write(ahead.repeat(1000));
  await gone(socket);
});
