import type { FileStates, Files, Links, Programs, Signals } from '@medkit/edges';
import { systemFileStates, systemFiles, systemLinks, systemPrograms, systemSignals } from '@medkit/edges/node';

/** All of the machine that the plugin touches. */
export interface Machine {
  readonly files: Files;
  readonly fileStates: FileStates;
  readonly links: Links;
  readonly programs: Pick<Programs, 'run'>;
  readonly signals: Signals;
  /** Of the process that the plugin runs in and of the one that started it: where it is isolated, the gateway. */
  readonly ownProcessIds: readonly number[];
}

/** The machine that medkit runs on. */
export const thisMachine: Machine = {
  files: systemFiles,
  fileStates: systemFileStates,
  links: systemLinks,
  programs: systemPrograms,
  signals: systemSignals,
  ownProcessIds: [process.pid, process.ppid],
};
