import { complain } from './complain.ts';
import { ExitCode } from './exit-code.ts';
import { CommandFailed } from './failure.ts';

/** By then an orderly end is over, or comes to nothing. */
const END_TIMEOUT_MS = 10_000;

/**
 * Rejects when an error is thrown that nobody catches, or a promise rejects that nobody waits for, once it is told with its
 * stack. What it left undone nobody knows, so the process is to end, in order: what was acknowledged is on disk, and who
 * supervises the process starts it anew. It ends at once where it does not get to that. That nobody reads any more what the
 * process says is no such error: it goes on.
 */
export function untilUncaught(): Promise<never> {
  const uncaught = new Promise<never>((_resolve, reject) => {
    process.on('uncaughtException', (error: unknown, origin) => {
      const what = origin === 'unhandledRejection' ? 'unhandled promise rejection' : 'uncaught exception';
      complain(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      setTimeout(() => process.exit(ExitCode.failed), END_TIMEOUT_MS).unref();
      reject(new CommandFailed(`stopped after an ${what}: this is a defect of medkit or of a plugin`));
    });
  });
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever read it has gone, which is no fault. Told as one, it would be told to nobody again, and again without end.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  // It may come before anybody waits for it.
  uncaught.catch(() => undefined);
  return uncaught;
}
