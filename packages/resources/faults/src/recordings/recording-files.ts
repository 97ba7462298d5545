import { basename, extname, join } from 'node:path';
import type { FileSource } from '@medkit/core';
import type { FileState, Files } from '@medkit/edges';

/**
 * Extensions of recording files. No other file is served, because a path may come from a fault manager of the robot.
 */
const EXTENSIONS = ['.db3', '.mcap'];

const isPlayable = (name: string): boolean => EXTENSIONS.includes(extname(name));

/**
 * Returns the files of a recording in the order of writing; empty if it no longer exists. Rejects with the system error
 * if the path cannot be read.
 * @param path its folder, or its only file
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
    // A finished recording never changes; the time of writing distinguishes it from another with the same name.
    tag: `${bytes}-${Math.round(modifiedMs)}`,
    read: (range) => disk.read(path, range),
  };
}

/** Returns the number of a file in its recording; rosbag2 counts from 0. */
const partOf = (name: string): number => Number(/_(\d+)\.\w+$/.exec(name)?.[1] ?? 0);
