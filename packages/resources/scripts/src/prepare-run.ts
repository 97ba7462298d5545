import { errorMessage, type JsonValue, type Log } from '@medkit/core';
import type { Clock, Programs, Random, WritableFiles } from '@medkit/edges';
import type { PreparedRun } from './executions/execution-registry.ts';
import { ScriptRun, type ScriptRunOptions } from './executions/script-run.ts';
import type { RunnableScript } from './library/runnable-scripts.ts';
import { digestOf } from './library/script-library.ts';
import { oneChunk } from './one-chunk.ts';
import { type PluginRunner, startJob } from './runner/plugin-runner.ts';
import type { Runner } from './runner/runner.ts';
import { FORMATS, interpretedText } from './script-format.ts';
import { scriptInput } from './script-input.ts';

export interface PrepareOptions {
  /** Parent of the working folders; each script has a separate one. */
  readonly runsFolder: string;
  readonly files: WritableFiles;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** `PATH` and `LANG` of scripts. */
  readonly environment: { readonly PATH: string; readonly LANG: string };
}

export interface RunRequest {
  readonly owner: string;
  readonly script: RunnableScript;
  readonly runner: Runner | PluginRunner;
  readonly parameters: JsonValue | undefined;
  readonly executionId: string;
  readonly clientId: string;
}

/** A verified script and all its inputs. */
interface CheckedScript extends Pick<RunRequest, 'owner' | 'script' | 'executionId'> {
  /** Unique, 32 of `0-9a-f`. */
  readonly id: string;
  readonly content: Uint8Array;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string | undefined;
}

/** Prepares a run: verified content and a clean environment. */
export async function prepareRun(options: PrepareOptions, wanted: RunRequest): Promise<PreparedRun> {
  const { owner, script, runner, parameters, executionId, clientId } = wanted;
  const { entry, args, env, timeoutSec } = script;
  const input = scriptInput(args, parameters);
  const content = await script.content();
  const reserved = { MEDKIT_ENTITY: owner, MEDKIT_SCRIPT_ID: entry.id, MEDKIT_EXECUTION_ID: executionId };
  const checked: CheckedScript = {
    ...{ owner, script, executionId, args: input.args, input: input.input },
    content: interpretedText(content, script.format),
    id: Buffer.from(options.random.bytes(16)).toString('hex'),
    environment: { ...env, ...input.environment, ...reserved },
  };
  const { start, cleanUp } =
    'runner' in runner ? onPlugin(options, checked, runner) : await onMachine(options, checked, runner);
  const run = new ScriptRun({ start, clock: options.clock, timeoutSec });
  return { run, digest: digestOf(content), runner: runner.name, clientId, cleanUp };
}

type Place = Pick<ScriptRunOptions, 'start'> & Pick<PreparedRun, 'cleanUp'>;

/** Prepares a run on this machine, from a copy of the verified content in a separate folder. */
async function onMachine(options: PrepareOptions, checked: CheckedScript, runner: Runner): Promise<Place> {
  const { files, programs, log } = options;
  const { id, script, content, args, environment, input } = checked;
  const { entry, format } = script;
  const folder = `${options.runsFolder}/${id}`;
  const cleanUp = () =>
    files.remove(folder).catch((error: unknown) => log('warn', `${folder} cannot be removed: ${errorMessage(error)}`));
  try {
    const name = `${entry.id}.${FORMATS[format].extension}`;
    const file = `${folder}/${name}`;
    await files.write(file, oneChunk(content));
    const inputFile = input === undefined ? undefined : `${folder}/parameters.json`;
    if (inputFile) await files.write(inputFile, oneChunk(Buffer.from(input ?? '')));
    const { home, ...program } = await runner.program({ name, format, args, file, folder });
    const start = {
      ...program,
      environment: { ...options.environment, ...environment, HOME: home },
      ...(inputFile && { inputFile }),
    };
    return { start: (onOutput) => programs.start({ ...start, onOutput }), cleanUp };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** Prepares a run by a plugin; nothing is written to this disk. */
function onPlugin(options: PrepareOptions, checked: CheckedScript, { runner }: PluginRunner): Place {
  const { id, owner, script, executionId, content, args, environment, input } = checked;
  const { entry, format, timeoutSec } = script;
  const job = {
    ...{ id, owner, scriptId: entry.id, executionId, format, content, args, environment, timeoutSec },
    ...(input !== undefined && { input }),
  };
  return { start: (onOutput) => startJob(job, { ...options, runner }, onOutput), cleanUp: async () => undefined };
}
