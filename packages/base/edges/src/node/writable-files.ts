import { chmod, constants, lstat, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WritableFiles } from '../files.ts';

/** Stored and recorded data is readable only by its owner. */
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
/** Installed files are readable by every user. */
const FOLDER_MODE = 0o755;
const TEXT_MODE = 0o644;

/** Write access to the machine's file system. */
export const systemWritableFiles: WritableFiles = {
  async create(path, bytes) {
    await renameExisting(path);
    await using file = await open(path, 'w', OWNER_ONLY_FILE);
    await file.writeFile(bytes);
  },
  async append(path, bytes) {
    await using file = await open(path, constants.O_WRONLY | constants.O_APPEND);
    await file.writeFile(bytes);
  },
  async write(path, chunks) {
    await makePrivateFolder(dirname(path));
    await using file = await open(path, 'wx', OWNER_ONLY_FILE);
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  },
  async writeContent(path, mode, chunks) {
    await using file = await open(path, 'wx', mode);
    for await (const chunk of chunks) await file.writeFile(chunk);
    // Sets the mode regardless of the umask.
    await file.chmod(mode);
    await file.sync();
  },
  async replaceText(path, text, mode = TEXT_MODE) {
    const next = `${path}.next`;
    await makeFolder(dirname(path));
    await rm(next, { force: true });
    {
      await using file = await open(next, 'wx', mode);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(next, path);
    await syncFolder(dirname(path));
  },
  makeFolder,
  syncFolder,
  async move(from, to) {
    await makePrivateFolder(dirname(to));
    await rename(from, to);
    // A name is on disk when its folder is.
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
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
};

/** Renames an existing regular file. A device, pipe or link stays, because it is meant to be written to. */
async function renameExisting(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isFile()) await rename(path, `${path}.old`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const makePrivateFolder = (path: string) => mkdir(path, { recursive: true, mode: OWNER_ONLY_FOLDER });

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  await chmod(path, FOLDER_MODE);
  // A folder is on disk once its parent is synced, up to the first one created.
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
