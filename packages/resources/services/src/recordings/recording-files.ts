import { basename, extname, join } from 'node:path';
import type { FileState, Files } from '@medkit/edges';

/** A file of a recording that can be played by itself. */
export interface RecordingFile {
  /** As it is on disk: `fault_MOTOR_OVERHEAT_1770201012500_0.mcap`. */
  readonly name: string;
  readonly path: string;
  readonly octets: number;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedMs: number;
}

/** Where recordings are read. */
export type RecordingDisk = Files;

/** What is in a recording's files. Nothing else is ever served: a path may come from a fault manager of the robot. */
const EXTENSIONS = ['.db3', '.mcap'];

const isPlayable = (name: string): boolean => EXTENSIONS.includes(extname(name));

/**
 * The files of a recording in the order in which they were written; none where it is gone.
 *
 * @param path its folder, or its only file. Rejects with what the system says where it cannot be looked into
 */
export async function recordingFiles(path: string, disk: RecordingDisk): Promise<readonly RecordingFile[]> {
  const found = path === '' ? undefined : await disk.stateOf(path);
  if (found === undefined) return [];
  if (!found.isFolder) return isPlayable(path) ? [fileAt(path, found)] : [];
  const names = (await disk.list(path)).filter(({ name, isDirectory }) => !isDirectory && isPlayable(name));
  const files = await Promise.all(
    names.map(async ({ name }): Promise<RecordingFile | undefined> => {
      const file = join(path, name);
      const state = await disk.stateOf(file);
      return state && fileAt(file, state);
    }),
  );
  return files.filter((file) => file !== undefined).sort((a, b) => partOf(a.name) - partOf(b.name));
}

function fileAt(path: string, { bytes, modifiedMs }: FileState): RecordingFile {
  return { name: basename(path), path, octets: bytes, modifiedMs };
}

/** The place of a file in its recording: rosbag2 counts from 0. */
const partOf = (name: string): number => Number(/_(\d+)\.\w+$/.exec(name)?.[1] ?? 0);

/** The recording that a file is a part of, by the file's name; `undefined` for a name that no such file has. */
export const recordingOfFile = (name: string): string | undefined => /^(.+)_\d+\.(?:db3|mcap)$/.exec(name)?.[1];
