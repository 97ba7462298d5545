import type { ArgumentKind } from './argument-kind.ts';

/** A command whose code is loaded only when it runs. */
export interface Command {
  /** One line that starts with a verb, for the list of commands and for completion. */
  readonly about: string;
  /** Kinds of its arguments in order, for completion. Absent for a command without completed arguments. */
  readonly takes?: readonly ArgumentKind[];
  /** True for a command that serves other clients and continues when its output is closed. */
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
  /** Runs with the words after the command. Resolves with the exit code: an `ExitCode`, or that of a script. Throws `CommandFailed`. */
  run(args: readonly string[]): Promise<number>;
}
