import { hostname } from 'node:os';
import { type EntityLists, errorMessage, oncePerKey, quotaBlock } from '@medkit/core';
import { definePlugin, PLUGIN_API_VERSION, type PluginRoute } from '@medkit/plugin';
import Type from 'typebox';
import { FaultReports, WATCHDOG_ID } from './fault-reports.ts';
import { readWatchdogOptions } from './options/watchdog-options.ts';
import { StatusDocument } from './status-document.ts';
import { Watchdog } from './watchdog.ts';
import { watchdogApp } from './watchdog-app.ts';

/** The node for requests and subscriptions; its name begins with `_` because it is not an app. */
const NODE_NAME = '_medkit_watchdog';

/**
 * Raises faults that no node reports: incompatible QoS, topics orphaned by a remapping, changed parameters, inactive
 * managed nodes, crashed nodes, stopped frames, and dropped rates.
 */
export const watchdogPlugin = definePlugin({
  apiVersion: PLUGIN_API_VERSION,
  name: WATCHDOG_ID,
  // Validated in code: an invalid option causes a warning and must not leave the robot without a watchdog.
  options: Type.Record(Type.String(), Type.Unknown()),
  async setup(context) {
    const { ros, clock, log } = context;
    if (!ros) throw new Error('it watches a ROS 2 graph, but this gateway has not joined one');
    const { options, warnings } = readWatchdogOptions(context.options);
    for (const warning of warnings) log('warn', warning);
    const reports = new FaultReports({ report: (report) => context.reportFault(report), clock, log });
    const node = await ros.node({ name: NODE_NAME });
    const watchdog = new Watchdog({ options, ros, node, clock, log, onVerdict: (verdict) => reports.send(verdict) });

    const host = hostname();
    let entities: Pick<EntityLists, 'apps' | 'components'> = { apps: [], components: [] };
    const look = async (): Promise<void> => {
      const tree = await context.entities();
      watchdog.useApps(tree.apps);
      const before = watchdogApp(entities, host).componentId;
      entities = tree;
      if (watchdogApp(tree, host).componentId !== before) context.changed();
    };
    const isNewFailure = oncePerKey();
    const refresh = (): void => {
      look().catch((error: unknown) => {
        const failure = errorMessage(error);
        if (isNewFailure(failure)) log('warn', `Cannot read the apps: ${failure}`);
      });
    };
    context.onEntitiesChange(refresh);
    context.onFaultEvent((event) => {
      reports.handle(event);
      watchdog.handle(event);
    });
    await look();
    await watchdog.start();
    // The tree may have been complete before changes were reported.
    const retry = clock.every(options.tickIntervalMs, () => {
      if (entities.apps.every(({ id }) => id === WATCHDOG_ID)) refresh();
    });

    return {
      contribution: async () => ({ entities: { apps: [watchdogApp(entities, host)] } }),
      routes: [statusRoute(() => watchdog.status())],
      health: async () => ({
        warnings: warnings.map((warning) => ({ code: 'watchdog_option', message: `Option ${warning}` })),
        blocks: {
          'x-medkit-watchdog': { longest_tick_ms: watchdog.longestTickMs },
          ...quotaBlock({ watchdog_baselines: watchdog }),
        },
      }),
      stop: async () => {
        retry.cancel();
        await watchdog.stop();
        await node.close();
      },
    };
  },
});

function statusRoute(status: () => StatusDocument): PluginRoute {
  return {
    route: {
      method: 'get',
      path: '/x-medkit-watchdog',
      operationId: 'getWatchdogStatus',
      summary: 'Status of the graph watchdog',
      description: 'The watched apps, and the findings of each detector, raised or not.',
      parameters: [],
      responses: { 200: { description: 'Status of the watchdog', schema: StatusDocument } },
      errors: [],
    },
    handle: async () => ({ body: status() }),
  };
}
