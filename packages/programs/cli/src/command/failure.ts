import { ExitCode } from './exit-code.ts';

/** A command cannot go on. Its lines are for the person who typed it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;

  constructor(text: string, exitCode: ExitCode = ExitCode.failed) {
    super(text);
    this.exitCode = exitCode;
  }
}

/** What to tell a person about refusals of the system that they can do something about. */
const SYSTEM_ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied for this user',
  EPERM: 'permission denied for this user',
  EMFILE: 'too many open files; raise the limit with `ulimit -n`',
  EADDRNOTAVAIL: 'this machine does not have this address',
  ENOSPC: 'the disk is full',
};

/** One clear line for whatever went wrong, and the exit code that goes with it. */
export function describeFailure(error: unknown): { readonly text: string; readonly exitCode: ExitCode } {
  if (error instanceof CommandFailed) return { text: error.message, exitCode: error.exitCode };
  const { message, code } = error as NodeJS.ErrnoException;
  const advice = code === undefined ? undefined : SYSTEM_ADVICE[code];
  return { text: advice === undefined ? message : `${advice} (${message})`, exitCode: ExitCode.failed };
}
