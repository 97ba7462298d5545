import type { Point } from '../../world/plane.ts';
import { AISLES_Y, CROSS_AISLES_X } from '../../world/warehouse.ts';

/** A straight section of an aisle between two crossings; an edge in VDA 5050. */
export interface Lane {
  readonly id: string;
  readonly from: Crossing;
  readonly to: Crossing;
  /** Cost per metre from `from` to `to`, and back. */
  readonly costs: { readonly forth: number; readonly back: number };
}

/** A point where lanes meet; a node in VDA 5050. */
export interface Crossing extends Point {
  readonly id: string;
}

/** Cost factor along walls: people walk there, so robots drive slowly. */
const ALONG_A_WALL = 1.5;
/** Cost factor against the preferred direction of the aisles between the shelves. */
const AGAINST = 2;

const SIDES = ['W', 'E'];
const CROSSINGS: readonly Crossing[] = CROSS_AISLES_X.flatMap((x, side) =>
  AISLES_Y.map((y, row) => ({ id: `${SIDES[side]}${row + 1}`, x, y })),
);

/** Returns the crossing with this name. Throws if there is none. */
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
 * Lanes of the warehouse for fleet control: four aisles, and the cross aisles west and east of them. The dock is equally far
 * from the first aisle and from the cross aisle, and belongs to the cross aisle.
 */
export const LANES: readonly Lane[] = [
  ...[1, 2, 3].map((row) => crossAisle('west', 'W', row)),
  ...[1, 2, 3].map((row) => crossAisle('east', 'E', row)),
  aisle(1, { forth: ALONG_A_WALL, back: ALONG_A_WALL }),
  aisle(2, { forth: 1, back: AGAINST }),
  aisle(3, { forth: AGAINST, back: 1 }),
  aisle(4, { forth: ALONG_A_WALL, back: ALONG_A_WALL }),
];

/** Maximum distance to the middle of a lane at which a robot is in it, metres. At a crossing it is in all lanes. */
const STANDS_IN_M = 0.9;
/** Distance beyond which a robot is in no lane, metres. */
const STANDS_BY_M = 1.5;

/** Returns the lanes that contain `place`; if none does, the nearest one close to it. */
export function lanesAt(place: Point): readonly Lane[] {
  const within = LANES.filter((lane) => distanceTo(lane, place) < STANDS_IN_M);
  if (within.length > 0) return within;
  const nearest = nearestLane(place);
  return distanceTo(nearest, place) < STANDS_BY_M ? [nearest] : [];
}

/** Returns the nearest lane; of equally near lanes the first. */
export function nearestLane(place: Point): Lane {
  return LANES.reduce((nearest, lane) => (distanceTo(lane, place) < distanceTo(nearest, place) ? lane : nearest));
}

/** Returns the position of a place along a lane, 0 at `from` and 1 at `to`; outside of 0 to 1 beyond its ends. */
export function positionAlong({ from, to }: { readonly from: Point; readonly to: Point }, { x, y }: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy);
}

/** Metres between a place and the nearest point of a lane. */
function distanceTo(lane: Lane, place: Point): number {
  const { from, to } = lane;
  const share = Math.min(1, Math.max(0, positionAlong(lane, place)));
  return Math.hypot(from.x + share * (to.x - from.x) - place.x, from.y + share * (to.y - from.y) - place.y);
}
