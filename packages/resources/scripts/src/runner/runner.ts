import type { ScriptFormat } from '@medkit/core';
import type { ProgramStart } from '@medkit/edges';

/** A script to run. */
export interface ScriptCommand {
  /** Id of the script. */
  readonly name: string;
  readonly format: ScriptFormat;
  readonly args: readonly string[];
  /** Its verified content, in a private folder. */
  readonly file: string;
  /** Its writable working folder: empty at the start, removed afterwards. */
  readonly folder: string;
}

/** A way to run scripts. */
export interface Runner {
  readonly name: 'plain' | 'bubblewrap';
  /** The required program. */
  readonly executable: string;
  /** What to install if the program is missing. */
  readonly missing: string;
  /**
   * Returns the program to start, without its environment and input. `home` is the working folder as the script sees
   * it.
   */
  program(command: ScriptCommand): Promise<RunnerProgram>;
}

export type RunnerProgram = Pick<ProgramStart, 'command' | 'folder' | 'files' | 'user'> & { readonly home: string };

/** Maximum bytes of a file that a script writes. */
export const MAX_WRITTEN_FILE_BYTES = 256 * 1024 * 1024;
