import { type Disc, type Pose, pointFrom } from '../world/plane.ts';

const PERSON_RADIUS_M = 0.25;
const WALKING_MPS = 2.4;
/** Distance from the robot's path at which the person waits. */
export const ASIDE_M = 1.8;
/** Distance between the lidar and the person in front of it. */
export const CLEARANCE_M = 0.11;

/** Returns the distance from the robot's path, metres, after walking for `stepSec`. At `ASIDE_M` the path is free. */
export function walk(asideM: number, inTheWay: boolean, stepSec: number): number {
  const step = WALKING_MPS * stepSec;
  return inTheWay ? Math.max(0, asideM - step) : Math.min(ASIDE_M, asideM + step);
}

/** Returns the person in front of the lidar, or an empty list if the person is out of the way. */
export function personAt(lidar: Pose, asideM: number): readonly Disc[] {
  if (asideM >= ASIDE_M) return [];
  return [{ ...pointFrom(lidar, CLEARANCE_M + PERSON_RADIUS_M, asideM), radiusM: PERSON_RADIUS_M }];
}
