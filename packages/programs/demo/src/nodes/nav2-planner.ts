import { remainingPath } from '../robot/robot.ts';
import { DemoNode, LATCHED_QOS } from './demo-node.ts';
import { pathMessage } from './messages.ts';
import { parameter, requestedValue } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const FREQUENCY_HZ = parameter('double', 'expected_planner_frequency', 1, {
  description: 'Plans per second',
  floatRange: { from: 0.2, to: 10, step: 0 },
});
const SPACING_M = parameter('double', 'path_spacing', 0.25, {
  description: 'Metres between two poses of a plan',
  floatRange: { from: 0.05, to: 1, step: 0.05 },
});
/** Planner plugins of Nav2. */
const KNOWN_PLUGINS = ['GridBased', 'SmacHybrid', 'ThetaStar'];
const PLUGINS = parameter('string_array', 'planner_plugins', ['GridBased'], {
  description: 'Loaded planners',
  additionalConstraints: `one or more of ${KNOWN_PLUGINS.join(', ')}`,
});

function pluginProblem(plugins: readonly string[]): string | undefined {
  if (plugins.length === 0) return 'at least one planner is required';
  const unknown = plugins.find((plugin) => !KNOWN_PLUGINS.includes(plugin));
  return unknown === undefined ? undefined : `unknown planner ${unknown}: use ${KNOWN_PLUGINS.join(', ')}`;
}

/** Plans the path to the goal: publishes /plan at 1 Hz. */
export async function openNav2Planner(view: RobotView): Promise<DemoNode> {
  // In the root namespace, the default of Nav2: its log lines name it "nav2_planner".
  const node: DemoNode = await DemoNode.open(view, {
    name: 'nav2_planner',
    parameters: [FREQUENCY_HZ, SPACING_M, PLUGINS],
    onSet(wanted) {
      const plugins = requestedValue(wanted, PLUGINS);
      const problem = plugins && pluginProblem(plugins);
      if (plugins && !problem) node.log('info', `Loaded planners: ${plugins.join(', ')}`);
      return problem;
    },
  });
  const periodMs = () => 1000 / node.parameter(FREQUENCY_HZ);
  await node.publishEvery(periodMs, { name: '/plan', type: 'nav_msgs/msg/Path' }, () => {
    const robot = view.robot();
    return pathMessage(node.header('map'), [robot.pose, ...remainingPath(robot)], node.parameter(SPACING_M));
  });
  await node.listen({ name: '/map', type: 'nav_msgs/msg/OccupancyGrid', qos: LATCHED_QOS });
  view.onEvent((event) => {
    if (event === 'planning-failed') node.log('warn', 'Planning failed: start pose outside global costmap bounds');
  });
  return node;
}
