import type { RosMessage } from '@medkit/ros2/decode';

/** Message type drawn as a scan. */
export const SCAN_TYPE = 'sensor_msgs/msg/LaserScan';

/**
 * The used fields of a `sensor_msgs/msg/LaserScan`: angles in radians, counterclockwise from forward; ranges in metres.
 */
export interface LaserScan {
  readonly angle_min: number;
  readonly angle_increment: number;
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: Float32Array;
}

/** Returns whether a message has the fields of a scan. A recording may use the type name for any definition. */
export function isScan(message: RosMessage): message is RosMessage & LaserScan {
  const numbers = [message['angle_min'], message['angle_increment'], message['range_min'], message['range_max']];
  return (
    numbers.every((value) => typeof value === 'number' && Number.isFinite(value)) &&
    message['ranges'] instanceof Float32Array
  );
}

/** A point of a scan: range in metres, direction in degrees counterclockwise from forward. */
export interface NearestPoint {
  readonly range: number;
  readonly degrees: number;
}

/** Returns whether a range is a measurement, that is, within the limits of the sensor. */
export function isMeasured({ range_min, range_max }: LaserScan, range: number): boolean {
  return Number.isFinite(range) && range >= range_min && range <= range_max;
}

/** Returns the nearest point of a scan, or `undefined` if it has no measurement. */
export function leastRange(scan: LaserScan): NearestPoint | undefined {
  let nearest = -1;
  for (let place = 0; place < scan.ranges.length; place += 1) {
    const range = scan.ranges[place]!;
    if (isMeasured(scan, range) && (nearest === -1 || range < scan.ranges[nearest]!)) nearest = place;
  }
  if (nearest === -1) return undefined;
  return { range: scan.ranges[nearest]!, degrees: degreesOf(scan, nearest) };
}

/** Returns the direction of a range, −180 to 180 degrees. */
function degreesOf({ angle_min, angle_increment }: LaserScan, place: number): number {
  const degrees = ((angle_min + angle_increment * place) * 180) / Math.PI;
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}
