import { execFile } from 'node:child_process';
import { close, constants, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A pipe from a program to this process. */
export interface ProgramPipe {
  /** Descriptor of the write end, to pass to the program. */
  readonly writer: number;
  /**
   * Starts reading and closes the write end here. Call it once the program has its end; reading stops when no writer is
   * left.
   */
  listen(onChunk: (chunk: Uint8Array) => void): void;
  /** Resolves when all data was read, or the pipe was closed. */
  readonly closed: Promise<void>;
  close(): void;
}

const run = promisify(execFile);
const openFile = promisify(open);

/**
 * Opens named pipes. Node.js would give programs sockets, which cannot be opened by name: `echo … > /dev/stderr` in a
 * script would fail.
 */
export async function openPipes(count: number): Promise<readonly ProgramPipe[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medkit-pipes-'));
  const pipes: ProgramPipe[] = [];
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    // The folder is closed to other users. The mode lets a program that runs as another user open its streams by name.
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
  // Opens the read end first, without waiting for a writer, so that opening the write end does not block.
  const reader = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd: reader, readable: true, writable: false });
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  socket.on('error', () => socket.destroy());
  const writer = await openFile(path, constants.O_WRONLY);
  let isOurs = true;
  const closeWriter = (): void => {
    if (isOurs) close(writer);
    isOurs = false;
  };
  return {
    writer,
    listen: (onChunk) => {
      closeWriter();
      socket.on('data', onChunk);
    },
    closed: closed.promise,
    close: () => {
      closeWriter();
      socket.destroy();
    },
  };
}
