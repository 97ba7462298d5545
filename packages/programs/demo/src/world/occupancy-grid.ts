import { WAREHOUSE } from './warehouse.ts';

/** The warehouse as a map: rows from the origin up, 0 for free and 100 for occupied (nav_msgs/msg/OccupancyGrid). */
export interface OccupancyGrid {
  readonly resolutionM: number;
  readonly width: number;
  readonly height: number;
  readonly cells: Int8Array;
}

const OCCUPIED = 100;

/** Draws the boxes of the warehouse into a grid. */
export function drawWarehouse(resolutionM: number): OccupancyGrid {
  const width = Math.round(WAREHOUSE.widthM / resolutionM);
  const height = Math.round(WAREHOUSE.heightM / resolutionM);
  const cells = new Int8Array(width * height);
  for (const { minX, minY, maxX, maxY } of WAREHOUSE.boxes) {
    const left = Math.round(minX / resolutionM);
    const right = Math.round(maxX / resolutionM);
    for (let row = Math.round(minY / resolutionM); row < Math.round(maxY / resolutionM); row += 1) {
      cells.fill(OCCUPIED, row * width + left, row * width + right);
    }
  }
  return { resolutionM, width, height, cells };
}
