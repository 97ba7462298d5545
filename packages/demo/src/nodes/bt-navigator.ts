import { goalOf } from '../robot/robot.ts';
import { DemoNode, LATCHED_QOS } from './demo-node.ts';
import { poseMessage } from './messages.ts';
import type { RobotView } from './robot-view.ts';

const GOAL_PERIOD_MS = 1000;
/** action_msgs/msg/GoalStatus. */
const GOAL_STATUS = { executing: 2, succeeded: 4, aborted: 6 } as const;

/** The identifier of a goal: its number, so that every run of the demo has the same ones. */
function goalId(count: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(12, count);
  return id;
}

/** Takes the robot from goal to goal: /current_goal, and the status of its navigation action. */
export async function openBtNavigator(view: RobotView): Promise<DemoNode> {
  // In the root namespace, as Nav2 comes up by default: reports name it "/bt_navigator".
  const node = await DemoNode.open(view, { name: 'bt_navigator' });
  const current = { name: '/current_goal', type: 'geometry_msgs/msg/PoseStamped' };
  await node.publishEvery(GOAL_PERIOD_MS, current, () => {
    const robot = view.robot();
    const goal = goalOf(robot);
    const yaw = Math.atan2(goal.y - robot.pose.y, goal.x - robot.pose.x);
    return { header: node.header('map'), pose: poseMessage({ ...goal, yaw }) };
  });
  const publishStatus = await node.publisher({
    name: '/navigate_to_pose/_action/status',
    type: 'action_msgs/msg/GoalStatusArray',
    qos: LATCHED_QOS,
  });
  const report = (status: number, count: number) =>
    publishStatus({ status_list: [{ goal_info: { goal_id: { uuid: goalId(count) }, stamp: node.stamp() }, status }] });
  view.onEvent((event) => {
    const { goalCount, leg } = view.robot();
    if (event === 'goal-accepted') {
      report(GOAL_STATUS.executing, goalCount);
      node.log('info', `Begin navigating to waypoint ${leg}`);
    } else if (event === 'goal-reached') {
      report(GOAL_STATUS.succeeded, goalCount);
      node.log('info', 'Goal succeeded');
    } else if (event === 'goal-aborted') {
      report(GOAL_STATUS.aborted, goalCount);
      node.log('error', 'Goal failed: NavigateToPose aborted');
    }
  });
  await node.listen({ name: '/odom', type: 'nav_msgs/msg/Odometry' });
  return node;
}
