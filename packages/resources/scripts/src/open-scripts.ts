import { SovdError } from '@medkit/contract';
import {
  errorMessage,
  type JsonValue,
  type Log,
  type ManagedScript,
  ownerOf,
  quotaBlock,
  type RuntimeHealth,
  type ScriptEntry,
  type ScriptProvider,
  type ScriptStart,
} from '@medkit/core';
import type { Clock, Files, Programs, Random, WritableFiles } from '@medkit/edges';
import { ExecutionRegistry } from './executions/execution-registry.ts';
import { ExecutionStorage, type ScriptDatabase } from './executions/execution-storage.ts';
import { RunnableScripts } from './library/runnable-scripts.ts';
import { ScriptLibrary } from './library/script-library.ts';
import { prepareRun } from './prepare-run.ts';
import { type ChosenRunner, chooseRunner, RUNNERS } from './runner/choose-runner.ts';
import type { PluginRunner } from './runner/plugin-runner.ts';
import type { Runner } from './runner/runner.ts';

export interface ScriptsOptions {
  /** Absolute path of the folder for uploads and for the working folders of scripts. Created when first needed. */
  readonly folder: string;
  readonly files: Files & WritableFiles;
  readonly programs: Programs;
  readonly database: ScriptDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Returns the scripts that the manifest declares now. */
  readonly managed: () => readonly ManagedScript[];
  readonly problemsOf: ParameterCheck;
  /** `PATH` and `LANG` of scripts. */
  readonly environment: { readonly PATH: string; readonly LANG: string };
  /** `scripts.runner`: one of `RUNNERS`, or the name of a plugin that then runs all scripts. */
  readonly wantedRunner: string;
  /** Runners of plugins; the first that accepts an entity runs its scripts. */
  readonly pluginRunners?: readonly PluginRunner[];
  /** Sandboxing runners, preferred first. */
  readonly confinedRunners: readonly Runner[];
  readonly defaultTimeoutSec: number;
  readonly maxRunning: number;
  readonly maxHistory: number;
}

/** Returns all violations of a schema by parameters; empty if they are valid. */
export type ParameterCheck = (
  schema: JsonValue,
  parameters: JsonValue,
) => readonly { readonly field: string; readonly message: string }[];

/** The scripts of a robot. */
export interface Scripts {
  /** Its native ids have the form `apps/lidar_driver`. */
  readonly provider: ScriptProvider;
  health(): RuntimeHealth;
  /** Ends all running scripts. */
  close(): Promise<void>;
}

/** Folder of the working folders, below the scripts folder. */
const RUNS = '.runs';

/** The only supported start time of an execution. */
const NOW = 'now';

/**
 * Opens the scripts, and ends those that a killed gateway left. Resolves when that is done. If it fails, health reports
 * the reason and the next request retries.
 */
