import type { LaserScan } from '../recordings/laser-scan.ts';

/** Types of values that are drawn, by their message type. */
export const PICTURE_TYPES = ['sensor_msgs/msg/LaserScan', 'nav_msgs/msg/OccupancyGrid'] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Returns the type if its values are drawn. */
export const pictureType = (type: string | undefined): PictureType | undefined =>
  PICTURE_TYPES.find((each) => each === type);

/** Types of values that are images. Their JSON has megabytes, so pages show only their picture. */
const IMAGE_TYPES: readonly unknown[] = ['sensor_msgs/msg/Image', 'sensor_msgs/msg/CompressedImage'];

/** Returns whether the values of a type are images. */
export const isImageType = (type: string | undefined): boolean => IMAGE_TYPES.includes(type);

/** Returns the scan in a JSON value, in which infinite and missing ranges are `null`; `undefined` if it is none. */
export function scanOf(value: unknown): LaserScan | undefined {
  const { angle_min, angle_increment, range_min, range_max, ranges } = Object(value);
  const numbers = [angle_min, angle_increment, range_min, range_max];
  if (!numbers.every((number) => typeof number === 'number') || !Array.isArray(ranges)) return undefined;
  const measured = Float32Array.from(ranges, (range) => (typeof range === 'number' ? range : Number.NaN));
  return { angle_min, angle_increment, range_min, range_max, ranges: measured };
}

/** A map: `cells` are rows from the bottom, each cell -1 (unknown) or 0 to 100, the probability of an obstacle. */
export interface GridMap {
  readonly width: number;
  readonly height: number;
  /** Metres per cell. */
  readonly resolution: number;
  readonly cells: readonly number[];
}

/** Maximum cells that are drawn: 2048 × 2048. */
const MAX_CELLS = 4_194_304;

/** Returns the map in a JSON value of `nav_msgs/msg/OccupancyGrid`; `undefined` if it is none, or too large. */
export function gridOf(value: unknown): GridMap | undefined {
  const { info, data } = Object(value);
  const { width, height, resolution } = Object(info);
  const [columns, rows] = [Number(width), Number(height)];
  const isSize = Number.isInteger(columns) && Number.isInteger(rows) && columns > 0 && rows > 0;
  if (!isSize || columns * rows > MAX_CELLS || !Array.isArray(data) || data.length < columns * rows) return undefined;
  return { width: columns, height: rows, resolution: Number(resolution) || 0, cells: data };
}

/** An opaque colour: red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Returns the pixels of a map, top row first, between the colours of free and occupied; unknown cells are transparent. */
export function pixelsOf({ width, height, cells }: GridMap, free: Colour, occupied: Colour): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const cell = Number(cells[(height - 1 - row) * width + column]);
      if (!(cell >= 0)) continue;
      const share = Math.min(100, cell) / 100;
      const at = (row * width + column) * 4;
      for (const channel of [0, 1, 2] as const)
        pixels[at + channel] = free[channel] + (occupied[channel] - free[channel]) * share;
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}
