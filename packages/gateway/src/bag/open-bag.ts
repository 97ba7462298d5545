import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { yaml } from '@medkit/documents';
import { type BagReader, BagUnreadable, joinBags, openMcapReader, openSqliteReader } from '@medkit/faults/reading';

/** The file in which rosbag2 lists the files of a recording. */
const METADATA_FILE = 'metadata.yaml';

/** First bytes of files, and their type. */
const BEGINNINGS: readonly (readonly [beginning: string, kind: 'mcap' | 'sqlite3' | BagUnreadable])[] = [
  ['\x89MCAP0\r\n', 'mcap'],
  ['SQLite format 3\0', 'sqlite3'],
  ['\x28\xb5\x2f\xfd', new BagUnreadable('the whole file is compressed: decompress it with zstd -d <file>')],
  ['#ROSBAG V', new BagUnreadable('it is a recording of ROS 1: convert it with rosbags-convert')],
];

/**
 * Opens a recording on this machine: an MCAP or SQLite file, recognised by its first bytes, or a rosbag2 folder with
 * all of its files. Throws `BagUnreadable`, or the system's error about the file.
 */
export async function openBag(path: string): Promise<BagReader> {
  return (await stat(path)).isDirectory() ? openFolder(path) : openFile(path);
}

async function openFile(path: string): Promise<BagReader> {
  const handle = await open(path, 'r');
  try {
    const kind = await kindOf(handle);
    if (kind === 'sqlite3') {
      await handle.close();
      return openSqliteReader(path);
    }
    return await openMcapReader({
      size: async () => BigInt((await handle.stat()).size),
      read: async (offset, octets) => {
        const buffer = new Uint8Array(Number(octets));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, Number(offset));
        return buffer.subarray(0, bytesRead);
      },
      close: () => handle.close(),
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function kindOf(handle: Awaited<ReturnType<typeof open>>): Promise<'mcap' | 'sqlite3'> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
  if (bytesRead === 0) throw new BagUnreadable('the file is empty: the recorder wrote no data');
  const beginning = buffer.toString('latin1', 0, bytesRead);
  const kind = BEGINNINGS.find(([text]) => beginning.startsWith(text))?.[1];
  if (kind instanceof BagUnreadable) throw kind;
  if (kind) return kind;
  throw new BagUnreadable('it is neither an MCAP file nor a SQLite database, the two formats of rosbag2');
}

async function openFolder(folder: string): Promise<BagReader> {
  const bags: BagReader[] = [];
  try {
    for (const name of await filesOf(folder)) bags.push(await namingFile(name, openFile(join(folder, name))));
    return joinBags(bags);
  } catch (error) {
    await Promise.all(bags.map((bag) => bag.close()));
    throw error;
  }
}

/** Returns the files of a recording in order: those that its metadata lists, or all if it has none. */
async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder);
  const named = entries.includes(METADATA_FILE)
    ? metadataFiles(await readFile(join(folder, METADATA_FILE), 'utf8'))
    : [];
  const missing = named.find((name) => !entries.includes(name));
  if (missing !== undefined)
    throw new BagUnreadable(`its ${METADATA_FILE} names ${missing}, which is not in the folder`);
  if (named.length > 0) return named;
  const found = entries.filter((name) => /\.(?:mcap|db3)$/.test(name));
  if (found.length > 0) return found.sort(new Intl.Collator('en', { numeric: true }).compare);
  throw new BagUnreadable('the folder contains no recording: it has no .mcap or .db3 file');
}

function metadataFiles(text: string): readonly string[] {
  let parsed: unknown;
  try {
    parsed = yaml().parse(text);
  } catch (error) {
    throw new BagUnreadable(`its ${METADATA_FILE} is not valid YAML: ${(error as Error).message}`);
  }
  const { rosbag2_bagfile_information: information } = Object(parsed) as { rosbag2_bagfile_information?: unknown };
  const { relative_file_paths: paths } = Object(information) as { relative_file_paths?: unknown };
  // The first versions of rosbag2 put the name of the folder before that of the file.
  return Array.isArray(paths) ? paths.map((path) => basename(String(path))) : [];
}

async function namingFile(name: string, opening: Promise<BagReader>): Promise<BagReader> {
  return opening.catch((error: unknown) => {
    throw error instanceof BagUnreadable ? new BagUnreadable(`${name}: ${error.message}`) : error;
  });
}
