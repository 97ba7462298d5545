import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';
import { printError } from './print-error.ts';

/** Maximum time for an orderly shutdown. */
const END_TIMEOUT_MS = 10_000;

/**
 * Rejects on an uncaught exception or unhandled rejection, after printing its stack. The state of the process is then unknown, so
 * it must shut down in order: acknowledged data is on disk, and the supervisor restarts the process. If the shutdown hangs, the
 * process exits. A closed standard output or error (EPIPE) is ignored.
 */
export function untilUncaught(): Promise<never> {
  const uncaught = new Promise<never>((_resolve, reject) => {
    process.on('uncaughtException', (error: unknown, origin) => {
      const what = origin === 'unhandledRejection' ? 'unhandled promise rejection' : 'uncaught exception';
      printError(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      setTimeout(() => process.exit(ExitCode.failed), END_TIMEOUT_MS).unref();
      reject(new CommandFailed(`stopped after an ${what}: this is a defect of medkit or of a plugin`));
    });
  });
  for (const stream of [process.stdout, process.stderr]) {
    // The reader has closed the stream. Reporting the error would write to the same stream and fail again, endlessly.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  // It may reject before a caller awaits it.
  uncaught.catch(() => undefined);
  return uncaught;
}
