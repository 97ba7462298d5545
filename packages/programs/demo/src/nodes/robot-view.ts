import type { Random } from '@medkit/edges';
import type { Conditions } from '../robot/conditions.ts';
import type { Velocity } from '../robot/drive.ts';
import type { Order } from '../robot/goal.ts';
import type { Robot, RobotEvent } from '../robot/robot.ts';
import type { RunningRobot } from '../robot/running-robot.ts';
import type { NodeEdges } from './demo-node.ts';

/** The interface of the robot's nodes to the simulated robot. */
export interface RobotView extends NodeEdges {
  /** The robot at this moment. */
  readonly robot: () => Robot;
  /** Calls `listener` with every event of the robot. */
  readonly onEvent: (listener: (event: RobotEvent) => void) => void;
  /** Noise for the sensors. */
  readonly random: Random;
  /** Changes conditions of the robot. */
  readonly change: (conditions: Partial<Conditions>) => void;
  /** Sends the robot to a place. It abandons its current goal. */
  readonly order: (order: Order) => void;
  /** Cancels the goal with this id. */
  readonly cancel: (id: string) => void;
  /**
   * Commands the base if a safety gate controls it and navigation only requests velocities (/cmd_vel_nav). Absent if navigation
   * controls the base and stops for people itself.
   */
  readonly command?: (velocity: Velocity) => void;
}

/** Creates a view of the running robot. */
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
