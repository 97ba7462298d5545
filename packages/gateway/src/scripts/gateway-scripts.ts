import { type Log, type Model, mergeBlocks, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { Clock, Files, Programs, Random, WritableFiles } from '@medkit/edges';
import type { OwnerProblem } from '@medkit/entities';
import {
  bubblewrapRunner,
  createScriptService,
  openScripts,
  type ScriptDatabase,
  type ScriptService,
  type ScriptsOptions,
} from '@medkit/scripts';
import { type GatewayConfig, isLoopbackHost } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';
import type { GatewayDiscovery } from '../discovery/open-discovery.ts';
import type { GatewayPlugins } from '../plugins/open-plugins.ts';
import { problemsOf } from './check-parameters.ts';

/** Runs programs on the machine. */
export interface ProgramHost {
  readonly programs: Programs;
  /** `PATH` and `LANG` of scripts. */
  readonly environment: ScriptsOptions['environment'];
  readonly isRoot: boolean;
}

export interface ScriptSources {
  readonly config: Pick<GatewayConfig, 'auth' | 'data_dir' | 'scripts' | 'server'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly storage: Files & WritableFiles;
  readonly database: GatewayDatabase;
  readonly programHost: ProgramHost;
  readonly discovery?: Pick<GatewayDiscovery, 'scripts'>;
  /** Present if there are accounts. */
  readonly ownerProblem?: OwnerProblem;
  /** The scripts of plugins. */
  readonly plugins?: Pick<GatewayPlugins, 'scripts'>;
}

/** The scripts of a gateway. */
export interface GatewayScripts {
  readonly service: ScriptService;
  /** Whether the gateway or a plugin has scripts. */
  readonly enabled: boolean;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Opens the scripts as configured. The scripts of plugins are served even if the gateway's are disabled. */
export async function gatewayScripts(sources: ScriptSources): Promise<GatewayScripts> {
  const { config, model, clock, plugins = { scripts: [] } } = sources;
  const { allow_uploads: allowUploads, max_file_size_mb } = config.scripts;
  const owners = plugins.scripts.flatMap(({ isFor, provider }) => (provider ? [{ isFor, provider }] : []));
  const service = { model, clock, owners, allowUploads, maxFileBytes: max_file_size_mb * MEBIBYTE };
  const refusal = refusalOf(sources);
  if (refusal !== undefined) {
    const refusing = createScriptService({ ...service, house: refusal });
    return {
      service: refusing,
      enabled: owners.length > 0,
      health: () => ({ warnings: [], blocks: quotaBlock({ script_uploads: refusing.uploads }) }),
      close: async () => undefined,
    };
  }
  const scripts = await openScripts(optionsOf(sources));
  const served = createScriptService({ ...service, house: scripts.provider });
  return {
    service: served,
    enabled: true,
    health: () => {
      const { warnings, blocks } = scripts.health();
      return {
        warnings,
        blocks: mergeBlocks([{ blocks }, { blocks: quotaBlock({ script_uploads: served.uploads }) }]),
      };
    },
    close: () => scripts.close(),
  };
}

/** Returns why this gateway runs no scripts: any client that reaches it could do what the gateway's user can. */
function refusalOf({ config: { auth, scripts, server }, ownerProblem }: ScriptSources): string | undefined {
  if (scripts.scripts_dir === '') return 'Scripts backend not configured: scripts.scripts_dir is empty';
  const hasCertificates = server.tls.enabled && server.tls.client_auth !== 'off';
  const isRequired = auth.require_auth_for.toLowerCase() !== 'none';
  const isLoginRequired = (ownerProblem !== undefined || hasCertificates) && isRequired;
  if (isLoopbackHost(server.host) || server.token !== '' || isLoginRequired) return undefined;
  return (
    `Scripts backend not configured: other machines can reach ${server.host} without a credential. ` +
    'Create a user with "medkit auth init", or set server.token_file'
  );
}

function optionsOf({ config, discovery, programHost, database, plugins, ...sources }: ScriptSources): ScriptsOptions {
  const { scripts, data_dir } = config;
  const { confined } = scripts;
  const bubblewrap = bubblewrapRunner(
    {
      maxProcesses: confined.max_processes,
      maxMemoryBytes: confined.max_memory_mb * MEBIBYTE,
      network: confined.network,
      paths: confined.paths,
      hiddenPaths: [data_dir, scripts.scripts_dir],
      isRoot: programHost.isRoot,
    },
    sources.storage,
  );
  return {
    ...sources,
    folder: scripts.scripts_dir,
    files: sources.storage,
    programs: programHost.programs,
    environment: programHost.environment,
    database: databaseOf(database),
    managed: () => discovery?.scripts() ?? [],
    problemsOf,
    wantedRunner: scripts.runner,
    pluginRunners: (plugins?.scripts ?? []).flatMap(({ name, isFor, runner }) =>
      runner ? [{ name, isFor, runner }] : [],
    ),
    confinedRunners: [bubblewrap],
    defaultTimeoutSec: scripts.default_timeout_sec,
    maxRunning: scripts.max_concurrent_executions,
    maxHistory: scripts.max_execution_history,
  };
}

function databaseOf(database: GatewayDatabase): ScriptDatabase {
  return {
    exists: () => database.exists(),
    read: (sql, parameters) => stored(async () => (await database.store()).read(sql, parameters)),
    write: (statements) => stored(async () => (await database.store()).write(statements)),
  };
}
