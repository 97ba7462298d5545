import { wrapAngle } from '../world/plane.ts';

/** The parts of a sensor_msgs/msg/LaserScan that say where its rays go: radians, 0 is ahead. */
export interface ScanGeometry {
  readonly angle_min: number;
  /** Negative where the scanner turns clockwise. */
  readonly angle_increment: number;
  readonly ranges: { readonly length: number };
}

/** Which rays of a scan go to the front. */
export interface FrontSector {
  /** Their indices in `ranges`. */
  readonly rays: Int32Array;
  /** False where the rays leave a part of the sector unseen. */
  readonly whole: boolean;
}

/** Between two rays farther apart, a leg could stand unseen: 0.1 rad are 8 cm at a distance of 0.8 m. */
const MAX_GAP_RAD = 0.1;
/** More than any scanner has; a scan with more is not looked at. */
const MAX_RAYS = 16_384;

const NOTHING_SEEN: FrontSector = { rays: new Int32Array(), whole: false };

/** The rays within `frontRad` of straight ahead, wherever the scan begins and whichever way it turns. */
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
