import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { NotExact } from '../files.ts';

// Without O_NONBLOCK, opening a pipe would wait for whoever writes to it.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The regular file at exactly this path; `undefined` where there is none. Throws `NotExact` for anything else. */
export async function openExact(path: string): Promise<FileHandle | undefined> {
  const file = await openWithoutLink(path);
  if (!file) return undefined;
  try {
    // What was opened is asked where it is: nobody can exchange it between the question and the reading.
    const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
    if (place !== path) throw new NotExact(`${path} leads to ${place}`);
    if (!(await file.stat()).isFile()) throw new NotExact(`${path} is no regular file`);
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
    // What the system says of a socket.
    if (code === 'ENXIO') throw new NotExact(`${path} is no regular file`);
    throw error;
  }
}

/** Whether the system says that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The same, where a name that is too long for the file system is the name of nothing. */
export function isAbsent(error: unknown): boolean {
  return isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG';
}
