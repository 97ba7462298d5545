import { errorMessage, type Log } from '@medkit/core';
import { type Clock, type Programs, within } from '@medkit/edges';
import { plainRunner } from './plain-runner.ts';
import type { PluginRunner } from './plugin-runner.ts';
import type { Runner, RunnerProgram } from './runner.ts';

/** Values of `scripts.runner` besides the names of plugins. */
export const RUNNERS = ['auto', 'plain', 'bubblewrap'] as const;

export interface RunnerChoiceOptions {
  /** One of `RUNNERS`, or the name of a plugin that then runs all scripts. */
  readonly wanted: string;
  readonly plugins: readonly PluginRunner[];
  readonly confined: readonly Runner[];
  readonly programs: Programs;
  readonly clock: Clock;
  readonly log: Log;
  readonly path: string;
  /** Cancels the probes. */
  readonly signal: AbortSignal;
}

/** The default runner, or the reason why there is none; `expected` if the settings intend that. */
export type ChosenRunner =
  | { readonly runner: Runner; readonly reason?: string }
  | { readonly refusal: string; readonly expected?: true };

/** Timeout of an empty script in the sandbox. */
const PROBE_MS = 5000;

/**
 * Probes which sandbox works on this machine: a kernel or a container may forbid it. If none works, `auto` runs scripts
 * unconfined.
 */
export async function chooseRunner(options: RunnerChoiceOptions): Promise<ChosenRunner> {
  const { wanted, plugins, confined, signal, log } = options;
  if (plugins.some(({ name }) => name === wanted)) {
    return { refusal: `scripts.runner is ${wanted}, which does not run scripts of this entity`, expected: true };
  }
  if (!RUNNERS.some((word) => word === wanted)) {
    const refusal = `scripts.runner is ${wanted}, but no plugin with this name runs scripts: use one of ${RUNNERS.join(', ')}, or the name of such a plugin`;
    log('error', `Scripts cannot run: ${refusal}`);
    return { refusal };
  }
  if (wanted === 'plain') return { runner: plainRunner };
  const problems: string[] = [];
  for (const runner of confined.filter(({ name }) => wanted === 'auto' || wanted === name)) {
    const problem = await problemOf(runner, options);
    if (problem === undefined) return { runner };
    // A probe that was killed by the shutdown says nothing about the machine.
    if (signal.aborted) return { refusal: 'the gateway is shutting down' };
    problems.push(`${runner.name} cannot be used: ${problem}`);
  }
  const reason = problems.join('; ');
  if (wanted !== 'auto') {
    log('error', `Scripts cannot run: scripts.runner is ${wanted}, but ${reason}`);
    return { refusal: `scripts.runner is ${wanted}, but ${reason}` };
  }
  log('info', `Scripts run unconfined: ${reason}`);
  return { runner: plainRunner, reason };
}

/** Returns why a runner cannot be used here; `undefined` if it can. */
async function problemOf(runner: Runner, options: RunnerChoiceOptions): Promise<string | undefined> {
  const { programs, clock, path, signal } = options;
  let said = '';
  try {
    // Runs an empty script.
    const probe = await runner.program({ name: 'probe', format: 'sh', args: [], file: '/dev/null', folder: '/' });
    const program = await programs.start({
      ...probe,
      environment: { PATH: path },
      onOutput: (_stream, octets) => {
        said = (said + Buffer.from(octets).toString()).slice(0, MAX_REASON_LENGTH);
      },
    });
    const kill = () => program.signal('SIGKILL');
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    program.begin();
    const exit = await within(clock, PROBE_MS, program.ended, () => undefined);
    if (exit && 'code' in exit && exit.code === 0) return undefined;
    kill();
    if (!exit) return `it did not answer within ${PROBE_MS} ms`;
    // A shell exits with this code if it does not find the program, though its message may be about permissions.
    if ('code' in exit && exit.code === NOT_FOUND) return runner.missing;
    // If a folder of PATH is not readable, a shell reports the same for a program that does not exist.
    if ('code' in exit && exit.code === NOT_EXECUTABLE && !(await isFound(runner, probe, options)))
      return runner.missing;
    return said.trim().split('\n')[0] || ('code' in exit ? `exit code ${exit.code}` : exit.signal);
  } catch (error) {
    return errorMessage(error);
  }
}

/** Returns whether the program of a runner is in PATH, from the view of the user who would run it. */
async function isFound(
  { executable }: Runner,
  { user }: RunnerProgram,
  { programs, clock, path }: RunnerChoiceOptions,
): Promise<boolean> {
  const program = await programs.start({
    command: ['sh', '-c', 'command -v "$1"', 'sh', executable],
    folder: '/',
    environment: { PATH: path },
    ...(user && { user }),
    onOutput: () => undefined,
  });
  program.begin();
  const exit = await within(clock, PROBE_MS, program.ended, () => undefined);
  if (!exit) program.signal('SIGKILL');
  return exit !== undefined && 'code' in exit && exit.code === 0;
}

const MAX_REASON_LENGTH = 300;
/** POSIX, Shell Command Language, 2.8.2. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
