/** A point of the floor, metres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A place and a heading: radians, counter-clockwise from the x axis. */
export interface Pose extends Point {
  readonly yaw: number;
}

/** A wall or a shelf: a box whose sides are parallel to the axes, metres. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** A person on the floor, seen from above. */
export interface Disc extends Point {
  readonly radiusM: number;
}

/** Returns the equivalent angle within -π to π. */
export function wrapAngle(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/** Returns the point `forward` metres ahead of a pose and `left` metres to its left. */
export function pointFrom({ x, y, yaw }: Pose, forward: number, left = 0): Point {
  return {
    x: x + forward * Math.cos(yaw) - left * Math.sin(yaw),
    y: y + forward * Math.sin(yaw) + left * Math.cos(yaw),
  };
}
