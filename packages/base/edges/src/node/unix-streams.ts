import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { AddressInUse } from '../datagrams.ts';
import type {
  StreamConnection,
  StreamEvents,
  StreamListener,
  StreamListenOptions,
  StreamSockets,
} from '../stream-sockets.ts';

/** Returns a connection for a socket, and a function that subscribes to its events. */
function connectionOf(socket: Socket): { connection: StreamConnection; subscribe(events: StreamEvents): void } {
  let isClosed = false;
  const connection: StreamConnection = {
    get waitingBytes() {
      return socket.writableLength;
    },
    write: (octets) => void socket.write(octets),
    close() {
      isClosed = true;
      socket.destroy();
    },
  };
  // The cause does not matter: `close` follows.
  socket.on('error', () => undefined);
  return {
    connection,
    subscribe(events) {
      socket.on('data', (octets) => events.onOctets(octets));
      // When the other side ends its direction, closes both: neither side has anything left to send.
      socket.on('end', () => socket.destroy());
      socket.on('close', () => {
        if (!isClosed) events.onClose();
      });
    },
  };
}

/** Returns whether a program listens at the socket. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connectSocket(path, () => {
      probe.destroy();
      resolve(true);
    });
    // A live listener may be busy or deny access: only a refused connection means that it is dead.
    probe.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}

function bind(server: Server, { path, mode }: StreamListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
    // The socket is bound synchronously or not at all. If it is not bound, a file at this path belongs to another
    // program.
    if (server.listening) chmodSync(path, mode);
  });
}

async function listen(options: StreamListenOptions): Promise<StreamListener> {
  const { path, onConnection } = options;
  const connections = new Set<StreamConnection>();
  const server = createServer((socket) => {
    const { connection, subscribe } = connectionOf(socket);
    const events = onConnection(connection);
    if (events === undefined) {
      connection.close();
      return;
    }
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
    subscribe(events);
  });
  await bind(server, options).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found && !found.isSocket())
      throw new Error(`${path} exists and is not a socket: remove it, or choose another path`);
    if (await isAlive(path)) throw new AddressInUse(`${path} is in use by another program`, { cause: error });
    rmSync(path, { force: true });
    await bind(server, options);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.close();
      }),
  };
}

function connect(path: string, events: StreamEvents): Promise<StreamConnection> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(path);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      const { connection, subscribe } = connectionOf(socket);
      subscribe(events);
      resolve(connection);
    });
  });
}

/** Unix stream sockets through Node's net. */
export const unixStreams: StreamSockets = { listen, connect };
