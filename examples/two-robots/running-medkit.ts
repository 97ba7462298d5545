import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const PROGRAM = join(import.meta.dirname, '../../packages/programs/cli/src/main.ts');
/** Characters of what a command prints that are kept, to be shown where it fails. */
const KEPT_LENGTH = 20_000;
/** A Ctrl-C ends everything at once: that a command ended is only told where nobody stopped the whole. */
const SLACK_MS = 500;

/** A `medkit` command that goes on until it is ended. */
export interface RunningMedkit extends AsyncDisposable {
  /** The address of its gateway, once that is there. Rejects where the command ends before, with what it printed. */
  readonly url: Promise<string>;
  /** Rejects when the command has ended. */
  readonly failed: Promise<never>;
}

/** Begins `medkit <words>`; `name` is what it goes by where it fails. */
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
  // Whoever waits for neither is not told.
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
