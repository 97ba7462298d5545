import type { ExitCode } from './exit-code.ts';

/** A command: its code is loaded only when it is asked for. */
export interface Command {
  /** One line for the list of commands. */
  readonly about: string;
  readonly load: () => Promise<CommandProgram>;
}

export interface CommandProgram {
  /** What `--help` prints. */
  help(): string | Promise<string>;
  /** Runs with the words after the command. Throws `CommandFailed`. */
  run(words: readonly string[]): Promise<ExitCode>;
}
