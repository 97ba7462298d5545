import type { Programs, Signals } from '@medkit/edges';
import { systemFiles, systemPrograms, systemSignals } from '@medkit/edges/node';

import type { ProcFiles } from './proc/proc-folder.ts';

/** All access of the plugin to the machine. */
export interface Machine {
  readonly files: ProcFiles;
  readonly programs: Pick<Programs, 'run'>;
  readonly signals: Signals;
  /** Ids of the plugin's process and its parent: if the plugin is isolated, the parent is the gateway. */
  readonly gatewayProcessIds: readonly number[];
}

/** The machine that medkit runs on. */
export const thisMachine: Machine = {
  files: systemFiles,
  programs: systemPrograms,
  signals: systemSignals,
  gatewayProcessIds: [process.pid, process.ppid],
};
