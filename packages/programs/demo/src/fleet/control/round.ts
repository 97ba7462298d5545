import { cheapestRoute, type RouteSegment } from '../lanes/lane-route.ts';
import { type Crossing, crossing } from '../lanes/lanes.ts';

/**
 * Stations of the second robot, in order, for each round. The cheapest routes between them use every lane of the first robot's
 * round, and each station stays reachable wherever the first robot is blocked.
 */
export const STATIONS: readonly Crossing[] = ['W1', 'E1', 'W4'].map(crossing);

/** A stretch of a route, with the index of the station at its end, if any. */
export interface RoundSegment extends RouteSegment {
  readonly station?: number;
}

/**
 * Returns the route from a crossing to the next station and once around back to it, so that a closure anywhere changes it.
 * Unreachable stations are skipped.
 */
export function roundTripRoute(from: Crossing, next: number, closed: ReadonlySet<string>): readonly RoundSegment[] {
  let place = from;
  const way: RoundSegment[] = [];
  for (let count = 0; count <= STATIONS.length; count += 1) {
    const station = (next + count) % STATIONS.length;
    const stretches = cheapestRoute(place, STATIONS[station], closed);
    if (stretches === undefined) continue;
    way.push(...stretches.slice(0, -1), ...stretches.slice(-1).map((last) => ({ ...last, station })));
    place = STATIONS[station];
  }
  return way;
}
