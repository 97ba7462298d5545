import type { RosMessage } from '@medkit/ros2';
import { FRONT_RAD, STOP_DISTANCE_M } from '../robot/step.ts';
import { DemoNode, SENSOR_QOS } from './demo-node.ts';
import { parameter } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 250;

const STOP_THRESHOLD_M = parameter('double', 'stop_threshold_m', STOP_DISTANCE_M, {
  description: 'Distance in metres below which an obstacle in front stops the robot',
  readOnly: true,
});

/** The parts of a sensor_msgs/msg/LaserScan that matter here. */
interface Scan {
  readonly angle_min: number;
  readonly angle_increment: number;
  readonly range_max: number;
  readonly ranges: Float32Array;
}

/** Returns the minimum range in front, metres, rounded to millimetres; `range_max` if nothing is in range. */
function frontRangeM({ angle_min, angle_increment, range_max, ranges }: Scan): number {
  const inFront = ranges.filter((_, ray) => Math.abs(angle_min + ray * angle_increment) <= FRONT_RAD);
  return Math.round(Math.min(range_max, ...inFront) * 1000) / 1000;
}

/** Monitors the path in front of the robot: publishes the range, the threshold and the commanded speed at 4 Hz. */
export async function openCollisionMonitor(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'collision_monitor',
    namespace: '/navigation',
    parameters: [STOP_THRESHOLD_M],
  });
  let rangeM: number | undefined;
  let speedMps: number | undefined;
  await node.subscribe({ name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS }, ({ message }) => {
    if (message) rangeM = frontRangeM(message as RosMessage & Scan);
  });
  await node.subscribe({ name: '/cmd_vel', type: 'geometry_msgs/msg/Twist' }, ({ message }) => {
    if (message) speedMps = Number((message.linear as RosMessage).x);
  });
  const figures = {
    min_range_m: () => rangeM,
    stop_threshold_m: () => node.parameter(STOP_THRESHOLD_M),
    commanded_vx: () => speedMps,
  };
  for (const [name, figure] of Object.entries(figures)) {
    // One topic per value, so that each can be plotted.
    const topic = { name: `/collision_monitor/${name}`, type: 'std_msgs/msg/Float64' };
    await node.publishEvery(PERIOD_MS, topic, () => {
      const data = figure();
      return data === undefined ? undefined : { data };
    });
  }
  return node;
}
