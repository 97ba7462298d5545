import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const PROGRAM = join(import.meta.dirname, '../../packages/programs/cli/src/main.ts');
/** Characters of a command's output that are stored, to be printed if it fails. */
const MAX_OUTPUT_LENGTH = 20_000;
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
export function startMedkit(name: string, args: readonly string[]): RunningMedkit {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ready = Promise.withResolvers<string>();
  const collect = (chunk: Buffer): void => {
    printed = `${printed}${chunk}`.slice(-MAX_OUTPUT_LENGTH);
    const [, url] = /Page +(http:\/\/[\d.:]+)/.exec(printed) ?? [];
    if (url !== undefined) ready.resolve(url);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = ended.then(async (): Promise<never> => {
    await delay(SLACK_MS);
    throw new Error(`${name} has ended:\n${printed}`);
  });
  // Avoids an unhandled rejection if the caller waits for neither.
  failed.catch(() => undefined);
  return {
    url: Promise.race([ready.promise, failed]),
    failed,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}
