import { distanceBetween } from '../../world/route.ts';
import { type Crossing, LANES, type Lane } from './lanes.ts';

/** A lane of a route with the crossing at its end. */
export interface RouteSegment {
  readonly lane: string;
  readonly to: Crossing;
}

/** A reached crossing during the search: cost and route. */
interface Reached {
  readonly crossing: Crossing;
  readonly cost: number;
  readonly way: readonly RouteSegment[];
}

/** Returns the cheapest route between two crossings through open lanes, or `undefined` if there is none. */
export function cheapestRoute(
  from: Crossing,
  to: Crossing,
  closed: ReadonlySet<string>,
): readonly RouteSegment[] | undefined {
  const settled = new Set<string>();
  let open: readonly Reached[] = [{ crossing: from, cost: 0, way: [] }];
  while (open.length > 0) {
    const nearest = open.reduce((least, one) => (one.cost < least.cost ? one : least));
    if (nearest.crossing.id === to.id) return nearest.way;
    settled.add(nearest.crossing.id);
    const next = LANES.filter(({ id }) => !closed.has(id)).flatMap((lane) => beyond(nearest, lane));
    open = [...open, ...next].filter(({ crossing }) => !settled.has(crossing.id));
  }
  return undefined;
}

/** Returns the crossing at the other end of a lane; empty unless the lane starts or ends at the reached crossing. */
function beyond({ crossing, cost, way }: Reached, { id, from, to, costs }: Lane): readonly Reached[] {
  if (crossing.id !== from.id && crossing.id !== to.id) return [];
  const forth = crossing.id === from.id;
  const end = forth ? to : from;
  const metres = distanceBetween(from, to);
  const more = metres * (forth ? costs.forth : costs.back);
  return [{ crossing: end, cost: cost + more, way: [...way, { lane: id, to: end }] }];
}
