import type { WordKind } from './word-kind.ts';

/** A command: its code is loaded only when it is asked for. */
export interface Command {
  /** One line that starts with a verb, for the list of commands and for completion. */
  readonly about: string;
  /** What its words are, one after the other, for completion; without it none are taken beside the names of commands. */
  readonly takes?: readonly WordKind[];
  /** Works for others than who reads its output, and goes on without them. */
  readonly serves?: true;
  readonly load: () => Promise<CommandProgram>;
}

/** Commands by name, such as `faults show`. */
export type Commands = Readonly<Record<string, Command>>;

/** Commands for one kind of task, under one heading of `medkit --help`. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: Commands;
}

export interface CommandProgram {
  /** What `--help` prints. */
  help(): string | Promise<string>;
  /** Runs with the words after the command, and gives the code to end with: an `ExitCode`, or that of a script. Throws `CommandFailed`. */
  run(words: readonly string[]): Promise<number>;
}
