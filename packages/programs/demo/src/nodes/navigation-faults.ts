import { CallTimeout, ServerLost } from '@medkit/ros2';
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
/** A fault manager that is busy, as on a machine that is just starting everything, answers late. */
const ANSWER_WITHIN_MS = 10_000;
/** The behaviour tree winds down before navigation gives its own account: who watches the action has told by then. */
const ACCOUNT_AFTER_MS = 1000;
/** How soon a report that nobody took is made again. */
const AGAIN_AFTER_MS = 1000;

const CODE = 'NAVIGATION_GOAL_ABORTED';

/** After these there is no reason any more why a goal was given up. */
const HEALING: readonly RobotEvent[] = ['path-clear', 'battery-recovered', 'goal-reached'];

interface Report {
  readonly event: typeof FAILED | typeof PASSED;
  readonly description: string;
}

/**
 * Reports that navigation gave up a goal, and that nothing is in its way any more, as any node of rclcpp can. A report is made
 * again until a fault manager takes it or there is a newer one: at the start of a robot the manager may come last. The first
 * good news after a start is told in any case, as a fault may stand from before.
 */
export async function reportNavigationFaults(node: DemoNode, view: RobotView): Promise<void> {
  const client = node.adopt(await node.ros.client(REPORT_FAULT.service, REPORT_FAULT.type));
  /** `undefined` is not known: the robot was started again. */
  let failed: boolean | undefined;
  let waiting: Report | undefined;
  let sending = false;

  const send = async ({ event, description }: Report): Promise<boolean> => {
    // A robot without a fault manager drives as well.
    if ((await client.ready()) === 0) return false;
    const request = { fault_code: CODE, event_type: event, severity: ERROR, description, source_id: node.fqn };
    const { accepted } = await client.call(request, { timeoutMs: ANSWER_WITHIN_MS });
    return accepted === true;
  };
  const sendWaiting = async (): Promise<void> => {
    const report = waiting;
    if (sending || report === undefined) return;
    sending = true;
    try {
      if ((await send(report)) && waiting === report) waiting = undefined;
    } catch (error) {
      // Who answers late, or went away, is asked again.
      if (!(error instanceof CallTimeout || error instanceof ServerLost)) view.onFailure(REPORT_FAULT.service, error);
    } finally {
      sending = false;
    }
  };
  const tell = (report: Report): void => {
    view.clock.after(ACCOUNT_AFTER_MS, () => {
      waiting = report;
      void sendWaiting();
    });
  };
  node.every(AGAIN_AFTER_MS, () => void sendWaiting());
  view.onEvent((event) => {
    if (event === 'goal-aborted') {
      failed = true;
      tell({ event: FAILED, description: abortedBecause(view.robot()) });
    } else if (failed !== false && HEALING.includes(event)) {
      failed = false;
      tell({ event: PASSED, description: '' });
    }
  });
}

function abortedBecause({ ended }: Robot): string {
  const message = ended && GOAL_ENDS[ended.outcome].result?.error_msg;
  return message === undefined ? 'NavigateToPose aborted' : `NavigateToPose aborted: ${message}`;
}
