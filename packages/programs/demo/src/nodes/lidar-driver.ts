import type { Random } from '@medkit/edges';
import { lidarOf, peopleAround, type Robot } from '../robot/robot.ts';
import { castRay } from '../world/raycast.ts';
import { WAREHOUSE } from '../world/warehouse.ts';
import { DemoNode, SENSOR_QOS } from './demo-node.ts';
import { type Diagnosis, publishDiagnostics } from './diagnostics.ts';
import { parameter } from './parameter.ts';
import type { RobotView } from './robot-view.ts';

const RAYS = 360;
const RANGE_MIN_M = 0.05;
const NOISE_M = 0.008;
const TURN = 2 * Math.PI;

const SCAN_RATE_HZ = parameter('double', 'scan_rate_hz', 10, {
  description: 'Scans per second',
  floatRange: { from: 1, to: 20, step: 0 },
});
const RANGE_MAX_M = parameter('double', 'range_max_m', 12, {
  description: 'Maximum range in metres; objects beyond it are not reported',
  floatRange: { from: 1, to: 12, step: 0 },
});
const PROTECTIVE_FIELD_M = parameter('double', 'protective_field_m', 0.3, {
  description: 'Distance in metres below which an object is an error in the diagnostics',
  floatRange: { from: 0.1, to: 1, step: 0.05 },
});
const INTENSITIES = parameter('bool', 'intensities', true, { description: 'Report the strength of each echo' });
const FRAME_ID = parameter('string', 'frame_id', 'laser', {
  description: 'Frame of the scans',
  readOnly: true,
});
const FIRMWARE = parameter('byte_array', 'firmware_version', Uint8Array.of(1, 4, 2), {
  description: 'Firmware version that the device reports: major, minor, patch',
  readOnly: true,
});

/** Returns the ranges of one scan, metres, counter-clockwise from behind; infinite for a ray without an echo. */
function measureRanges(robot: Robot, random: Random, rangeMaxM: number): Float32Array {
  const lidar = lidarOf(robot);
  const obstacles = { boxes: WAREHOUSE.boxes, discs: peopleAround(robot) };
  return Float32Array.from({ length: RAYS }, (_, ray) => {
    const range = castRay(lidar, lidar.yaw - Math.PI + (ray * TURN) / RAYS, obstacles);
    return range > rangeMaxM ? Number.POSITIVE_INFINITY : range + (random.float() - 0.5) * NOISE_M;
  });
}

/** Returns the intensity of an echo from this distance. */
const echoOf = (range: number): number => (Number.isFinite(range) ? Math.round(4000 / (1 + range)) : 0);

const nearestOf = (ranges: Float32Array): number =>
  ranges.reduce((least, range) => Math.min(least, range), Number.POSITIVE_INFINITY);

/** The laser scanner at the robot's front: /scan at 10 Hz. */
export async function openLidarDriver(view: RobotView): Promise<DemoNode> {
  const node = await DemoNode.open(view, {
    name: 'lidar_driver',
    namespace: '/perception',
    parameters: [SCAN_RATE_HZ, RANGE_MAX_M, PROTECTIVE_FIELD_M, INTENSITIES, FRAME_ID, FIRMWARE],
  });
  let enabled = true;
  let nearestM = Number.POSITIVE_INFINITY;
  const measure = () => measureRanges(view.robot(), view.random, node.parameter(RANGE_MAX_M));
  const periodMs = () => 1000 / node.parameter(SCAN_RATE_HZ);

  const scan = { name: '/scan', type: 'sensor_msgs/msg/LaserScan', qos: SENSOR_QOS };
  await node.publishEvery(periodMs, scan, () => {
    if (!enabled) return undefined;
    const ranges = measure();
    nearestM = nearestOf(ranges);
    return {
      header: node.header(node.parameter(FRAME_ID)),
      angle_min: -Math.PI,
      angle_max: Math.PI - TURN / RAYS,
      angle_increment: TURN / RAYS,
      time_increment: periodMs() / 1000 / RAYS,
      scan_time: periodMs() / 1000,
      range_min: RANGE_MIN_M,
      range_max: node.parameter(RANGE_MAX_M),
      ranges,
      intensities: node.parameter(INTENSITIES) ? ranges.map(echoOf) : new Float32Array(),
    };
  });
  const diagnose = (): Diagnosis => {
    const values = { min_range_m: nearestM.toFixed(3), rate_hz: String(enabled ? node.parameter(SCAN_RATE_HZ) : 0) };
    if (!enabled) return { level: 'warn', message: 'Scanning is switched off', values };
    // With a safety gate, the gate reports that it holds the robot, and why.
    const level = view.command === undefined ? 'error' : 'ok';
    return nearestM < node.parameter(PROTECTIVE_FIELD_M)
      ? { level, message: 'Object inside the protective field', values }
      : { level: 'ok', message: 'Field clear', values };
  };
  await publishDiagnostics(node, {
    name: 'lidar_driver: protective field',
    hardwareId: 'lidar-front-3f21',
    diagnose,
  });
  await node.service('set_enabled', 'std_srvs/srv/SetBool', ({ data }) => {
    enabled = data === true;
    const message = enabled ? 'Scanning' : 'Scanning is switched off';
    node.log(enabled ? 'info' : 'warn', message);
    return { success: true, message };
  });
  await node.service('self_test', 'std_srvs/srv/Trigger', () => {
    const ranges = measure();
    const echoes = ranges.filter(Number.isFinite).length;
    const nearest = echoes === 0 ? '' : `, the nearest at ${nearestOf(ranges).toFixed(2)} m`;
    const message = `${echoes} of ${RAYS} rays have an echo${nearest}`;
    node.log('info', `Self test: ${message}`);
    return { success: echoes > 0, message };
  });
  node.log('info', `Scanning ${RAYS} rays at ${node.parameter(SCAN_RATE_HZ)} Hz`);
  return node;
}
