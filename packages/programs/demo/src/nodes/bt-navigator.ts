import { type ExecutingGoal, type GoalEnd, openActionClient, openActionServer } from '@medkit/ros2';
import { type Goal, isRoundGoal } from '../robot/goal.ts';
import { goalOf } from '../robot/robot.ts';
import { DemoNode } from './demo-node.ts';
import { poseMessage } from './messages.ts';
import { reportNavigationFaults } from './navigation-faults.ts';
import { feedbackOf, GOAL_ENDS, goalMessage, goalProblem, NAVIGATE_TO_POSE, orderOf } from './navigation-goal.ts';
import { parameter, requestedValue } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const GOAL_PERIOD_MS = 1000;
const FEEDBACK_PERIOD_MS = 500;
/** Timeout for the action server in the same process. */
const SEND_TIMEOUT_MS = 2000;

const DRIVE_ROUND = parameter('bool', 'drive_round', true, {
  description: 'Drive rounds through the warehouse while there is no other goal',
});

/** Drives the robot to goals: publishes /current_goal, and offers the action that the robot's round also uses. */
export async function openBtNavigator(view: RobotView): Promise<DemoNode> {
  // In the root namespace, the default of Nav2: reports name it "/bt_navigator".
  const node = await DemoNode.open(view, {
    name: 'bt_navigator',
    parameters: [DRIVE_ROUND],
    onSet(wanted) {
      const round = requestedValue(wanted, DRIVE_ROUND);
      if (round !== undefined) view.change({ round });
      return undefined;
    },
  });
  const current = { name: '/current_goal', type: 'geometry_msgs/msg/PoseStamped' };
  await node.publishEvery(GOAL_PERIOD_MS, current, () => {
    const robot = view.robot();
    const goal = goalOf(robot);
    const yaw = Math.atan2(goal.y - robot.pose.y, goal.x - robot.pose.x);
    return { header: node.header('map'), pose: poseMessage({ ...goal, yaw }) };
  });
  await offerNavigation(node, view);
  await sendRound(node, view);
  await reportNavigationFaults(node, view);
  view.onEvent((event) => {
    const { goal, leg, pose } = view.robot();
    if (event === 'goal-accepted' && goal) {
      const { x, y } = goal.place;
      const way = `from (${pose.x.toFixed(2)}, ${pose.y.toFixed(2)}) to (${x.toFixed(2)}, ${y.toFixed(2)})`;
      node.log('info', isRoundGoal(goal.id) ? `Begin navigating to waypoint ${leg}` : `Begin navigating ${way}`);
    } else if (event === 'goal-reached') node.log('info', 'Goal succeeded');
    else if (event === 'goal-canceled') node.log('info', 'Goal canceled');
    else if (event === 'goal-preempted') node.log('info', 'Goal preempted by a newer one');
    else if (event === 'goal-aborted') node.log('error', 'Goal failed: NavigateToPose aborted');
  });
  await node.listen({ name: '/odom', type: 'nav_msgs/msg/Odometry' });
  return node;
}

/** Offers the action with one goal at a time; a newer goal preempts the previous one. */
async function offerNavigation(node: DemoNode, view: RobotView): Promise<void> {
  const executing = new Map<string, ExecutingGoal & { readonly end: (end: GoalEnd) => void }>();
  node.adopt(
    await openActionServer(node.ros, {
      ...NAVIGATE_TO_POSE,
      clock: view.clock,
      acceptGoal(goal, goalId) {
        // A goal of the round may arrive after an order has replaced it.
        if (isRoundGoal(goalId)) return view.robot().goal?.id === goalId;
        const problem = goalProblem(goal);
        if (problem !== undefined) node.log('warn', `Goal rejected: ${problem}`);
        return problem === undefined;
      },
      execute: (goal) => {
        const { goalId, signal } = goal;
        if (!isRoundGoal(goalId)) view.order(orderOf(goalId, goal.goal));
        if (view.robot().goal?.id !== goalId) return Promise.resolve(GOAL_ENDS.preempted);
        const { promise, resolve } = Promise.withResolvers<GoalEnd>();
        executing.set(goalId, { ...goal, end: resolve });
        signal.addEventListener('abort', () => view.cancel(goalId), { once: true });
        return promise;
      },
      onFailure: (error) => view.onFailure(NAVIGATE_TO_POSE.action, error),
    }),
  );
  view.onEvent(() => {
    const { goal, ended } = view.robot();
    if (ended === undefined || ended.id === goal?.id) return;
    executing.get(ended.id)?.end(GOAL_ENDS[ended.outcome]);
    executing.delete(ended.id);
  });
  node.every(FEEDBACK_PERIOD_MS, () => {
    const robot = view.robot();
    const goal = executing.get(robot.goal?.id ?? '');
    const feedback = feedbackOf(robot, node.header('map'));
    if (goal && feedback) {
      goal.publishFeedback(feedback).catch((error: unknown) => view.onFailure(NAVIGATE_TO_POSE.action, error));
    }
  });
}

/** Sends each goal of the round through the action, so that action clients see them. */
async function sendRound(node: DemoNode, view: RobotView): Promise<void> {
  const client = node.adopt(
    await openActionClient(node.ros, {
      ...NAVIGATE_TO_POSE,
      random: view.random,
      onFailure: (error) => view.onFailure(NAVIGATE_TO_POSE.action, error),
    }),
  );
  const send = (goal: Goal) =>
    client
      .sendGoal(goalMessage(node.header('map'), goal), { goalId: goal.id, timeoutMs: SEND_TIMEOUT_MS })
      .catch((error: Error) => node.log('warn', `Goal of the round not accepted: ${error.message}`));
  view.onEvent((event) => {
    const { goal } = view.robot();
    if (event === 'goal-accepted' && goal && isRoundGoal(goal.id)) void send(goal);
  });
}
