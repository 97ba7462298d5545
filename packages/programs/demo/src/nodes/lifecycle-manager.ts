import { type LifecycleClient, type LifecycleTransition, openLifecycleClient } from '@medkit/ros2';
import { DemoNode } from './demo-node.ts';
import { MAP_SERVER } from './map-server.ts';
import { parameter } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

/** Timeout of a step; a missing node fails the command. */
const STEP_TIMEOUT_MS = 10_000;

/** Transitions of each node for the commands of nav2_msgs/srv/ManageLifecycleNodes, by number. */
const COMMANDS: readonly (readonly LifecycleTransition[])[] = [
  ['configure', 'activate'], // startup
  ['deactivate'], // pause
  ['activate'], // resume
  ['deactivate', 'cleanup'], // reset
  ['deactivate', 'cleanup', 'shutdown'], // shutdown
];
const STARTUP = 0;

const NODE_NAMES = parameter('string_array', 'node_names', [MAP_SERVER], {
  description: 'Managed nodes',
  readOnly: true,
});
const AUTOSTART = parameter('bool', 'autostart', true, {
  description: 'Bring all nodes up when the robot starts',
  readOnly: true,
});

/** Executes transitions of a node until one fails. */
async function lead(client: LifecycleClient, transitions: readonly LifecycleTransition[]): Promise<boolean> {
  for (const transition of transitions) {
    const state = await client.state({ timeoutMs: STEP_TIMEOUT_MS });
    if (!(await client.change(transition, state, { timeoutMs: STEP_TIMEOUT_MS }))) return false;
  }
  return true;
}

/** Starts and stops the managed nodes of navigation together, like the lifecycle manager of Nav2. */
export async function openLifecycleManager(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'lifecycle_manager_navigation',
    parameters: [NODE_NAMES, AUTOSTART],
  });
  let managedActive = false;
  const client = node.adopt(
    await openLifecycleClient(node.ros, {
      target: MAP_SERVER,
      onState: (state) => {
        managedActive = state === 'active';
      },
    }),
  );
  const manage = async (command: number): Promise<boolean> => {
    const transitions = COMMANDS[command];
    if (transitions === undefined) return false;
    try {
      const success = await lead(client, transitions);
      if (success) node.log('info', `${MAP_SERVER}: ${transitions.join(', ')} done`);
      else node.log('error', `Failed to ${transitions.join(', ')} ${MAP_SERVER}`);
      return success;
    } catch (error) {
      node.log('error', `Failed to ${transitions.join(', ')} ${MAP_SERVER}: ${(error as Error).message}`);
      return false;
    }
  };
  await node.service('manage_nodes', 'nav2_msgs/srv/ManageLifecycleNodes', async ({ command }) => ({
    success: await manage(Number(command)),
  }));
  await node.service('is_active', 'std_srvs/srv/Trigger', () => ({
    success: managedActive,
    message: managedActive ? 'Managed nodes are active' : 'Managed nodes are not active',
  }));
  // Not awaited: the map server may start later, and the robot drives without it.
  if (node.parameter(AUTOSTART)) void manage(STARTUP);
  return node;
}
