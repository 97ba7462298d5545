import type { Disc, Pose } from '../world/plane.ts';
import { castRay } from '../world/raycast.ts';
import { WAREHOUSE } from '../world/warehouse.ts';

export const IMAGE_WIDTH = 640;
export const IMAGE_HEIGHT = 480;
const CHANNELS = 3;
export const FOCAL_PX = 554;

const CEILING = [58, 64, 74] as const;
const FLOOR = [112, 108, 100] as const;
const WALL = [196, 186, 160] as const;
const PERSON = [230, 92, 24] as const;
/** Half the height of walls and shelves above and below the camera, metres. */
const WALL_HALF_M = 1.2;
/** Distance at which the light has fallen to half, metres. */
const HALF_LIGHT_M = 6;

/**
 * Renders the view of the camera: walls, shelves and people as columns whose height depends on their distance. Writes red, green
 * and blue of every pixel into `pixels`, which must hold `IMAGE_WIDTH * IMAGE_HEIGHT * 3` bytes.
 */
export function renderView(camera: Pose, people: readonly Disc[], pixels: Uint8Array): void {
  const tops = new Int16Array(IMAGE_WIDTH);
  const colours = new Uint8Array(IMAGE_WIDTH * CHANNELS);
  for (let column = 0; column < IMAGE_WIDTH; column += 1) {
    const bearing = Math.atan2(IMAGE_WIDTH / 2 - column, FOCAL_PX);
    const wallM = castRay(camera, camera.yaw + bearing, { boxes: WAREHOUSE.boxes, discs: [] });
    const personM = castRay(camera, camera.yaw + bearing, { boxes: [], discs: people });
    const distance = Math.max(0.05, Math.min(wallM, personM)) * Math.cos(bearing);
    tops[column] = Math.max(0, Math.round(IMAGE_HEIGHT / 2 - (WALL_HALF_M * FOCAL_PX) / distance));
    const light = HALF_LIGHT_M / (HALF_LIGHT_M + distance);
    const colour = personM < wallM ? PERSON : WALL;
    for (let channel = 0; channel < CHANNELS; channel += 1)
      colours[column * CHANNELS + channel] = colour[channel] * light;
  }
  for (let row = 0; row < IMAGE_HEIGHT; row += 1) {
    const fromMiddle = Math.min(row, IMAGE_HEIGHT - 1 - row);
    const [red, green, blue] = row < IMAGE_HEIGHT / 2 ? CEILING : FLOOR;
    let at = row * IMAGE_WIDTH * CHANNELS;
    for (let column = 0; column < IMAGE_WIDTH; column += 1, at += CHANNELS) {
      const wall = fromMiddle >= tops[column];
      pixels[at] = wall ? colours[column * CHANNELS] : red;
      pixels[at + 1] = wall ? colours[column * CHANNELS + 1] : green;
      pixels[at + 2] = wall ? colours[column * CHANNELS + 2] : blue;
    }
  }
}
