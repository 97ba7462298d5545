import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const root = join(import.meta.dirname, '..', '..');

/** A medkit process under test: its output, and ways to end it. */
export interface Program {
  readonly pid: number;
  /** Standard output and error so far. */
  output(): string;
  /**
   * Resolves with the first match in the output. Rejects if the process ends earlier, or is killed after `timeoutMs`
   * without a match.
   */
  printed(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /**
   * Sends a signal and waits for the exit; kills the process after ten seconds. Returns the exit code or the signal's
   * name.
   */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Script to run; the `medkit` command of this repository if absent. */
  readonly script?: string;
  /** The words before those of the command, instead of Node and the script. */
  readonly command?: readonly string[];
  /** The words before all others, for example to run it in a network namespace. */
  readonly prefix?: readonly string[];
}

/**
 * Maximum time until a program prints a line: a gateway with plugins needs 20 s on a machine with a load of 15 for two
 * cores.
 */
const START_MS = 60_000;

/** Starts `medkit <args>` from source. Its data is in a separate folder that is deleted at the end. */
export function startProgram(
  args: readonly string[],
  { env, cwd, script, command, prefix = [] }: ProgramOptions = {},
): Program {
  const file = script ?? join(root, 'packages', 'programs', 'cli', 'src', 'main.ts');
  const [program = '', ...first] = [...prefix, ...(command ?? [process.execPath, file])];
  const dataFolder = mkdtempSync(join(tmpdir(), 'medkit-data-'));
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(program, [...first, ...args], {
    cwd: cwd ?? root,
    env: {
      ...process.env,
      NODE_NO_WARNINGS: '1',
      NODE_TEST_CONTEXT: undefined,
      // Intended for the tests; a gateway would warn about it.
      MEDKIT_SYSTEM_PACKAGES: undefined,
      XDG_DATA_HOME: dataFolder,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const watchers = new Set<() => void>();
  const onOutput = (chunk: Buffer) => {
    output += chunk;
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', onOutput);
  child.stderr.on('data', onOutput);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => {
      rmSync(dataFolder, { recursive: true, force: true });
      resolve(signal ?? code ?? -1);
    });
  });

  return {
    pid: child.pid ?? -1,
    output: () => output,
    ended,
    printed: (pattern, timeoutMs = START_MS) =>
      new Promise((resolve, reject) => {
        const fail = (reason: string) => {
          stop();
          reject(new Error(`${reason} before it printed ${pattern}:\n${output}`));
        };
        const look = () => {
          const match = pattern.exec(output);
          if (!match) return;
          stop();
          resolve(match);
        };
        const timer = setTimeout(() => {
          fail(`${timeoutMs} ms passed`);
          // The caller that waits for the start has no handle to end it, so it is killed after the timeout.
          child.kill('SIGKILL');
        }, timeoutMs);
        const stop = () => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        watchers.add(look);
        ended.then((code) => fail(`the process ended (${code})`));
        look();
      }),
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      const result = await ended;
      clearTimeout(timer);
      return result;
    },
  };
}
