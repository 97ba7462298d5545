import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { NotExact } from '../files.ts';

// Without O_NONBLOCK, opening a pipe would wait for a writer.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens the regular file at exactly this path. Returns `undefined` if it does not exist. Throws `NotExact` for anything
 * else.
 */
export async function openExact(path: string): Promise<FileHandle | undefined> {
  const file = await openWithoutLink(path);
  if (!file) return undefined;
  try {
    // Checks the path of the opened descriptor, so the file cannot be exchanged between check and read.
    const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
    if (place !== path) throw new NotExact(`${path} resolves to ${place}`);
    if (!(await file.stat()).isFile()) throw new NotExact(`${path} is not a regular file`);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openWithoutLink(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw new NotExact(`${path} is a link`);
    // The error for a socket.
    if (code === 'ENXIO') throw new NotExact(`${path} is not a regular file`);
    throw error;
  }
}

/** Returns whether the error means that the path does not exist. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Like `isMissing`, and also true if the name is too long for the file system. */
export function isAbsent(error: unknown): boolean {
  return isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG';
}
