import type { Box, Point } from './plane.ts';
import { CORRIDOR_CORNERS, WAREHOUSE } from './warehouse.ts';

/** Minimum distance of the robot's centre to walls and shelves on its route, unless it starts closer. */
const ROUTE_CLEARANCE_M = 0.45;
/** Clearance of a destination, larger than on the route, because the robot does not stop on the spot. */
export const GOAL_CLEARANCE_M = 0.6;

/** Returns whether a robot can stand at `point` of the warehouse. */
export function isFree({ x, y }: Point, clearanceM = GOAL_CLEARANCE_M): boolean {
  const inHall = x >= 0 && x <= WAREHOUSE.widthM && y >= 0 && y <= WAREHOUSE.heightM;
  return inHall && WAREHOUSE.boxes.every((box) => gapBetween({ x, y }, box) >= clearanceM);
}

/** Returns the waypoints of the shortest route around all shelves; `to` is last. */
export function routeBetween(from: Point, to: Point): readonly Point[] {
  const open = [from, ...CORRIDOR_CORNERS, to];
  const lengths = open.map((point) => (point === from ? 0 : Number.POSITIVE_INFINITY));
  const before = new Map<Point, Point>();
  const settled = new Set<number>();
  for (;;) {
    const nearest = nearestOf(lengths, settled);
    if (nearest === undefined || open[nearest] === to) break;
    settled.add(nearest);
    for (const [index, point] of open.entries()) {
      const length = lengths[nearest] + distanceBetween(open[nearest], point);
      if (settled.has(index) || length >= lengths[index] || !isClear(open[nearest], point)) continue;
      lengths[index] = length;
      before.set(point, open[nearest]);
    }
  }
  const way: Point[] = [to];
  for (let at = before.get(to); at !== undefined && at !== from; at = before.get(at)) way.unshift(at);
  return way;
}

export function distanceBetween(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** Returns the length of a route that starts at `from`, metres. */
export function lengthOf(from: Point, way: readonly Point[]): number {
  return way.reduce((sum, point, index) => sum + distanceBetween(index === 0 ? from : way[index - 1], point), 0);
}

function nearestOf(lengths: readonly number[], settled: ReadonlySet<number>): number | undefined {
  let nearest: number | undefined;
  for (const [index, length] of lengths.entries()) {
    if (settled.has(index) || length === Number.POSITIVE_INFINITY) continue;
    if (nearest === undefined || length < lengths[nearest]) nearest = index;
  }
  return nearest;
}

/** Returns whether a robot can drive straight between two places, no closer to obstacles than at either end. */
function isClear(from: Point, to: Point): boolean {
  return !WAREHOUSE.boxes.some((box) => {
    const clearanceM = Math.min(ROUTE_CLEARANCE_M, gapBetween(from, box), gapBetween(to, box));
    return crosses(from, to, inflated(box, clearanceM));
  });
}

function inflated({ minX, minY, maxX, maxY }: Box, by: number): Box {
  return { minX: minX - by, minY: minY - by, maxX: maxX + by, maxY: maxY + by };
}

/** Returns the distance of a place to a box; negative inside. */
function gapBetween({ x, y }: Point, { minX, minY, maxX, maxY }: Box): number {
  return Math.max(minX - x, x - maxX, minY - y, y - maxY);
}

/** Returns whether a straight line crosses the inside of a box. */
function crosses(from: Point, to: Point, { minX, minY, maxX, maxY }: Box): boolean {
  const [enterX, leaveX] = partBetween(from.x, to.x, minX, maxX);
  const [enterY, leaveY] = partBetween(from.y, to.y, minY, maxY);
  return Math.max(enterX, enterY, 0) < Math.min(leaveX, leaveY, 1);
}

/**
 * Returns the interval in which a coordinate that runs from `from` (0) to `to` (1) lies between two bounds; an empty interval if
 * it never does.
 */
function partBetween(from: number, to: number, least: number, most: number): readonly [number, number] {
  if (from === to) {
    const inside = from > least && from < most;
    return inside ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [1, 0];
  }
  const atLeast = (least - from) / (to - from);
  const atMost = (most - from) / (to - from);
  return atLeast < atMost ? [atLeast, atMost] : [atMost, atLeast];
}
