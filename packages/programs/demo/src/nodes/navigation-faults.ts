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
/** Timeout of a report: a busy fault manager, for example during startup, answers late. */
const ANSWER_WITHIN_MS = 10_000;
/** Delay of the report: other clients of the action report the aborted goal first. */
const ACCOUNT_AFTER_MS = 1000;
/** Retry delay of a report that no fault manager accepted. */
const AGAIN_AFTER_MS = 1000;

const CODE = 'NAVIGATION_GOAL_ABORTED';

/** Events that show that the cause of an aborted goal has ended. */
const HEALING: readonly RobotEvent[] = ['path-clear', 'battery-recovered', 'goal-reached'];

interface Report {
  readonly event: typeof FAILED | typeof PASSED;
  readonly description: string;
}

/**
 * Reports that navigation aborted a goal, and later that the cause has ended, like an rclcpp node. Repeats a report until a
 * fault manager accepts it or a newer report exists, because the fault manager may start last. Always reports the first
 * recovery after a start, because a fault may be active from an earlier run.
 */
export async function reportNavigationFaults(node: DemoNode, view: RobotView): Promise<void> {
  const client = node.adopt(await node.ros.client(REPORT_FAULT.service, REPORT_FAULT.type));
  /** `undefined` if unknown after a restart. */
  let failed: boolean | undefined;
  let waiting: Report | undefined;
  let sending = false;

  const send = async ({ event, description }: Report): Promise<boolean> => {
    // A robot without a fault manager still drives.
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
      // Retries if the fault manager answers late or disappears.
      if (!(error instanceof CallTimeout || error instanceof ServerLost)) view.onFailure(REPORT_FAULT.service, error);
    } finally {
      sending = false;
    }
  };
  const reportLater = (report: Report): void => {
    view.clock.after(ACCOUNT_AFTER_MS, () => {
      waiting = report;
      void sendWaiting();
    });
  };
  node.every(AGAIN_AFTER_MS, () => void sendWaiting());
  view.onEvent((event) => {
    if (event === 'goal-aborted') {
      failed = true;
      reportLater({ event: FAILED, description: abortedBecause(view.robot()) });
    } else if (failed !== false && HEALING.includes(event)) {
      failed = false;
      reportLater({ event: PASSED, description: '' });
    }
  });
}

function abortedBecause({ ended }: Robot): string {
  const message = ended && GOAL_ENDS[ended.outcome].result?.error_msg;
  return message === undefined ? 'NavigateToPose aborted' : `NavigateToPose aborted: ${message}`;
}
