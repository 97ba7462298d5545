import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { WIDTHS } from './calm-page.ts';
import { PICTURES } from './picture.ts';
import { MAX_DIFFERENCE, type Pixels } from './picture-difference.ts';

/** Folder of the contact sheets. */
export const SHEETS_FOLDER = join(PICTURES, 'sheets');

const THEMES = ['light', 'dark'] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

interface View {
  readonly height: number;
  readonly tile: Size;
  readonly maxDifference: number;
}

/** On a narrow page, a row more or less moves most of the content. Broken pages differ by 0.44 or more there. */
const NARROW = 0.4;

/** Height of the window, size of its thumbnail and permitted difference by width; pixels. */
const VIEWS: Readonly<Record<(typeof WIDTHS)[number], View>> = {
  360: { height: 780, tile: { width: 120, height: 260 }, maxDifference: NARROW },
  390: { height: 845, tile: { width: 120, height: 260 }, maxDifference: NARROW },
  768: { height: 1024, tile: { width: 180, height: 240 }, maxDifference: NARROW },
  1440: { height: 900, tile: { width: 240, height: 150 }, maxDifference: MAX_DIFFERENCE },
  2560: { height: 1600, tile: { width: 240, height: 150 }, maxDifference: MAX_DIFFERENCE },
};

/** All pages in one width and theme. */
export interface Sheet {
  /** Its file without extension: `360-dark`. */
  readonly name: string;
  readonly theme: (typeof THEMES)[number];
  /** Size of the window. */
  readonly window: Size;
  readonly tile: Size;
  /** Difference to the stored picture above which the layout of a page is broken. */
  readonly maxDifference: number;
}

export const SHEETS: readonly Sheet[] = WIDTHS.flatMap((width) =>
  THEMES.map((theme) => {
    const { height, ...view } = VIEWS[width];
    return { name: `${width}-${theme}`, theme, window: { width, height }, ...view };
  }),
);

/** Widest sheet, pixels: it fits the documentation without scrolling. */
const MAX_WIDTH = 1240;
const GAP = 8;
const LABEL_HEIGHT = 14;
/** Tiles stay recognizable, and a sheet has at most about 150 kB. */
const QUALITY = 0.55;

/** Returns the size of a sheet with `count` tiles, and the place of each. */
export function layoutOf({ tile }: Sheet, count: number) {
  const [stepX, stepY] = [tile.width + GAP, tile.height + LABEL_HEIGHT + GAP];
  const columns = Math.floor((MAX_WIDTH - GAP) / stepX);
  const places = Array.from({ length: count }, (_, at) => ({
    x: GAP + stepX * (at % columns),
    y: GAP + stepY * Math.floor(at / columns),
  }));
  return { width: GAP + stepX * columns, height: GAP + stepY * Math.ceil(count / columns), tile, places };
}

/** A thumbnail of a page. */
export interface Tile {
  readonly name: string;
  readonly pixels: Pixels;
}

/** Decodes, scales and encodes pictures in an empty page, so that no library is needed for it. */
export type TileCanvas = Awaited<ReturnType<typeof openTileCanvas>>;

export async function openTileCanvas(context: BrowserContext) {
  const page = await context.newPage();
  await page.addScriptTag({ path: join(import.meta.dirname, 'tile-canvas.js') });
  const call = <T>(name: string, ...args: readonly unknown[]): Promise<T> =>
    page.evaluate<T>(`tileCanvas.${name}(...${JSON.stringify(args)})`);
  return {
    /** Returns a thumbnail of the window of `view`. */
    async take(view: Page, { tile }: Sheet): Promise<Pixels> {
      const picture = await view.screenshot({ type: 'jpeg', quality: 90, scale: 'css', animations: 'disabled' });
      return pixels(tile, await call<string>('scaled', picture.toString('base64'), tile));
    },

    /** Returns a sheet as a WebP file. */
    async join(sheet: Sheet, tiles: readonly Tile[]): Promise<Buffer> {
      const plain = tiles.map(({ name, pixels: { data } }) => ({ name, pixels: Buffer.from(data).toString('base64') }));
      return Buffer.from(await call<string>('joined', plain, layoutOf(sheet, tiles.length), QUALITY), 'base64');
    },

    /** Returns the tiles of a WebP file; `undefined` if it has another number of rows. */
    async divide(sheet: Sheet, file: Buffer, count: number): Promise<readonly Pixels[] | undefined> {
      const layout = layoutOf(sheet, count);
      const tiles = await call<readonly string[] | undefined>('divided', file.toString('base64'), layout);
      return tiles?.map((data) => pixels(sheet.tile, data));
    },
  };
}

const pixels = (size: Size, data: string): Pixels => ({ ...size, data: Buffer.from(data, 'base64') });
