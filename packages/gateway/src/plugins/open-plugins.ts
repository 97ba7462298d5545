import {
  type Contribution,
  errorMessage,
  type Log,
  type Runtime,
  type RuntimeHealth,
  type Warning,
} from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import {
  DeferredHost,
  type GatewayHost,
  type HostedPlugin,
  type HostOptions,
  hostPlugin,
  type Plugin,
  type RosAccess,
} from '@medkit/plugin';
import type { PluginSettings } from '../config/index.ts';
import { admitConditions, type ConditionAdmission } from './admit-conditions.ts';
import { admitExclusive } from './admit-exclusive.ts';
import { type AdmittedRoute, admitRoutes } from './admit-routes.ts';
import { admitScripts, type ScriptAdmission } from './admit-scripts.ts';
import { admitSubscriptions, type SubscriptionAdmission } from './admit-subscriptions.ts';
import { claimConflicts } from './claim-conflicts.ts';
import { type PluginSource, validatePlugin } from './load-plugin.ts';

/** Timeout for loading a plugin's module. */
const LOAD_MS = 5000;

export interface OpenPluginsOptions {
  readonly plugins: readonly PluginSettings[];
  readonly source: PluginSource;
  /** Creates a plugin that runs the one in `file` in a separate process. */
  readonly isolated: (settings: PluginSettings, file: URL) => Plugin;
  /** Returns the folder for a plugin's persistent data, by its name. */
  readonly folderOf?: (plugin: string) => string;
  readonly clock: Clock;
  readonly log: Log;
  /** Names of the other runtimes, which no plugin can have. */
  readonly taken: readonly string[];
  readonly ros?: RosAccess;
  /** Opens recordings whose path a plugin provides. */
  readonly filesAt?: HostOptions['filesAt'];
}

/** The plugins of a gateway. */
export interface GatewayPlugins
  extends Pick<SubscriptionAdmission, 'samplers' | 'transports'>,
    Pick<ConditionAdmission, 'conditions'>,
    Pick<HostedPlugin, 'updates' | 'logs'>,
    Pick<ScriptAdmission, 'scripts'> {
  readonly runtimes: readonly Runtime[];
  readonly routes: readonly AdmittedRoute[];
  /** Gives the plugins access to the gateway, once it is complete. */
  open(host: GatewayHost): void;
  health(): RuntimeHealth;
}

/** A configured plugin and its state. */
interface Entry {
  readonly settings: PluginSettings;
  readonly version?: string | undefined;
  readonly hosted?: HostedPlugin;
  /** Why it could not be loaded. */
  readonly problem?: string;
}

/**
 * Loads plugins in configured order and sets them up. Never rejects: a plugin that cannot be used is skipped, and
 * `/health` has the reason.
 */
export async function openPlugins(options: OpenPluginsOptions): Promise<GatewayPlugins> {
  const { log } = options;
  const deferredHost = new DeferredHost();
  const settingUp: Promise<Entry>[] = [];
  for (const [position, settings] of options.plugins.entries()) {
    // Modules are loaded one after the other; a slow setup does not delay loading the next.
    const loaded = await load(settings, options);
    settingUp.push(host(loaded, { ...options, deferredHost, position }));
  }
  const entries = await Promise.all(settingUp);
  const hosted = entries.flatMap(({ settings: { name }, hosted }) => (hosted ? [{ name, ...hosted }] : []));
  const { routes, refusals } = admitRoutes(hosted);
  const subscriptions = admitSubscriptions(hosted);
  const { conditions, refusals: unknown } = admitConditions(hosted, options.clock);
  const updates = admitExclusive('updates', hosted);
  const logs = admitExclusive('logs', hosted);
  const scripts = admitScripts(hosted);
  const unserved = [
    ...subscriptions.refusals,
    ...unknown,
    ...[updates, logs, scripts].flatMap((admission) => admission.refusals),
  ];
  for (const text of [...refusals.map((refusal) => refusal.text), ...unserved]) log('warn', text);
  const runtimes = hosted.map(({ runtime }) => runtime);
  return {
    runtimes,
    routes,
    samplers: subscriptions.samplers,
    transports: subscriptions.transports,
    conditions,
    scripts: scripts.scripts,
    ...(updates.admitted && { updates: updates.admitted }),
    ...(logs.admitted && { logs: logs.admitted }),
    open: (host) => deferredHost.open(host),
    health: (): RuntimeHealth => {
      if (entries.length === 0) return { warnings: [], blocks: {} };
      const contributions = runtimes.map((runtime): Contribution => runtime.contribution());
      const refused = refusals.map(({ text }): Warning => ({ code: 'plugin_route_refused', message: text }));
      return {
        warnings: [
          ...entries.flatMap(leftOut),
          ...refused,
          ...unserved.map((message): Warning => ({ code: 'plugin_part_refused', message })),
          ...claimConflicts(contributions),
        ],
        blocks: { 'x-medkit-plugins': { plugins: entries.map((entry) => summary(entry, routes)) } },
      };
    },
  };
}

/** A loaded module, or the reason why it could not be loaded. */
interface Loaded {
  readonly settings: PluginSettings;
  readonly version?: string | undefined;
  readonly ready?: { readonly plugin: Plugin; readonly options: unknown; readonly isolated?: boolean };
  readonly problem?: string;
}

async function load(
  settings: PluginSettings,
  { source, isolated, clock, log, taken }: OpenPluginsOptions,
): Promise<Loaded> {
  const { name } = settings;
  let version: string | undefined;
  try {
    if (taken.includes(name)) throw new Error(`the name "${name}" is reserved by medkit: choose another name`);
    const located = await source.locate(settings);
    version = located.version;
    // An isolated plugin checks its options in its own process: none of its code is loaded here.
    if (settings.isolated) {
      const plugin = isolated(settings, located.file);
      return { settings, version, ready: { plugin, options: settings.options, isolated: true } };
    }
    const late = (): never => {
      throw new Error(`its module took longer than ${LOAD_MS} ms to load`);
    };
    const module = await within(clock, LOAD_MS, source.load(located.file), late);
    return { settings, version, ready: validatePlugin(module, settings) };
  } catch (error) {
    const problem = errorMessage(error);
    log('error', `Plugin ${name} is not loaded: ${problem}`);
    return { settings, version, problem };
  }
}

async function host(
  { ready, ...loaded }: Loaded,
  {
    clock,
    log,
    ros,
    filesAt,
    folderOf,
    deferredHost,
    position,
  }: OpenPluginsOptions & { readonly deferredHost: DeferredHost; readonly position: number },
): Promise<Entry> {
  if (!ready) return loaded;
  const { name } = loaded.settings;
  const hosted = await hostPlugin({
    ...ready,
    name,
    ...(folderOf && { folder: folderOf(name) }),
    clock,
    log,
    deferredHost,
    position,
    ...(ros && { ros }),
    ...(filesAt && { filesAt }),
  });
  return { ...loaded, hosted };
}

function leftOut({ settings: { name }, problem }: Entry): readonly Warning[] {
  if (problem === undefined) return [];
  const message = `Plugin ${name} is not loaded: ${problem}. Fix it or remove it from "plugins", then restart medkit.`;
  return [{ code: 'plugin_left_out', message }];
}

function summary({ settings: { name, isolated }, version, hosted }: Entry, routes: readonly AdmittedRoute[]) {
  const served = routes.filter(({ plugin }) => plugin === name);
  return {
    name,
    ...(version !== undefined && { version }),
    state: hosted?.state() ?? 'left out',
    isolated,
    routes: served.map(({ route: { method, path } }) => `${method.toUpperCase()} ${path}`),
  };
}
