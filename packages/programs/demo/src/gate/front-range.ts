import { type FrontSector, frontSectorOf, type ScanGeometry } from './front-sector.ts';
import type { GateSettings } from './gate-settings.ts';

/** The parts of a sensor_msgs/msg/LaserScan that matter to the gate. */
export interface LaserScan extends ScanGeometry {
  /** Metres. Nearer than `range_min` the scanner cannot measure, farther than `range_max` it does not see. */
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: ArrayLike<number>;
}

/** What a scan says of the way in front. */
export interface FrontRange {
  /** False where the scan does not say whether the way is free. */
  readonly usable: boolean;
  /** The nearest return, metres: `range_max` where nothing is in range, NaN where the scan is not usable. */
  readonly nearestM: number;
}

const UNUSABLE: FrontRange = { usable: false, nearestM: Number.NaN };

/**
 * The least range within the sector. By REP 117 +Inf is nothing in range, -Inf something too near to be measured (0 m here),
 * and NaN a ray that says nothing. A return below `range_min` is noise of the scanner, and says nothing either. Where no ray
 * says anything the scan is not usable, nor where the scanner is blind at the distances that count.
 */
export function frontRangeOf(scan: LaserScan, { rays, whole }: FrontSector, settings: GateSettings): FrontRange {
  const { range_min, range_max, ranges } = scan;
  const seesThreshold = range_min < settings.stopThresholdM && Number.isFinite(range_max);
  if (!whole || !seesThreshold || range_max < settings.stopThresholdM + settings.releaseM) return UNUSABLE;
  let nearestM = Number.POSITIVE_INFINITY;
  let usable = false;
  for (let at = 0; at < rays.length; at += 1) {
    const range = ranges[rays[at]];
    if (range === Number.NEGATIVE_INFINITY) return { usable: true, nearestM: 0 };
    // Of a ray without a return NaN is not at least anything.
    if (!(range >= Math.max(0, range_min))) continue;
    usable = true;
    if (range < nearestM) nearestM = range;
  }
  return usable ? { usable, nearestM: Math.min(nearestM, range_max) } : UNUSABLE;
}

/** Reads scan after scan; which rays go to the front is found out once for scans of the same geometry. */
export function frontReader(settings: GateSettings): (scan: LaserScan) => FrontRange {
  let known: LaserScan | undefined;
  let sector: FrontSector | undefined;
  return (scan) => {
    const same =
      known?.angle_min === scan.angle_min &&
      known.angle_increment === scan.angle_increment &&
      known.ranges.length === scan.ranges.length;
    if (!same || sector === undefined) sector = frontSectorOf(scan, settings.frontRad);
    known = scan;
    return frontRangeOf(scan, sector, settings);
  };
}
