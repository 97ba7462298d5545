import type { Box, Disc, Point } from './plane.ts';

export interface Obstacles {
  readonly boxes: readonly Box[];
  readonly discs: readonly Disc[];
}

/** Returns the distance at which a ray enters a box, metres; infinite if it misses or starts inside. */
function distanceToBox(from: Point, dirX: number, dirY: number, box: Box): number {
  const nearX = ((dirX > 0 ? box.minX : box.maxX) - from.x) / dirX;
  const farX = ((dirX > 0 ? box.maxX : box.minX) - from.x) / dirX;
  const nearY = ((dirY > 0 ? box.minY : box.maxY) - from.y) / dirY;
  const farY = ((dirY > 0 ? box.maxY : box.minY) - from.y) / dirY;
  const enter = Math.max(nearX, nearY);
  return enter >= 0 && enter <= Math.min(farX, farY) ? enter : Number.POSITIVE_INFINITY;
}

function distanceToDisc(from: Point, dirX: number, dirY: number, disc: Disc): number {
  const toX = disc.x - from.x;
  const toY = disc.y - from.y;
  const along = toX * dirX + toY * dirY;
  const missed = toX * toX + toY * toY - along * along;
  const half = disc.radiusM * disc.radiusM - missed;
  const enter = along - Math.sqrt(half);
  return half >= 0 && enter >= 0 ? enter : Number.POSITIVE_INFINITY;
}

/** Returns the distance from a point to the nearest obstacle in the direction `angle`, metres, or infinity. */
export function castRay(from: Point, angle: number, { boxes, discs }: Obstacles): number {
  // Avoids a division by zero for a ray along an axis, and 0/0 if it also runs along the side of a box.
  const dirX = Math.cos(angle) || Number.MIN_VALUE;
  const dirY = Math.sin(angle) || Number.MIN_VALUE;
  let nearest = Number.POSITIVE_INFINITY;
  for (const box of boxes) nearest = Math.min(nearest, distanceToBox(from, dirX, dirY, box));
  for (const disc of discs) nearest = Math.min(nearest, distanceToDisc(from, dirX, dirY, disc));
  return nearest;
}
