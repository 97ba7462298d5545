import { chmod, lstat, mkdir, open, readdir, readlink, rename, rm, statfs, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { NotExact } from '../files.ts';
import type { FileBelow, ReleaseFiles } from '../release-files.ts';
import { openExact } from './exact-files.ts';
import { isMissing } from './files.ts';

const CHUNK_BYTES = 256 * 1024;
const FOLDER_MODE = 0o755;
const TEXT_MODE = 0o644;

/** Releases on the machine. */
export const systemReleaseFiles: ReleaseFiles = {
  async *readContent(path) {
    const opened = await openExact(path);
    if (!opened) throw new NotExact(`${path} is not there`);
    await using file = opened;
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
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
  async writeContent(path, mode, chunks) {
    await using file = await open(path, 'wx', mode);
    for await (const chunk of chunks) await file.writeFile(chunk);
    // What the process lets others do with its files does not count here.
    await file.chmod(mode);
    await file.sync();
  },
  async replaceText(path, text) {
    const next = `${path}.next`;
    await makeFolder(dirname(path));
    await rm(next, { force: true });
    {
      await using file = await open(next, 'wx', TEXT_MODE);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(next, path);
    await syncFolder(dirname(path));
  },
  makeFolder,
  syncFolder,
  async moveFolder(from, to) {
    await rename(from, to);
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  },
  removeAll: (path) => rm(path, { recursive: true, force: true }),
  async linkTarget(path) {
    try {
      return await readlink(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if ((error as NodeJS.ErrnoException).code === 'EINVAL') throw new Error(`${path} is no link`);
      throw error;
    }
  },
  async pointLink(path, target) {
    if (target === undefined) await rm(path, { force: true });
    else {
      const next = `${path}.next`;
      await rm(next, { force: true });
      await symlink(target, next);
      await rename(next, path);
    }
    await syncFolder(dirname(path));
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  await chmod(path, FOLDER_MODE);
  // A folder is on disk when the one around it is, up to the first that was there.
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
