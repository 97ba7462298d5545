import {
  errorMessage,
  type Log,
  type Runtime,
  type RuntimeHealth,
  type RuntimeHost,
  type TriggerCondition,
  type Warning,
} from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { LOG_METHODS, OPTIONAL_UPDATE_METHODS, UPDATE_METHODS } from '../part-methods.ts';
import type { Plugin } from '../plugin.ts';
import type { PluginContext, RosAccess } from '../plugin-context.ts';
import type { PluginParts } from '../plugin-parts.ts';
import type { PluginRoute } from '../plugin-route.ts';
import { Contributions } from './contributions.ts';
import { entityLog } from './entity-log.ts';
import type { DeferredHost } from './gateway-host.ts';
import { guardedConditions } from './guarded-conditions.ts';
import { guardedPart, guardedScripts } from './guarded-part.ts';
import { guardedSubscriptions, type Serve, type SubscriptionParts } from './guarded-subscriptions.ts';
import { HookGuard } from './hook-guard.ts';
import type { FilesAt } from './legacy-evidence.ts';
import { openContext } from './open-context.ts';
import { validateHealth } from './plugin-health.ts';
import { pluginProviders } from './plugin-providers.ts';
import { validateContribution } from './validate-contribution.ts';
import { validateParts } from './validate-parts.ts';

/** Maximum duration of each hook. */
const SETUP_MS = 5000;
/**
 * Setup time for a plugin in a separate process: covers starting the process, loading the module and `setup`, each with
 * its shorter timeout.
 */
const ISOLATED_SETUP_MS = 35_000;
const CONTRIBUTION_MS = 5000;
const HEALTH_MS = 900;
const STOP_MS = 4000;
export interface HostOptions {
  readonly plugin: Plugin;
  /** Name from the configuration. */
  readonly name: string;
  /** Options that match the plugin's schema. */
  readonly options: unknown;
  /** Whether the plugin runs in a separate process. */
  readonly isolated?: boolean;
  /** Folder for the plugin's persistent data. */
  readonly folder?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly ros?: RosAccess;
  readonly deferredHost: DeferredHost;
  /** Opens recordings for which the plugin returns a path. Default: such recordings have no files. */
  readonly filesAt?: FilesAt;
  /** Position in the loading order. */
  readonly position?: number;
}

/** State of a plugin: `left out` if its setup failed, `switched off` if it failed too often. */
export type PluginState = 'running' | 'left out' | 'switched off';

/** A plugin after its setup, whether or not that succeeded. */
export interface HostedPlugin extends SubscriptionParts, Pick<PluginParts, 'updates' | 'scripts' | 'logs'> {
  readonly runtime: Runtime;
  /** Every handler runs behind the plugin's guard. */
  readonly routes: readonly PluginRoute[];
  readonly conditions: ReadonlyMap<string, TriggerCondition>;
  state(): PluginState;
}

