import { openBeacon } from '@medkit/beacon';
import { definePlugin, PLUGIN_API_VERSION, type Plugin, type PluginContext } from '@medkit/plugin';
import { openParameterClient } from '@medkit/ros2';
import { Options, settingsOf } from './options.ts';
import type { HintClient } from './parameters/read-hint.ts';
import { polledNames } from './polled-names.ts';
import { Poller } from './polling/poller.ts';

/** Creates a function that opens a parameter client for a node by its full name. */
export type HintClientFactory = (context: PluginContext<Options>) => Promise<(fqn: string) => HintClient>;

/** Creates the plugin with the clients of `factory` (default: ROS 2). */
export function paramBeacon(factory: HintClientFactory = rosClients): Plugin<typeof Options> {
  return definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    name: 'parameter_beacon',
    options: Options,
    setup: async (context) => {
      const { clock, log } = context;
      const { poll, hints } = settingsOf(context.options, (message) => log('warn', message));
      const poller = new Poller({
        settings: poll,
        clock,
        log,
        nodes: async () => polledNames(await context.entities()),
        openClient: await factory(context),
        onHint: (hint, node) => beacon.take(hint, node),
      });
      const beacon = openBeacon({
        beacon: 'x-medkit-param-beacon',
        context,
        settings: hints,
        figures: () => poller.figures,
      });
      poller.start();
      return {
        ...beacon.parts,
        stop: async () => {
          await Promise.all([poller.stop(), beacon.parts.stop?.()]);
        },
      };
    },
  });
}

async function rosClients({ ros }: PluginContext<Options>): Promise<(fqn: string) => HintClient> {
  if (!ros) throw new Error('this gateway has not joined a ROS 2 graph, so no node can be polled');
  // Nodes with such a name are internal: they are neither shown nor polled.
  const node = await ros.node({ name: '_medkit_param_beacon' });
  return (fqn) => openParameterClient(node, fqn);
}
