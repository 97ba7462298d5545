/** A picture as RGBA bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Side of the compared blocks, pixels: about three lines of text on a thumbnail of a laptop, one on that of a phone. */
const BLOCK = 10;
/** Vertical distance in pixels within which a block may be found again: one row more or less moves the rest. */
const MAX_SHIFT = 12;
const SHIFT_STEP = 3;
/** Distance of two blocks above which they differ. Other words in the same place are below it, a blank block is above. */
const MAX_DISTANCE = 12;
/** Difference of two pictures above which the layout is broken. */
export const MAX_DIFFERENCE = 0.3;

/** Blocks with less detail are blank. */
const MIN_DETAIL = 1.5;

/** Mean brightness and colour of a block, and the mean deviation of its brightness. */
interface Block {
  readonly light: number;
  readonly blue: number;
  readonly red: number;
  readonly detail: number;
}

/**
 * Returns how different the layouts of two pictures of the same size are: the share of blocks without a counterpart,
 * relative to those with content. 0 is the same layout, 1 another theme or page.
 */
export function pictureDifference(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height) return 1;
  const [one, other] = [unmatched(a, b), unmatched(b, a)];
  return Math.min(1, (one.unmatched + other.unmatched) / Math.max(1, one.occupied + other.occupied));
}

/** Counts the blocks of `picture` that are not in `other` at about the same place. */
function unmatched(picture: Pixels, other: Pixels): { readonly unmatched: number; readonly occupied: number } {
  let [count, occupied] = [0, 0];
  for (let y = 0; y + BLOCK <= picture.height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= picture.width; x += BLOCK) {
      const block = blockAt(picture, x, y);
      if (block.detail >= MIN_DETAIL) occupied += 1;
      if (!isNear(block, other, x, y)) count += 1;
    }
  }
  return { unmatched: count, occupied };
}

function isNear(block: Block, other: Pixels, x: number, y: number): boolean {
  for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift += SHIFT_STEP) {
    const top = y + shift;
    if (top < 0 || top + BLOCK > other.height) continue;
    if (distance(block, blockAt(other, x, top)) <= MAX_DISTANCE) return true;
  }
  return false;
}

const distance = (a: Block, b: Block): number =>
  Math.abs(a.light - b.light) + Math.abs(a.blue - b.blue) + Math.abs(a.red - b.red) + Math.abs(a.detail - b.detail);

function blockAt({ width, data }: Pixels, left: number, top: number): Block {
  let [light, blue, red] = [0, 0, 0];
  for (let y = top; y < top + BLOCK; y += 1) {
    for (let x = left; x < left + BLOCK; x += 1) {
      const at = 4 * (y * width + x);
      const brightness = lightAt(data, at);
      light += brightness;
      red += data[at]! - brightness;
      blue += data[at + 2]! - brightness;
    }
  }
  const mean = light / BLOCK ** 2;
  let detail = 0;
  for (let y = top; y < top + BLOCK; y += 1) {
    for (let x = left; x < left + BLOCK; x += 1) detail += Math.abs(lightAt(data, 4 * (y * width + x)) - mean);
  }
  return { light: mean, blue: blue / BLOCK ** 2, red: red / BLOCK ** 2, detail: detail / BLOCK ** 2 };
}

/** Returns the brightness of the pixel at a byte. */
const lightAt = (data: Uint8Array, at: number): number =>
  0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
