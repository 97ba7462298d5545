import type { Random } from '@medkit/edges';
import type { Conditions } from '../robot/conditions.ts';
import type { Velocity } from '../robot/drive.ts';
import type { Order } from '../robot/goal.ts';
import type { Robot, RobotEvent } from '../robot/robot.ts';
import type { RunningRobot } from '../robot/running-robot.ts';
import type { NodeEdges } from './demo-node.ts';

/** What the nodes of the robot know of it and can have it do. */
export interface RobotView extends NodeEdges {
  /** The robot at this moment. */
  readonly robot: () => Robot;
  /** Calls `listener` with every event of the robot. */
  readonly onEvent: (listener: (event: RobotEvent) => void) => void;
  /** Noise for the sensors. */
  readonly random: Random;
  /** Changes what the robot is set to. */
  readonly change: (conditions: Partial<Conditions>) => void;
  /** Sends the robot to a place, for which it gives up where it was going. */
  readonly order: (order: Order) => void;
  /** Has the robot give up the goal of this id. */
  readonly cancel: (id: string) => void;
  /**
   * Tells the base how to move, where a safety gate says so and navigation only wants (/cmd_vel_nav); absent where navigation
   * moves the base, and looks out for people, itself.
   */
  readonly command?: (velocity: Velocity) => void;
}

/** A view of the robot that runs. */
export function viewOf(robot: RunningRobot, edges: NodeEdges & Pick<RobotView, 'random'>): RobotView {
  const { base } = robot;
  return {
    ...edges,
    robot: () => robot.state,
    onEvent: (listener) => robot.onEvent(listener),
    change: (conditions) => robot.change(conditions),
    order: (order) => robot.order(order),
    cancel: (id) => robot.cancel(id),
    ...(base && { command: (velocity) => base.command(velocity) }),
  };
}
