import type { Programs, Signals } from '@medkit/edges';
import { systemFiles, systemPrograms, systemSignals } from '@medkit/edges/node';

import type { ProcFiles } from './proc/proc-folder.ts';

/** All of the machine that the plugin touches. */
export interface Machine {
  readonly files: ProcFiles;
  readonly programs: Pick<Programs, 'run'>;
  readonly signals: Signals;
  /** Of the process that the plugin runs in and of the one that started it: where it is isolated, the gateway. */
  readonly ownProcessIds: readonly number[];
}

/** The machine that medkit runs on. */
export const thisMachine: Machine = {
  files: systemFiles,
  programs: systemPrograms,
  signals: systemSignals,
  ownProcessIds: [process.pid, process.ppid],
};
