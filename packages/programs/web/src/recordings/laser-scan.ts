import type { RosMessage } from '@medkit/ros2/decode';

/** The type of topics that are drawn as a scan. */
export const SCAN_TYPE = 'sensor_msgs/msg/LaserScan';

/** What is used of a `sensor_msgs/msg/LaserScan`: angles in radians, counterclockwise from ahead; ranges in metres. */
export interface LaserScan {
  readonly angle_min: number;
  readonly angle_increment: number;
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: Float32Array;
}

/** Whether a message can be drawn as a scan: a recording may call anything so. */
export function isScan(message: RosMessage): message is RosMessage & LaserScan {
  const numbers = [message['angle_min'], message['angle_increment'], message['range_min'], message['range_max']];
  return (
    numbers.every((value) => typeof value === 'number' && Number.isFinite(value)) &&
    message['ranges'] instanceof Float32Array
  );
}

/** A point of a scan: metres away, at degrees counterclockwise from ahead. */
export interface NearestPoint {
  readonly range: number;
  readonly degrees: number;
}

/** Whether a range is a measurement: what is nearer or farther than the sensor sees is none. */
export function isMeasured({ range_min, range_max }: LaserScan, range: number): boolean {
  return Number.isFinite(range) && range >= range_min && range <= range_max;
}

/** The nearest point of a scan; `undefined` where nothing was measured. */
export function leastRange(scan: LaserScan): NearestPoint | undefined {
  let nearest = -1;
  for (let place = 0; place < scan.ranges.length; place += 1) {
    const range = scan.ranges[place]!;
    if (isMeasured(scan, range) && (nearest === -1 || range < scan.ranges[nearest]!)) nearest = place;
  }
  if (nearest === -1) return undefined;
  return { range: scan.ranges[nearest]!, degrees: degreesOf(scan, nearest) };
}

/** −180 to 180. */
function degreesOf({ angle_min, angle_increment }: LaserScan, place: number): number {
  const degrees = ((angle_min + angle_increment * place) * 180) / Math.PI;
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}
