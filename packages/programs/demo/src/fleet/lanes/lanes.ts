import type { Point } from '../../world/plane.ts';
import { AISLES_Y, CROSS_AISLES_X } from '../../world/warehouse.ts';

/** A straight piece of an aisle between two crossings: an edge in the words of VDA 5050. */
export interface Lane {
  readonly id: string;
  readonly from: Crossing;
  readonly to: Crossing;
  /** What a metre of it costs a robot that drives from `from` to `to`, and one that drives back. */
  readonly costs: { readonly forth: number; readonly back: number };
}

/** Where lanes meet: a node in the words of VDA 5050. */
export interface Crossing extends Point {
  readonly id: string;
}

/** People walk along the walls, and robots drive slowly there. */
const ALONG_A_WALL = 1.5;
/** The aisles between the shelves are driven one way; against it only where there is no other. */
const AGAINST = 2;

const SIDES = ['W', 'E'];
const CROSSINGS: readonly Crossing[] = CROSS_AISLES_X.flatMap((x, side) =>
  AISLES_Y.map((y, row) => ({ id: `${SIDES[side]}${row + 1}`, x, y })),
);

/** The crossing of this name. Throws where there is none. */
export function crossing(id: string): Crossing {
  const found = CROSSINGS.find((one) => one.id === id);
  if (found === undefined) throw new RangeError(`the warehouse has no crossing ${id}`);
  return found;
}

const aisle = (row: number, costs: Lane['costs']): Lane => ({
  id: `aisle-${row}`,
  from: crossing(`W${row}`),
  to: crossing(`E${row}`),
  costs,
});

const crossAisle = (name: string, side: string, row: number): Lane => ({
  id: `${name}-${row}`,
  from: crossing(`${side}${row}`),
  to: crossing(`${side}${row + 1}`),
  costs: { forth: 1, back: 1 },
});

/**
 * The lanes of the warehouse as its fleet control knows them: four aisles, and the cross aisles west and east of them. The dock lies
 * as far from the first aisle as from the cross aisle, to which it belongs.
 */
export const LANES: readonly Lane[] = [
  ...[1, 2, 3].map((row) => crossAisle('west', 'W', row)),
  ...[1, 2, 3].map((row) => crossAisle('east', 'E', row)),
  aisle(1, { forth: ALONG_A_WALL, back: ALONG_A_WALL }),
  aisle(2, { forth: 1, back: AGAINST }),
  aisle(3, { forth: AGAINST, back: 1 }),
  aisle(4, { forth: ALONG_A_WALL, back: ALONG_A_WALL }),
];

/** Whoever is nearer to the middle of a lane stands in it, metres: in all of them at a crossing. */
const STANDS_IN_M = 0.9;
/** Whoever is further away stands in none. */
const STANDS_BY_M = 1.5;

/** The lanes that somebody at `place` stands in; where that is in none, the nearest one that they stand by. */
export function lanesAt(place: Point): readonly Lane[] {
  const within = LANES.filter((lane) => distanceTo(lane, place) < STANDS_IN_M);
  if (within.length > 0) return within;
  const nearest = nearestLane(place);
  return distanceTo(nearest, place) < STANDS_BY_M ? [nearest] : [];
}

/** Of lanes that are as near the first one. */
export function nearestLane(place: Point): Lane {
  return LANES.reduce((nearest, lane) => (distanceTo(lane, place) < distanceTo(nearest, place) ? lane : nearest));
}

/** How far along a lane the place lies, 0 at `from` and 1 at `to`; beyond that where it lies before or behind the lane. */
export function shareAlong({ from, to }: { readonly from: Point; readonly to: Point }, { x, y }: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy);
}

/** Metres between a place and the nearest point of a lane. */
function distanceTo(lane: Lane, place: Point): number {
  const { from, to } = lane;
  const share = Math.min(1, Math.max(0, shareAlong(lane, place)));
  return Math.hypot(from.x + share * (to.x - from.x) - place.x, from.y + share * (to.y - from.y) - place.y);
}
