import { type Crossing, crossing } from '../lanes/lanes.ts';
import { cheapestWay, type Stretch } from '../lanes/way.ts';

/**
 * Where the second robot carries goods, in order, round after round. The cheapest ways between them lead through every lane that
 * the first robot drives through on its round, and each of them can be driven to wherever that one is held up.
 */
export const STATIONS: readonly Crossing[] = ['W1', 'E1', 'W4'].map(crossing);

/** A stretch of the way, and the station that it ends at, as an index, where it ends at one that is to be called at. */
export interface RoundStretch extends Stretch {
  readonly station?: number;
}

/**
 * The way from a crossing to the next station, and on once around to it again, so that a lane that closes anywhere changes it. A
 * station to which there is no way is passed over.
 */
export function wayRound(from: Crossing, next: number, closed: ReadonlySet<string>): readonly RoundStretch[] {
  let place = from;
  const way: RoundStretch[] = [];
  for (let count = 0; count <= STATIONS.length; count += 1) {
    const station = (next + count) % STATIONS.length;
    const stretches = cheapestWay(place, STATIONS[station], closed);
    if (stretches === undefined) continue;
    way.push(...stretches.slice(0, -1), ...stretches.slice(-1).map((last) => ({ ...last, station })));
    place = STATIONS[station];
  }
  return way;
}
