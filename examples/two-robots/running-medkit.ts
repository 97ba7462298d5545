import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const PROGRAM = join(import.meta.dirname, '../../packages/programs/cli/src/main.ts');
/** Characters of a command's output that are stored, to be printed if it fails. */
const KEPT_LENGTH = 20_000;
/** Delay before an exit is reported as an error: after Ctrl-C, which ends all processes, this process exits first. */
const SLACK_MS = 500;

/** A `medkit` command that runs until it is stopped. */
export interface RunningMedkit extends AsyncDisposable {
  /** The address of its gateway, once it is available. Rejects with the output if the command ends earlier. */
  readonly url: Promise<string>;
  /** Rejects when the command has ended. */
  readonly failed: Promise<never>;
}

/** Starts `medkit <words>`; `name` identifies it in error messages. */
export function startMedkit(name: string, words: readonly string[]): RunningMedkit {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const there = Promise.withResolvers<string>();
  const hear = (chunk: Buffer): void => {
    printed = `${printed}${chunk}`.slice(-KEPT_LENGTH);
    const [, url] = /Page +(http:\/\/[\d.:]+)/.exec(printed) ?? [];
    if (url !== undefined) there.resolve(url);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = ended.then(async (): Promise<never> => {
    await delay(SLACK_MS);
    throw new Error(`${name} has ended:\n${printed}`);
  });
  // Avoids an unhandled rejection if the caller waits for neither.
  failed.catch(() => undefined);
  return {
    url: Promise.race([there.promise, failed]),
    failed,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}
