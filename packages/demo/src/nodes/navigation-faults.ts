import type { Robot, RobotEvent } from '../robot/robot.ts';
import type { DemoNode } from './demo-node.ts';
import { GOAL_ENDS } from './navigation-goal.ts';
import type { RobotView } from './robot-view.ts';

const REPORT_FAULT = { service: '/fault_manager/report_fault', type: 'ros2_medkit_msgs/srv/ReportFault' };
/** ros2_medkit_msgs/srv/ReportFault.event_type */
const FAILED = 0;
const PASSED = 1;
/** ros2_medkit_msgs/msg/Fault.severity */
const ERROR = 2;
const ANSWER_WITHIN_MS = 2000;

const CODE = 'NAVIGATION_GOAL_ABORTED';

/** After these there is no reason any more why a goal was given up. */
const HEALING: readonly RobotEvent[] = ['path-clear', 'battery-recovered', 'goal-reached'];

/** Reports that navigation gave up a goal, and that nothing is in its way any more, as any node of rclcpp can. */
export async function reportNavigationFaults(node: DemoNode, view: RobotView): Promise<void> {
  const client = node.adopt(await node.ros.client(REPORT_FAULT.service, REPORT_FAULT.type));
  let failed = false;

  const report = async (event: number, description: string): Promise<void> => {
    // A robot without a fault manager drives as well.
    if ((await client.ready()) === 0) return;
    const request = { fault_code: CODE, event_type: event, severity: ERROR, description, source_id: node.fqn };
    const { accepted } = await client.call(request, { timeoutMs: ANSWER_WITHIN_MS });
    if (accepted === true) failed = event === FAILED;
  };
  const reportOf = (event: RobotEvent): Promise<void> | undefined => {
    if (event === 'goal-aborted') return report(FAILED, abortedBecause(view.robot()));
    return failed && HEALING.includes(event) ? report(PASSED, '') : undefined;
  };
  view.onEvent((event) => {
    reportOf(event)?.catch((error: unknown) => view.onFailure(REPORT_FAULT.service, error));
  });
}

function abortedBecause({ ended }: Robot): string {
  const message = ended && GOAL_ENDS[ended.outcome].result?.error_msg;
  return message === undefined ? 'NavigateToPose aborted' : `NavigateToPose aborted: ${message}`;
}
