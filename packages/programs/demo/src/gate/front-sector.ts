import { wrapAngle } from '../world/plane.ts';

/** The members of a sensor_msgs/msg/LaserScan that define its ray directions: radians, 0 is ahead. */
export interface ScanGeometry {
  readonly angle_min: number;
  /** Negative for a clockwise scanner. */
  readonly angle_increment: number;
  readonly ranges: { readonly length: number };
}

/** The rays of a scan that point to the front. */
export interface FrontSector {
  /** Their indices in `ranges`. */
  readonly rays: Int32Array;
  /** False if the rays do not cover the whole sector. */
  readonly whole: boolean;
}

/** Maximum angle between rays; between wider ones a leg could be missed: 0.1 rad are 8 cm at a distance of 0.8 m. */
const MAX_GAP_RAD = 0.1;
/** Maximum number of rays, more than any scanner has. A larger scan is rejected. */
const MAX_RAYS = 16_384;

const NOTHING_SEEN: FrontSector = { rays: new Int32Array(), whole: false };

/** Returns the rays within `frontRad` of straight ahead, for every start angle and direction. */
export function frontSectorOf({ angle_min, angle_increment, ranges }: ScanGeometry, frontRad: number): FrontSector {
  if (ranges.length > MAX_RAYS) return NOTHING_SEEN;
  const rays: number[] = [];
  const angles: number[] = [];
  for (let ray = 0; ray < ranges.length; ray += 1) {
    const angle = wrapAngle(angle_min + ray * angle_increment);
    if (!(Math.abs(angle) <= frontRad)) continue;
    rays.push(ray);
    angles.push(angle);
  }
  const edges = [-frontRad, ...angles.sort((a, b) => a - b), frontRad];
  const whole = edges.every((angle, at) => at === 0 || angle - edges[at - 1] <= MAX_GAP_RAD);
  return { rays: Int32Array.from(rays), whole };
}
