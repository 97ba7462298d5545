import { constants, createReadStream } from 'node:fs';
import { lstat, open, readdir, readFile, readlink, realpath, stat, statfs } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type FileBelow, type Files, NotExact } from '../files.ts';
import { isAbsent, isMissing, openExact } from './open-exact.ts';

const PART_BYTES = 64 * 1024;
const CONTENT_BYTES = 256 * 1024;

/** Read access to the machine's file system. */
export const systemFiles: Files = {
  readText: (path, { regularOnly = false } = {}) =>
    undefinedIf(regularOnly ? readRegularFile(path) : readFile(path, 'utf8'), isMissing),
  read: (path, range) =>
    createReadStream(path, { highWaterMark: PART_BYTES, ...(range && { start: range.first, end: range.last }) }),
  async list(path) {
    const entries = (await undefinedIf(readdir(path, { withFileTypes: true }), isMissing)) ?? [];
    return entries
      .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
  async stateOf(path) {
    const found = await undefinedIf(Promise.all([realpath(path), stat(path)]), isMissing);
    if (!found) return undefined;
    const [real, facts] = found;
    return {
      path: real,
      isFile: facts.isFile(),
      isFolder: facts.isDirectory(),
      bytes: facts.size,
      modifiedMs: facts.mtimeMs,
      mode: facts.mode & 0o7777,
    };
  },
  canonical: (path) => undefinedIf(realpath(path), isAbsent),
  async readLink(path, { linkOnly = false } = {}) {
    try {
      return await readlink(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
      if (linkOnly) throw new Error(`${path} is not a link`);
      return undefined;
    }
  },
  async readExact(path, maxBytes) {
    const opened = await openExact(path);
    if (!opened) return undefined;
    await using file = opened;
    const { size } = await file.stat();
    if (size > maxBytes) throw new NotExact(`${path} has ${size} bytes, more than ${maxBytes}`);
    const content = Buffer.alloc(size);
    const { bytesRead } = await file.read(content, 0, content.length, 0);
    return content.subarray(0, bytesRead);
  },
  async *readContent(path) {
    const opened = await openExact(path);
    if (!opened) throw new NotExact(`${path} does not exist`);
    await using file = opened;
    const buffer = Buffer.allocUnsafe(CONTENT_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  },
  async filesBelow(path) {
    const below: FileBelow[] = [];
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      const place = join(entry.parentPath, entry.name);
      if (entry.isFile()) below.push({ path: relative(path, place), mode: (await lstat(place)).mode & 0o7777 });
      else if (!entry.isDirectory()) throw new NotExact(`${place} is neither a file nor a folder`);
    }
    return below.sort((a, b) => (a.path < b.path ? -1 : 1));
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

async function undefinedIf<T>(pending: Promise<T>, isNothing: (error: unknown) => boolean): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (isNothing(error)) return undefined;
    throw error;
  }
}

/**
 * Opens the file without waiting for the other end of a pipe. Checks its type after opening, because the name may refer
 * to another file by then.
 */
async function readRegularFile(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!(await file.stat()).isFile()) throw new Error(`${path} is not a regular file`);
  return file.readFile('utf8');
}
