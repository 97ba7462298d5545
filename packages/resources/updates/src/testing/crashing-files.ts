import type { InstallerOptions } from '../installer.ts';

type InstallFiles = InstallerOptions['files'];

/** Functions that change the disk. */
const CHANGES = [
  'append',
  'write',
  'writeContent',
  'replaceText',
  'makeFolder',
  'syncFolder',
  'move',
  'remove',
  'pointLink',
] as const satisfies readonly (keyof InstallFiles)[];

/** When a process ends: during a change, or when it is on disk and before the next one. */
export const CUTS = ['during', 'after'] as const;
export type Cut = (typeof CUTS)[number];

export interface CutOff {
  readonly files: InstallFiles;
  /** Starts counting changes. */
  arm(): void;
  /** Ends the process immediately. */
  die(): void;
  /** Resolves when no change is running any more. */
  settled(): Promise<void>;
  /** Returns whether this many changes were made. */
  reached(): boolean;
}

/** Creates files with which a process ends at the `at`th change: calls `end`, and lets no call settle afterwards. */
export function cutOff(files: InstallFiles, at: number, cut: Cut, end: () => void): CutOff {
  let changes = Number.NaN;
  let isOver = false;
  const never = new Promise<never>(() => undefined);
  const underWay = new Set<Promise<unknown>>();
  const begin = (change: () => Promise<unknown>): Promise<unknown> => {
    const begun = change();
    underWay.add(begun);
    const over = () => underWay.delete(begun);
    begun.then(over, over);
    return begun;
  };
  const changed = async (change: () => Promise<unknown>): Promise<unknown> => {
    changes++;
    if (isOver || changes > at) return never;
    if (changes !== at) return begin(change);
    const begun = begin(change);
    if (cut === 'after') await begun;
    end();
    return never;
  };
  const methods = CHANGES.map((name) => [
    name,
    (...args: readonly unknown[]) =>
      changed(() => (files[name] as (...of: readonly unknown[]) => Promise<unknown>)(...args)),
  ]);
  return {
    files: { ...files, ...Object.fromEntries(methods) },
    arm: () => {
      changes = 0;
    },
    die: () => {
      isOver = true;
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    reached: () => changes >= at,
  };
}

/** Creates files with which a process runs until `die` is called. */
export function mortalFiles(files: InstallFiles): Pick<CutOff, 'files' | 'die'> {
  return cutOff(files, Number.POSITIVE_INFINITY, 'after', () => undefined);
}
