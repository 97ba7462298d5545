import { basename, extname, join } from 'node:path';
import type { FileSource } from '@medkit/core';
import type { FileState, Files } from '@medkit/edges';

/** What is in a recording's files. Nothing else is ever served: a path may come from a fault manager of the robot. */
const EXTENSIONS = ['.db3', '.mcap'];

const isPlayable = (name: string): boolean => EXTENSIONS.includes(extname(name));

/**
 * The files of a recording in the order in which they were written; none where it is gone.
 *
 * @param path its folder, or its only file. Rejects with what the system says where it cannot be looked into
 */
export async function recordingFiles(path: string, disk: Files): Promise<readonly FileSource[]> {
  const found = path === '' ? undefined : await disk.stateOf(path);
  if (found === undefined) return [];
  if (!found.isFolder) return isPlayable(path) ? [fileAt(path, found, disk)] : [];
  const names = (await disk.list(path)).filter(({ name, isDirectory }) => !isDirectory && isPlayable(name));
  const files = await Promise.all(
    names.map(async ({ name }): Promise<FileSource | undefined> => {
      const file = join(path, name);
      const state = await disk.stateOf(file);
      return state && fileAt(file, state, disk);
    }),
  );
  return files.filter((file) => file !== undefined).sort((a, b) => partOf(a.name) - partOf(b.name));
}

function fileAt(path: string, { bytes, modifiedMs }: FileState, disk: Files): FileSource {
  return {
    name: basename(path),
    size: bytes,
    // A recording never changes once it has its name: when it was written tells it from another of that name.
    tag: `${bytes}-${Math.round(modifiedMs)}`,
    read: (range) => disk.read(path, range),
  };
}

/** The place of a file in its recording: rosbag2 counts from 0. */
const partOf = (name: string): number => Number(/_(\d+)\.\w+$/.exec(name)?.[1] ?? 0);
