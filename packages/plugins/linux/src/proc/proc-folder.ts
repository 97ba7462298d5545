import type { Files } from '@medkit/edges';
import { type ProcessStat, parseStat } from './parse-stat.ts';
import { ProcReadFailed } from './proc-read-failed.ts';

/** Identifies a process uniquely, even if its id is reused later. */
export interface ProcessRef {
  readonly id: number;
  readonly startTicks: number;
}

/** File access to `/proc`. */
export type ProcFiles = Pick<Files, 'readText' | 'list' | 'stateOf' | 'readLink'>;

export interface ProcFolderOptions {
  /** Parent folder of `/proc` and `/sys`: `/`, or the mount point of the host's in a container. */
  readonly root: string;
  readonly files: ProcFiles;
}

/** The used parts of `/proc`. Results are `undefined` if access to a process is denied or it has ended. */
export interface ProcFolder {
  /** Returns the ids of all processes in ascending order; empty if there is no `/proc`. */
  processIds(): Promise<readonly number[]>;
  /** Throws `ProcReadFailed`. */
  stat(id: number): Promise<ProcessStat>;
  /** Returns a file of a process: `status`, `io`, … */
  text(id: number, name: 'cgroup' | 'cmdline' | 'io' | 'limits' | 'status'): Promise<string | undefined>;
  /** Returns the path of the program. */
  program(id: number): Promise<string | undefined>;
  openFiles(id: number): Promise<number | undefined>;
  /** Returns a file of the machine, by its path below the root. */
  machineText(path: `/${string}`): Promise<string | undefined>;
}

/** Opens `/proc` below a folder. */
export function procFolder({ root, files }: ProcFolderOptions): ProcFolder {
  const below = root.replace(/\/+$/, '');
  const of = (id: number, name: string) => `${below}/proc/${id}/${name}`;
  return {
    processIds: async () => {
      const entries = await files.list(`${below}/proc`);
      const ids = entries.filter(({ name }) => /^[1-9]\d*$/.test(name)).map(({ name }) => Number(name));
      return ids.sort((a, b) => a - b);
    },
    stat: async (id) => {
      const path = of(id, 'stat');
      const text = await files.readText(path).catch((error: Error) => {
        if (isGone(error)) return undefined;
        throw new ProcReadFailed(`Cannot read ${path}: ${error.message}`);
      });
      if (text === undefined) throw new ProcReadFailed(`${path} not found: the process has ended`);
      return parseStat(text, path);
    },
    text: (id, name) => unlessClosed(files.readText(of(id, name))),
    program: (id) => unlessClosed(files.readLink(of(id, 'exe'))),
    openFiles: (id) =>
      unlessClosed(
        (async () => {
          const path = of(id, 'fd');
          // Since Linux 6.2 the size of the folder is the number of files, which avoids listing thousands of names.
          const state = await files.stateOf(path);
          return state && (state.bytes || (await files.list(path)).length);
        })(),
      ),
    machineText: (path) => unlessClosed(files.readText(below + path)),
  };
}

/** Returns the result; `undefined` if access is denied or the process has ended. */
async function unlessClosed<T>(reading: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isGone(error) || isDenied(error)) return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A process that ends while it is read: its files still exist but return this error. */
const isGone = (error: unknown): boolean => codeOf(error) === 'ESRCH';

const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error) ?? '');
