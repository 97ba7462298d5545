import { execFile } from 'node:child_process';
import { close, constants, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A pipe of the system: what a program writes to one end, this process hears at the other. */
export interface ProgramPipe {
  /** Descriptor of the end that is the program's. */
  readonly writer: number;
  /** To be called when the program has its end: what is written is told from now on, until nobody can write any more. */
  listen(onChunk: (chunk: Uint8Array) => void): void;
  /** Resolves when everything was told, or the pipe was closed. */
  readonly closed: Promise<void>;
  close(): void;
}

const run = promisify(execFile);
const openFile = promisify(open);

/**
 * Opens pipes. Node gives programs sockets instead, which cannot be opened by a name: `echo … > /dev/stderr` of a script
 * would fail.
 */
export async function openPipes(count: number): Promise<readonly ProgramPipe[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-pipes-'));
  const pipes: ProgramPipe[] = [];
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    // The folder is closed to others; a program that runs as somebody else may open its own streams by name.
    await run('mkfifo', ['-m', '666', ...paths]);
    for (const path of paths) pipes.push(await openPipe(path));
    return pipes;
  } catch (error) {
    for (const pipe of pipes) pipe.close();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openPipe(path: string): Promise<ProgramPipe> {
  // The reader first, without waiting for a writer; then the writer need not wait for a reader.
  const reader = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd: reader, readable: true, writable: false });
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  socket.on('error', () => socket.destroy());
  const writer = await openFile(path, constants.O_WRONLY);
  let isOurs = true;
  const letGo = (): void => {
    if (isOurs) close(writer);
    isOurs = false;
  };
  return {
    writer,
    listen: (onChunk) => {
      letGo();
      socket.on('data', onChunk);
    },
    closed: closed.promise,
    close: () => {
      letGo();
      socket.destroy();
    },
  };
}
