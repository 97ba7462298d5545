import { chmodSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { assertPrivateFolder } from './socket-path.ts';

/** Maximum number of connections: a user runs one command at a time. */
const MAX_CONNECTIONS = 8;

/** Another demo of this user uses the socket. */
export class DemoAlreadyRunning extends Error {
  override readonly name = 'DemoAlreadyRunning';

  constructor(message = 'a demo is already running on this domain: use that one, or stop it first') {
    super(message);
  }
}

export interface PrivateSocket {
  /** Resolves when all clients have disconnected. */
  close(): Promise<void>;
}

/** File next to a control socket with the address of the demo's gateway. */
export const addressFile = (socket: string): string => `${socket}.url`;

/** Resolves to true if a process accepts connections at the socket. */
export function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}

/**
 * Listens at `path`, accessible only to this user. Replaces the socket of a killed demo. Throws `DemoAlreadyRunning` if the
 * socket is in use.
 */
export async function openPrivateSocket(path: string, onConnection: (socket: Socket) => void): Promise<PrivateSocket> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertPrivateFolder(folder);
  const server = createServer(onConnection);
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    if (await isAlive(path)) throw new DemoAlreadyRunning();
    rmSync(path, { force: true });
    await listen(server, path);
  });
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          // A killed gateway could not remove it.
          rmSync(addressFile(path), { force: true });
          removeIfEmpty(folder);
          resolve();
        });
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
}
