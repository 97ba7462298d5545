import { type FrontSector, frontSectorOf, type ScanGeometry } from './front-sector.ts';
import type { GateSettings } from './gate-settings.ts';

/** The parts of a sensor_msgs/msg/LaserScan that matter to the gate. */
export interface LaserScan extends ScanGeometry {
  /** Metres. The scanner measures from `range_min` to `range_max`. */
  readonly range_min: number;
  readonly range_max: number;
  readonly ranges: ArrayLike<number>;
}

/** Range in front according to a scan. */
export interface FrontRange {
  /** False if the scan does not show whether the path is free. */
  readonly usable: boolean;
  /** Nearest return, metres; `range_max` if nothing is in range, NaN if the scan is unusable. */
  readonly nearestM: number;
}

const UNUSABLE: FrontRange = { usable: false, nearestM: Number.NaN };

/**
 * Returns the minimum range within the sector. By REP 117, +Inf means nothing in range, -Inf too close to measure (0 m here),
 * and NaN an invalid ray. A return below `range_min` is noise and is ignored. A scan is unusable if no ray is valid, or if the
 * scanner cannot measure the relevant distances.
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
    // Also skips NaN, because every comparison with NaN is false.
    if (!(range >= Math.max(0, range_min))) continue;
    usable = true;
    if (range < nearestM) nearestM = range;
  }
  return usable ? { usable, nearestM: Math.min(nearestM, range_max) } : UNUSABLE;
}

/** Creates a reader for scans. It computes the front rays once per scan geometry. */
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
