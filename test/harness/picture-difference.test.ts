import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MAX_DIFFERENCE, type Pixels, pictureDifference } from './picture-difference.ts';

const [WIDTH, HEIGHT] = [240, 150];
type Color = readonly [number, number, number];
interface Theme {
  readonly paper: Color;
  readonly card: Color;
  readonly ink: Color;
}
const LIGHT: Theme = { paper: [245, 247, 248], card: [255, 255, 255], ink: [20, 32, 42] };
const DARK: Theme = { paper: [13, 19, 23], card: [20, 28, 34], ink: [230, 236, 240] };

/** A drawn page of a navigation bar and two columns of cards with rows of text. */
interface Drawing {
  readonly theme?: Theme;
  /** Seed of the words. */
  readonly words?: number;
  readonly rows?: number;
  readonly right?: number;
  readonly hasLeft?: boolean;
  readonly hasNavigation?: boolean;
  readonly down?: number;
}

function drawn({
  theme = LIGHT,
  words = 1,
  rows = 12,
  right = 124,
  hasLeft = true,
  hasNavigation = true,
  down = 0,
}: Drawing = {}): Pixels {
  const data = new Uint8Array(4 * WIDTH * HEIGHT).fill(255);
  const random = seededRandom(words);
  const fill = (left: number, top: number, width: number, height: number, color: Color) => {
    for (let y = Math.max(0, top); y < Math.min(HEIGHT, top + height); y += 1)
      for (let x = left; x < Math.min(WIDTH, left + width); x += 1) data.set(color, 4 * (y * WIDTH + x));
  };
  const write = (left: number, top: number, width: number) => {
    for (let x = left; x < left + width; x += 1) {
      const share = 0.5 * random.float();
      const color = theme.card.map((channel, at) => channel + share * (theme.ink[at]! - channel));
      if (random.float() < 0.8) fill(x, top, 1, 2, color as unknown as Color);
    }
  };
  fill(0, 0, WIDTH, HEIGHT, theme.paper);
  if (hasNavigation) write(4, 4, 180);
  const column = (left: number) => {
    fill(left, 14 + down, 110, 10 + 8 * rows, theme.card);
    for (let row = 0; row < rows; row += 1) write(left + 4, 20 + down + 8 * row, 70 + Math.floor(30 * random.float()));
  };
  if (hasLeft) column(6);
  column(right);
  return { width: WIDTH, height: HEIGHT, data };
}

const PAGE = drawn();

describe('the difference of two pictures of a page', () => {
  const same: Readonly<Record<string, Pixels>> = {
    'the same page': drawn(),
    'other words and values': drawn({ words: 2 }),
    'one row more': drawn({ words: 3, rows: 13 }),
    'one row less': drawn({ words: 4, rows: 11 }),
    'a line above the content': drawn({ words: 5, down: 6 }),
  };
  for (const [name, picture] of Object.entries(same)) {
    it(`is tolerated for ${name}`, () => {
      const difference = pictureDifference(PAGE, picture);
      assert.ok(difference <= MAX_DIFFERENCE, `${difference}`);
    });
  }

  const broken: Readonly<Record<string, Pixels>> = {
    'the other theme': drawn({ theme: DARK }),
    'an empty page': drawn({ rows: 0, hasLeft: false, hasNavigation: false }),
    'a missing column': drawn({ words: 2, hasLeft: false }),
    'overlapping columns': drawn({ words: 2, right: 30 }),
    'content that is shifted to the right': drawn({ words: 2, hasLeft: false, right: 60 }),
    'content that is shifted down': drawn({ words: 2, down: 70 }),
    'half of the rows': drawn({ words: 2, rows: 5 }),
    'another size': { width: 120, height: 300, data: PAGE.data },
  };
  for (const [name, picture] of Object.entries(broken)) {
    it(`is reported for ${name}`, () => {
      const difference = pictureDifference(PAGE, picture);
      assert.ok(difference > MAX_DIFFERENCE, `${difference}`);
    });
  }
});
