import type { Random } from '@medkit/edges';
import { lidarOf, peopleAround, type Robot } from '../robot/robot.ts';
import { castRay } from '../world/raycast.ts';
import { WAREHOUSE } from '../world/warehouse.ts';
import { DemoNode, SENSOR_QOS } from './demo-node.ts';
import { publishDiagnostics } from './diagnostics.ts';
import type { RobotView } from './robot-view.ts';

const PERIOD_MS = 100;
const RAYS = 360;
const RANGE_MIN_M = 0.05;
const RANGE_MAX_M = 12;
const NOISE_M = 0.008;
/** Nearer than this means that the robot must not move. */
const PROTECTIVE_M = 0.3;
const TURN = 2 * Math.PI;

/** The ranges of one turn, metres, counter-clockwise from behind; infinite where nothing is in range. */
export function measureRanges(robot: Robot, random: Random): Float32Array {
  const lidar = lidarOf(robot);
  const obstacles = { boxes: WAREHOUSE.boxes, discs: peopleAround(robot) };
  return Float32Array.from({ length: RAYS }, (_, ray) => {
    const range = castRay(lidar, lidar.yaw - Math.PI + (ray * TURN) / RAYS, obstacles);
    return range > RANGE_MAX_M ? Number.POSITIVE_INFINITY : range + (random.float() - 0.5) * NOISE_M;
  });
}

/** The laser scanner at the robot's front: /scan at 10 Hz. */
export async function openLidarDriver(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, { name: 'lidar_driver', namespace: '/perception' });
  let nearestM = Number.POSITIVE_INFINITY;
  const scan = { name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS };
  await node.publishEvery(PERIOD_MS, scan, () => {
    const ranges = measureRanges(view.robot(), view.random);
    nearestM = ranges.reduce((least, range) => Math.min(least, range), Number.POSITIVE_INFINITY);
    return {
      header: node.header('laser'),
      angle_min: -Math.PI,
      angle_max: Math.PI - TURN / RAYS,
      angle_increment: TURN / RAYS,
      time_increment: PERIOD_MS / 1000 / RAYS,
      scan_time: PERIOD_MS / 1000,
      range_min: RANGE_MIN_M,
      range_max: RANGE_MAX_M,
      ranges,
      intensities: ranges.map((range) => (Number.isFinite(range) ? Math.round(4000 / (1 + range)) : 0)),
    };
  });
  await publishDiagnostics(node, {
    name: 'lidar_driver: protective field',
    hardwareId: 'lidar-front-3f21',
    diagnose: () => ({
      level: nearestM < PROTECTIVE_M ? 'error' : 'ok',
      message: nearestM < PROTECTIVE_M ? 'Object inside the protective field' : 'Field clear',
      values: { min_range_m: nearestM.toFixed(3), rate_hz: '10' },
    }),
  });
  node.log('info', `Scanning ${RAYS} rays at ${1000 / PERIOD_MS} Hz`);
  return node;
}
