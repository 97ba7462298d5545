import { type JsonValue, type Log, reasonOf } from '@medkit/core';
import type { Clock, Programs, Random, StoredFiles } from '@medkit/edges';
import type { PreparedRun } from './executions/execution-book.ts';
import { ScriptRun } from './executions/script-run.ts';
import { givenParameters } from './given-parameters.ts';
import type { RunnableScript } from './library/runnable-scripts.ts';
import { digestOf } from './library/script-library.ts';
import { oneChunk } from './one-chunk.ts';
import type { Runner } from './runner/runner.ts';
import { FORMATS } from './script-format.ts';

export interface PrepareOptions {
  /** Where scripts work: each in a folder of its own below it. */
  readonly runsFolder: string;
  readonly files: StoredFiles;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** `PATH` and `LANG` of scripts. */
  readonly environment: { readonly PATH: string; readonly LANG: string };
}

export interface WantedRun {
  readonly owner: string;
  readonly script: RunnableScript;
  readonly runner: Runner;
  readonly parameters: JsonValue | undefined;
  readonly executionId: string;
  readonly clientId: string;
}

/** Makes a script ready to be run: a copy of what was checked, in a folder that is its own, and an environment that is clean. */
export async function prepareRun(options: PrepareOptions, wanted: WantedRun): Promise<PreparedRun> {
  const { files, random, log } = options;
  const { owner, script, runner, parameters, executionId, clientId } = wanted;
  const { entry, format, args, env, timeoutSec } = script;
  const given = givenParameters(args, parameters);
  const content = await script.content();
  const folder = `${options.runsFolder}/${Buffer.from(random.bytes(16)).toString('hex')}`;
  const cleanUp = () =>
    files.remove(folder).catch((error: unknown) => log('warn', `${folder} cannot be removed: ${reasonOf(error)}`));
  try {
    const name = `${entry.id}.${FORMATS[format].extension}`;
    const file = `${folder}/${name}`;
    await files.write(file, oneChunk(content));
    const inputFile = given.input === undefined ? undefined : `${folder}/parameters.json`;
    if (inputFile) await files.write(inputFile, oneChunk(Buffer.from(given.input ?? '')));
    const { home, ...program } = await runner.program({ name, format, args: given.args, file, folder });
    const environment = {
      ...options.environment,
      ...env,
      ...given.environment,
      HOME: home,
      MEDKIT_ENTITY: owner,
      MEDKIT_SCRIPT_ID: entry.id,
      MEDKIT_EXECUTION_ID: executionId,
    };
    const start = { ...program, environment, ...(inputFile && { inputFile }) };
    const run = new ScriptRun({ program: start, programs: options.programs, clock: options.clock, timeoutSec });
    return { run, digest: digestOf(content), runner: runner.name, clientId, cleanUp };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}
