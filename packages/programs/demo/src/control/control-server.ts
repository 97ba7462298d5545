import { chmodSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { type ControlReply, type ControlRequest, decodeRequest, encodeLine, MAX_LINE_LENGTH } from './protocol.ts';
import { assertPrivateFolder } from './socket-path.ts';

/** A person types one command at a time; more connections than this are an accident. */
const MAX_CONNECTIONS = 8;
/** A connection that has not sent its line by then is closed. */
const IDLE_MS = 5000;

/** Another demo of this user has the control socket. */
export class DemoAlreadyRunning extends Error {
  override readonly name = 'DemoAlreadyRunning';

  constructor() {
    super('a demo is already running on this domain: use that one, or stop it first');
  }
}

export interface ControlServer {
  close(): Promise<void>;
}

/** True when somebody answers at the socket. */
export function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
}

function serve(socket: Socket, answer: (request: ControlRequest) => Promise<ControlReply>): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  // A client that goes away before its answer is written has no use for it.
  socket.on('error', () => socket.destroy());
  const onText = async (chunk: string): Promise<void> => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= MAX_LINE_LENGTH) return;
    socket.off('data', onText);
    const reply = await Promise.resolve()
      .then(() => answer(decodeRequest(text.slice(0, Math.max(0, end)))))
      .catch((error: Error): ControlReply => ({ ok: false, error: error.message }));
    socket.end(encodeLine(reply));
  };
  socket.on('data', onText);
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

/**
 * Listens for commands at `path`, which only this user can reach. A socket left behind by a killed demo is replaced;
 * throws `DemoAlreadyRunning` where it is alive.
 */
export async function openControlServer(
  path: string,
  answer: (request: ControlRequest) => Promise<ControlReply>,
): Promise<ControlServer> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertPrivateFolder(folder);
  const server = createServer((socket) => serve(socket, answer));
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
          removeIfEmpty(folder);
          resolve();
        });
      }),
  };
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
}
