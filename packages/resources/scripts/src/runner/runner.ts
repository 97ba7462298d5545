import type { ScriptFormat } from '@medkit/core';
import type { ProgramStart } from '@medkit/edges';

/** A script that is to run. */
export interface ScriptCommand {
  /** Id of the script. */
  readonly name: string;
  readonly format: ScriptFormat;
  readonly args: readonly string[];
  /** Its content, checked, in a folder that nobody else has. */
  readonly file: string;
  /** Where it may write: a fresh folder, removed afterwards. */
  readonly folder: string;
}

/** How scripts are run: what is started for one, and what that promises. */
export interface Runner {
  readonly name: 'plain' | 'bubblewrap';
  /** The program that it needs. */
  readonly executable: string;
  /** What is to be done where the machine does not have what it takes. */
  readonly missing: string;
  /** The program to start, besides its environment and what it reads. `home` is the script's working folder as it sees it. */
  program(command: ScriptCommand): Promise<RunnerProgram>;
}

export type RunnerProgram = Pick<ProgramStart, 'command' | 'folder' | 'files' | 'user'> & { readonly home: string };

/** Octets of a file that a script writes. */
export const MAX_WRITTEN_FILE_BYTES = 256 * 1024 * 1024;
