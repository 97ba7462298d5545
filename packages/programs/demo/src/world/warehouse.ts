import type { Box, Point, Pose } from './plane.ts';

const WIDTH_M = 20;
const HEIGHT_M = 12;
const WALL_M = 0.2;

const box = (minX: number, minY: number, maxX: number, maxY: number): Box => ({ minX, minY, maxX, maxY });

/** A hall with three rows of shelves, and a dock in the corner at its origin. */
export const WAREHOUSE = {
  widthM: WIDTH_M,
  heightM: HEIGHT_M,
  boxes: [
    box(0, 0, WIDTH_M, WALL_M),
    box(0, HEIGHT_M - WALL_M, WIDTH_M, HEIGHT_M),
    box(0, 0, WALL_M, HEIGHT_M),
    box(WIDTH_M - WALL_M, 0, WIDTH_M, HEIGHT_M),
    box(4, 2.5, 16, 3.5),
    box(4, 5.5, 16, 6.5),
    box(4, 8.5, 16, 9.5),
  ] as readonly Box[],
};

/** Start pose, and the place where the robot charges. */
export const DOCK: Pose = { x: 1.2, y: 1.2, yaw: Math.PI / 2 };

/** The places of one round, in order; the last one is the dock. */
export const ROUND: readonly Point[] = [
  { x: 2.2, y: 4.5 },
  { x: 17.8, y: 4.5 },
  { x: 17.8, y: 7.5 },
  { x: 2.2, y: 7.5 },
  { x: 2.2, y: 4.5 },
  DOCK,
];

/** Centre lines of the cross aisles at both ends. */
export const CROSS_AISLES_X: readonly number[] = [2.2, 17.8];
/** Centre lines of the aisles between the shelves and along the walls. */
export const AISLES_Y: readonly number[] = [1.2, 4.5, 7.5, 10.7];

/** Intersections of the aisles with the cross aisles. */
export const CORRIDOR_CORNERS: readonly Point[] = CROSS_AISLES_X.flatMap((x) => AISLES_Y.map((y) => ({ x, y })));
