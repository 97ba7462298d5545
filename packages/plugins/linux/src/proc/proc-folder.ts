import type { Files } from '@medkit/edges';
import { type ProcessStat, parseStat } from './parse-stat.ts';
import { ProcReadFailed } from './proc-read-failed.ts';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessRef {
  readonly id: number;
  readonly startTicks: number;
}

/** What is read of a file system that has a `/proc`. */
export type ProcFiles = Pick<Files, 'readText' | 'list' | 'stateOf' | 'readLink'>;

export interface ProcFolderOptions {
  /** What `/proc` and `/sys` are below: `/`, or where those of the host are mounted in a container. */
  readonly root: string;
  readonly files: ProcFiles;
}

/** `/proc` as far as it is used. Where a process may not be looked into, or has ended meanwhile, things are `undefined`. */
export interface ProcFolder {
  /** The ids of all processes, in ascending order; none where there is no `/proc`. */
  processIds(): Promise<readonly number[]>;
  /** Throws `ProcReadFailed`. */
  stat(id: number): Promise<ProcessStat>;
  /** A file of a process: `status`, `io`, … */
  text(id: number, name: 'cgroup' | 'cmdline' | 'io' | 'limits' | 'status'): Promise<string | undefined>;
  /** Path of its program. */
  program(id: number): Promise<string | undefined>;
  openFiles(id: number): Promise<number | undefined>;
  /** A file of the machine, by its path below the root. */
  machineText(path: `/${string}`): Promise<string | undefined>;
}

/** `/proc` below a folder. */
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
      if (text === undefined) throw new ProcReadFailed(`${path} not found: the process is gone`);
      return parseStat(text, path);
    },
    text: (id, name) => unlessClosed(files.readText(of(id, name))),
    program: (id) => unlessClosed(files.readLink(of(id, 'exe'))),
    openFiles: (id) =>
      unlessClosed(
        (async () => {
          const path = of(id, 'fd');
          // Since Linux 6.2 the size of the folder is how many there are, which spares reading thousands of names.
          const state = await files.stateOf(path);
          return state && (state.bytes || (await files.list(path)).length);
        })(),
      ),
    machineText: (path) => unlessClosed(files.readText(below + path)),
  };
}

/** What is asked for, `undefined` where the kernel lets nobody see it or it is gone. */
async function unlessClosed<T>(asked: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error) || isDenied(error)) return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A process that ends while it is read: its files are there, and say that it is not. */
const isGone = (error: unknown): boolean => codeOf(error) === 'ESRCH';

const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error) ?? '');
