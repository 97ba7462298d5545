import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { boundConnections, type ConnectionBounds } from './connection-bounds.ts';

const ROOM: ConnectionBounds = { total: 100, perAddress: 100, silentPerAddress: 100 };

async function boundServer(bounds: Partial<ConnectionBounds>) {
  const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => response.end('here'));
  boundConnections(server, { ...ROOM, ...bounds });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
    /** A connection that the server has taken, or refused. */
    async call(from = '127.0.0.1'): Promise<Socket> {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      socket.on('error', () => undefined).resume();
      await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
      return socket;
    },
  };
}

async function ask(socket: Socket): Promise<void> {
  socket.write('GET / HTTP/1.1\r\nHost: robot\r\n\r\n');
  await once(socket, 'data');
}

const gone = (socket: Socket) => socket.closed || once(socket, 'close', { signal: AbortSignal.timeout(5000) });

test('the one that has been silent for the longest makes place for the next of its address', async () => {
  await using server = await boundServer({ silentPerAddress: 2 });
  const [first, second] = [await server.call(), await server.call()];
  const stranger = await server.call('127.0.0.2');
  const third = await server.call();
  await gone(first);
  for (const socket of [second, third, stranger]) await ask(socket);
});

test('one that has asked for something is not taken for silent', async () => {
  await using server = await boundServer({ silentPerAddress: 1 });
  const first = await server.call();
  await ask(first);
  await ask(await server.call());
  await ask(first);
});

test('an address has no more than its share, and who came first keeps it', async () => {
  await using server = await boundServer({ perAddress: 2 });
  const asking = [await server.call(), await server.call()];
  for (const socket of asking) await ask(socket);
  await gone(await server.call());
  for (const socket of [...asking, await server.call('127.0.0.2')]) await ask(socket);
});

test('where all places are taken, the one that has been silent for the longest goes, wherever it is from', async () => {
  await using server = await boundServer({ total: 2 });
  const silent = await server.call('127.0.0.2');
  const asking = await server.call();
  await ask(asking);
  const next = await server.call('127.0.0.3');
  await gone(silent);
  for (const socket of [asking, next]) await ask(socket);
  await gone(await server.call('127.0.0.4'));
});

test('places of connections that have gone are free again', async () => {
  await using server = await boundServer({ perAddress: 1 });
  for (let round = 0; round < 3; round++) {
    const socket = await server.call();
    await ask(socket);
    socket.end();
    await gone(socket);
  }
});

test('a client may ask for some things ahead, again and again, but not for more than it could read', async () => {
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