export async function openScripts(options: ScriptsOptions): Promise<Scripts> {
  const { folder, files, log, problemsOf, wantedRunner, pluginRunners = [] } = options;
  const runsFolder = `${folder}/${RUNS}`;
  const library = new ScriptLibrary(options);
  const scripts = new RunnableScripts({ ...options, library });
  const registry = new ExecutionRegistry({ ...options, storage: new ExecutionStorage(options.database) });
  let chosen: ChosenRunner | undefined;
  const closing = new AbortController();
  const choosing = chooseRunner({
    ...options,
    wanted: wantedRunner,
    plugins: pluginRunners,
    confined: options.confinedRunners,
    path: options.environment.PATH,
    signal: closing.signal,
  }).then((found) => {
    chosen = found;
    return found;
  });
  const allowed = pluginRunners.filter(
    ({ name }) => name === wantedRunner || RUNNERS.some((word) => word === wantedRunner),
  );
  const dedicatedTo = (owner: string): PluginRunner | undefined => allowed.find((runner) => runner.isFor(owner));
  const runnerFor = async (owner: string): Promise<Runner | PluginRunner> => {
    const dedicated = dedicatedTo(owner);
    if (dedicated) return dedicated;
    const found = await choosing;
    if ('runner' in found) return found.runner;
    throw new SovdError({ code: 'service-unavailable', message: found.refusal });
  };
  const withRunner = (owner: string, entry: ScriptEntry): ScriptEntry => {
    const runner = dedicatedTo(owner) ?? (chosen && 'runner' in chosen ? chosen.runner : undefined);
    return runner ? { ...entry, runner: runner.name } : entry;
  };
  await registry.loaded().catch(() => log('error', `Earlier executions are unknown: ${registry.failure}`));
  // The scripts that used these folders have ended by now.
  await Promise.all([library.clean(), files.remove(runsFolder)]).catch((error: unknown) => {
    log('warn', `Leftover files in ${folder} cannot be removed: ${errorMessage(error)}`);
  });
  await library.load().catch((error: unknown) => {
    log('warn', `The owners of the scripts in ${folder} cannot be read: ${errorMessage(error)}`);
  });

  const provider: ScriptProvider = {
    list: async (owner) => (await scripts.list(owner)).map((entry) => withRunner(owner, entry)),
    get: async (owner, scriptId) => withRunner(owner, (await scripts.find(owner, scriptId)).entry),
    upload: async (owner, upload) => withRunner(owner, await scripts.add(owner, upload)),
    remove: async (owner, scriptId) => {
      refuseManaged((await scripts.find(owner, scriptId)).entry);
      await registry.removeScript({ owner, scriptId }, () => scripts.remove(owner, scriptId));
    },
    start: async (owner, scriptId, start, call) => {
      const { clientId } = call;
      const script = await scripts.find(owner, scriptId);
      refuseUnfit(script.entry, start, problemsOf);
      const { parameters } = start;
      const runner = await runnerFor(owner);
      return registry.start({ owner, scriptId }, ownerOf(call), (executionId) =>
        prepareRun({ ...options, runsFolder }, { owner, script, runner, parameters, executionId, clientId }),
      );
    },
    executions: async (owner, scriptId) => {
      await scripts.find(owner, scriptId);
      return registry.list({ owner, scriptId });
    },
    recent: (owner) => registry.ofOwner(owner),
    execution: (owner, scriptId, executionId) => registry.get({ owner, scriptId }, executionId),
    control: (owner, scriptId, executionId, action) => registry.control({ owner, scriptId }, executionId, action),
    removeExecution: (owner, scriptId, executionId) => registry.remove({ owner, scriptId }, executionId),
  };
  const close = async (): Promise<void> => {
    closing.abort();
    await Promise.all([choosing, registry.close()]);
  };
  return { provider, health: () => healthOf(registry, library, chosen, allowed), close };
}

function refuseManaged({ id, managed }: ScriptEntry): void {
  if (!managed) return;
  const message = `Script "${id}" comes from the manifest and cannot be deleted`;
  throw new SovdError({ code: 'x-medkit-managed-script', message });
}

function refuseUnfit(
  { parametersSchema }: ScriptEntry,
  { executionType, parameters }: ScriptStart,
  problemsOf: ParameterCheck,
): void {
  if (executionType !== NOW) {
    const message = `Unsupported execution_type "${executionType.slice(0, 64)}": scripts run "${NOW}"`;
    throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'execution_type' } });
  }
  if (parametersSchema === undefined) return;
  const fields = problemsOf(parametersSchema, parameters ?? {});
  if (fields.length === 0) return;
  const message = 'The parameters do not match the parameters_schema of the script';
  throw new SovdError({ code: 'invalid-request', message, parameters: { fields } });
}

/** `chosen` is present once the usable runner is known. */
function healthOf(
  registry: ExecutionRegistry,
  library: ScriptLibrary,
  chosen: ChosenRunner | undefined,
  plugins: readonly PluginRunner[],
): RuntimeHealth {
  const warnings = [
    ...(chosen && 'refusal' in chosen && !chosen.expected
      ? [{ code: 'scripts_refused', message: `Scripts cannot run: ${chosen.refusal}` }]
      : []),
    ...(registry.failure === undefined
      ? []
      : [
          {
            code: 'scripts_unavailable',
            message: `Scripts cannot run, because earlier executions are unknown: ${registry.failure}`,
          },
        ]),
  ];
  const block = {
    ...(chosen && 'runner' in chosen && { runner: chosen.runner.name }),
    ...(plugins.length > 0 && { plugin_runners: plugins.map(({ name }) => name) }),
    ...(chosen && 'reason' in chosen && { unconfined_because: chosen.reason }),
    running: registry.running,
    remembered_executions: registry.remembered,
  };
  return {
    warnings,
    blocks: { 'x-medkit-scripts': block, ...quotaBlock({ running_scripts: registry.quota, scripts: library.quota }) },
  };
}
