import type { Random } from '@medkit/edges';
import type { Robot, RobotEvent } from '../robot/robot.ts';
import type { NodeEdges } from './demo-node.ts';

/** What the nodes of the robot know of it. */
export interface RobotView extends NodeEdges {
  /** The robot at this moment. */
  readonly robot: () => Robot;
  /** Calls `listener` with every event of the robot. */
  readonly onEvent: (listener: (event: RobotEvent) => void) => void;
  /** Noise for the sensors. */
  readonly random: Random;
  /** Bounds the robot's speed, metres per second. */
  readonly limitSpeed: (limitMps: number) => void;
}