/** Sets up a plugin. Never rejects: a plugin that fails contributes nothing, and its health gives the reason. */
export async function hostPlugin(options: HostOptions): Promise<HostedPlugin> {
  const { plugin, name, clock, log, position = 0 } = options;
  let host: RuntimeHost | undefined;
  let parts: PluginParts = {};
  const guard = new HookGuard({
    plugin: name,
    clock,
    log,
    switchedOff: () => {
      contributions.end();
      host?.changed();
      void end();
    },
  });
  const contributions = new Contributions({
    runtime: name,
    position,
    clock,
    ask: async () => {
      const { contribution } = parts;
      if (!contribution) return {};
      return guard.run('contribution', CONTRIBUTION_MS, async () =>
        validateContribution(await contribution.call(parts)),
      );
    },
    changed: () => host?.changed(),
  });
  const refresh = () => host && contributions.refresh();
  // A plugin that derives its contribution from the tree can do so only now.
  options.deferredHost.whenOpen(() => refresh());
  const contributes = (id: string): boolean => contributions.hasLog(id);
  const record = entityLog({
    ...{ plugin: name, clock, contributes },
    servesLogs: () => parts.providers?.logs !== undefined,
    keep: (line) => host?.record(line),
  });
  const { context, close } = openContext({ ...options, ros: options.ros, guard, changed: refresh, record });

  let ending: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const late = () => log('warn', `Plugin ${name} did not stop within ${STOP_MS} ms and is abandoned`);
    try {
      await within(clock, STOP_MS, (async () => parts.stop?.())(), late);
    } catch (error) {
      log('warn', `Plugin ${name} failed while it stopped: ${errorMessage(error)}`);
    }
    await close();
  };
  const end = (): Promise<void> => (ending ??= stop());

  let failure: string | undefined;
  try {
    parts = validateParts(await setUp(plugin, context, clock, options.isolated ? ISOLATED_SETUP_MS : SETUP_MS));
  } catch (error) {
    failure = errorMessage(error);
    log('error', `Plugin ${name} could not be set up and is left out: ${failure}`);
    await close();
  }

  const { providers = {}, routes = [] } = parts;
  const state = () => stateOf(failure, guard.off);
  const serve: Serve = (hook, call, work) => guard.serve(hook, call.deadlineMs - clock.monotonicMs(), work);
  return {
    state,
    ...guardedSubscriptions(parts, serve),
    conditions: guardedConditions(parts, serve),
    ...(parts.updates && {
      updates: guardedPart('updates', parts.updates, [...UPDATE_METHODS, ...OPTIONAL_UPDATE_METHODS], serve),
    }),
    ...(parts.scripts && { scripts: guardedScripts(parts.scripts, serve) }),
    ...(parts.logs && { logs: guardedPart('logs', parts.logs, LOG_METHODS, serve) }),
    routes: routes.map(({ route, handle }) => ({
      route,
      handle: (request, call) => serve(route.operationId, call, () => handle(request, call)),
    })),
    runtime: {
      name,
      records: { isEntity: contributes },
      providers: pluginProviders(providers, {
        answer: (hook, call, work) => guard.answer(hook, call, work),
        nativeIdsOf: (id) => contributions.nativeIdsOf(id),
        filesAt: options.filesAt ?? (async () => []),
      }),
      start: async (by) => {
        host = by;
        contributions.refresh();
      },
      stop: async () => {
        host = undefined;
        await end();
      },
      contribution: () => contributions.contribution(),
      health: async () => {
        const { health } = parts;
        // The warnings below and the log report a failure of this call.
        const pluginHealth = health
          ? await guard
              .run('health', HEALTH_MS, async () => validateHealth(await health.call(parts)))
              .catch(() => NOTHING)
          : NOTHING;
        const warnings = [...hostingWarnings(name, failure, guard.off), ...pluginHealth.warnings];
        const block = { state: state(), failures_total: guard.failures };
        return { warnings, blocks: { ...pluginHealth.blocks, [`x-medkit-plugin-${name}`]: block } };
      },
    },
  };
}

/**
 * Calls `setup` with a timeout. If the plugin becomes ready after the timeout, stops it, so that nothing of it keeps
 * running.
 */
async function setUp(plugin: Plugin, context: PluginContext, clock: Clock, patienceMs: number): Promise<unknown> {
  const settingUp = (async () => plugin.setup(context))();
  return within(clock, patienceMs, settingUp, () => {
    void settingUp.then((parts) => parts?.stop?.()).catch(() => undefined);
    throw new Error(`it took longer than ${patienceMs} ms`);
  });
}

const NOTHING: RuntimeHealth = { warnings: [], blocks: {} };

function stateOf(failure: string | undefined, off: string | undefined): PluginState {
  if (failure !== undefined) return 'left out';
  return off === undefined ? 'running' : 'switched off';
}

function hostingWarnings(name: string, failure: string | undefined, off: string | undefined): readonly Warning[] {
  if (failure !== undefined) {
    return [
      {
        code: 'plugin_left_out',
        message: `Plugin ${name} could not be set up: ${failure}. Fix it or remove it from "plugins", then restart medkit.`,
      },
    ];
  }
  if (off === undefined) return [];
  return [
    {
      code: 'plugin_switched_off',
      message: `Plugin ${name} kept failing and is switched off until medkit is restarted; the last failure was in ${off}`,
    },
  ];
}
