import { ExitCode } from './exit-code.ts';

/** Ends a command. The message is printed to the user. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: ExitCode;

  constructor(text: string, exitCode: ExitCode = ExitCode.failed) {
    super(text);
    this.exitCode = exitCode;
  }
}

/** Advice for system errors that the user can fix. */
const SYSTEM_ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied for this user',
  EPERM: 'permission denied for this user',
  EMFILE: 'too many open files; raise the limit with `ulimit -n`',
  EADDRNOTAVAIL: 'this machine does not have this address',
  ENOSPC: 'the disk is full',
};

/** Returns the message and the exit code for an error. */
export function describeFailure(error: unknown): { readonly text: string; readonly exitCode: ExitCode } {
  if (error instanceof CommandFailed) return { text: error.message, exitCode: error.exitCode };
  const { message, code } = error as NodeJS.ErrnoException;
  const advice = code === undefined ? undefined : SYSTEM_ADVICE[code];
  return { text: advice === undefined ? message : `${advice} (${message})`, exitCode: ExitCode.failed };
}
