import { goalOf } from '../robot/robot.ts';
import { DemoNode, LATCHED_QOS } from './demo-node.ts';
import { pathMessage } from './messages.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 1000;
const SPACING_M = 0.25;

/** Plans the way to the goal: /plan at 1 Hz. */
export async function openNav2Planner(view: RobotView): Promise<DemoNode> {
  // In the root namespace, as Nav2 comes up by default: its log lines name it "nav2_planner".
  const node = await DemoNode.open(view, { name: 'nav2_planner' });
  await node.publishEvery(PERIOD_MS, { name: '/plan', type: 'nav_msgs/msg/Path' }, () => {
    const robot = view.robot();
    return pathMessage(node.header('map'), robot.pose, goalOf(robot), SPACING_M);
  });
  await node.listen({ name: '/map', type: 'nav_msgs/msg/OccupancyGrid', qos: LATCHED_QOS });
  view.onEvent((event) => {
    if (event === 'planning-failed') node.log('warn', 'Planning failed: start pose outside global costmap bounds');
  });
  return node;
}
