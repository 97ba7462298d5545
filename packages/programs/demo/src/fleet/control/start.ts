import type { Point } from '../../world/plane.ts';
import { distanceBetween } from '../../world/route.ts';
import { nearestLane, positionAlong } from '../lanes/lanes.ts';
import type { Closure } from './closures.ts';
import type { Start, Trip } from './trip.ts';

/** Maximum distance at which a robot counts as at a crossing, metres. */
const AT_CROSSING_M = 0.3;

/** Returns where a robot at `place` can start a trip: not at an end of its lane behind another robot. */
export function startAt(place: Point, closures: readonly Closure[]): Start {
  const lane = nearestLane(place);
  const ends = [lane.from, lane.to].toSorted(
    (one, other) => distanceBetween(one, place) - distanceBetween(other, place),
  );
  if (distanceBetween(ends[0], place) < AT_CROSSING_M) return { node: ends[0] };
  const node = { id: `halt-in-${lane.id}`, x: place.x, y: place.y };
  const inLane = closures.filter((closure) => closure.lane === lane.id);
  const free = ends.find((end) => !inLane.some((closure) => isAhead(node, end, closure.place)));
  return { node, entry: { lane: lane.id, to: free ?? ends[0] } };
}

/** Returns whether another robot blocks the lane ahead of a robot at `place`. */
export function isBlockedAhead({ stops: [, stop] }: Trip, place: Point, closures: readonly Closure[]): boolean {
  if (stop === undefined || !stop.released) return false;
  return closures.some(({ lane, place: blocked }) => lane === stop.lane && isAhead(place, stop.node, blocked));
}

/** Returns whether a blocked place is ahead on the way from a place to the end of its lane, or beyond. */
function isAhead(from: Point, end: Point, blocked: Point): boolean {
  return positionAlong({ from, to: end }, blocked) > 0;
}
