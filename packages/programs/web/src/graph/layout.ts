import { columnsOf } from './columns-of.ts';

/** A card of the picture: a node with a row for each topic that it publishes. */
export interface Card {
  readonly id: string;
  readonly rows: number;
}

/** A connection between two cards, from a row of the source. */
export interface Line {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Index of the row of the source card. */
  readonly row: number;
}

/** Sizes in CSS pixels. */
export interface Sizes {
  readonly cardWidth: number;
  readonly headHeight: number;
  readonly rowHeight: number;
  /** Between two columns; lines run here. */
  readonly columnGap: number;
  /** Between two cards of a column. */
  readonly cardGap: number;
}

export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** The picture: the place of each card, and the path of each line with its end. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly cards: ReadonlyMap<string, Placed>;
  readonly lines: readonly { readonly id: string; readonly path: string; readonly x: number; readonly y: number }[];
}

/** Height of the lane that a long line takes in a column that it passes. */
const LANE = 14;
const ROUNDS = 8;
/** Space for the arrow at the end of a line. */
const ARROW = 8;
/** Distance between two lines that enter a card, and of the first from its edge. */
const MAX_INPUT_STEP = 11;
const INPUT_MARGIN = 6;

/** Places cards in columns from left to right, so that most lines lead to the right. */
export function layOut(cards: readonly Card[], lines: readonly Line[], sizes: Sizes): Layout {
  const { cardWidth, headHeight, rowHeight, columnGap } = sizes;
  const known = new Set(cards.map(({ id }) => id));
  const drawn = lines.filter(({ source, target }) => known.has(source) && known.has(target));
  const rows = new Map(cards.map(({ id, rows: count }) => [id, count]));
  const { columns, neighbours, lanes } = columnsOf(
    cards.map(({ id }) => id),
    drawn,
  );
  const heightOf = (id: string): number => {
    const count = rows.get(id);
    return count === undefined ? LANE : headHeight + count * rowHeight;
  };
  const tops = placeColumns(columns, { neighbours, heightOf, gap: sizes.cardGap });
  const placed = new Map<string, Placed>();
  for (const [at, column] of columns.entries()) {
    for (const id of column) {
      placed.set(id, { x: at * (cardWidth + columnGap), y: tops.get(id) ?? 0, height: heightOf(id) });
    }
  }
  const bottom = Math.max(0, ...[...placed.values()].map(({ y, height }) => y + height));
  const router = { sizes, placed, lanes, bottom, back: 0 };
  const inputs = inputsOf(drawn, placed, headHeight);
  const paths = drawn.map((line) => ({ id: line.id, ...route(line, inputs.get(line.id) ?? 0, router) }));
  return {
    width: columns.length * (cardWidth + columnGap) - columnGap,
    height: bottom + (router.back > 0 ? router.back * LANE + LANE : 0),
    cards: new Map([...placed].filter(([id]) => known.has(id))),
    lines: paths,
  };
}

interface ColumnOptions {
  readonly neighbours: ReadonlyMap<string, readonly string[]>;
  readonly heightOf: (id: string) => number;
  readonly gap: number;
}

/** Returns the top of each member: close to the middle of its neighbours, in the order of the column. */
function placeColumns(columns: readonly (readonly string[])[], options: ColumnOptions): Map<string, number> {
  const { neighbours, heightOf, gap } = options;
  const tops = new Map<string, number>();
  for (const column of columns) {
    let top = 0;
    for (const id of column) {
      tops.set(id, top);
      top += heightOf(id) + gap;
    }
  }
  const middle = (id: string): number => (tops.get(id) ?? 0) + heightOf(id) / 2;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const column of round % 2 === 0 ? columns : columns.toReversed()) {
      const wanted = column.map((id) => mean((neighbours.get(id) ?? []).map(middle), middle(id)) - heightOf(id) / 2);
      let free = Number.NEGATIVE_INFINITY;
      const set = column.map((id, at) => {
        const top = Math.max(wanted[at]!, free);
        free = top + heightOf(id) + gap;
        return top;
      });
      // Members that were pushed down move the whole column up by the mean.
      const shift = mean(
        set.map((top, at) => top - wanted[at]!),
        0,
      );
      for (const [at, id] of column.entries()) tops.set(id, set[at]! - shift);
    }
  }
  const least = Math.min(...tops.values());
  return new Map([...tops].map(([id, top]) => [id, Math.round(top - least)]));
}

function mean(values: readonly number[], otherwise: number): number {
  return values.length === 0 ? otherwise : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the height at which each line enters its target: around the head of the card, in the order of the sources. */
function inputsOf(lines: readonly Line[], placed: ReadonlyMap<string, Placed>, head: number): Map<string, number> {
  const inputs = new Map<string, number>();
  const from = ({ source, row }: Line): number => (placed.get(source)?.y ?? 0) + row;
  for (const [target, all] of Map.groupBy(lines, (line) => line.target)) {
    const { y, height } = placed.get(target)!;
    const step = Math.min(MAX_INPUT_STEP, (height - 2 * INPUT_MARGIN) / all.length);
    const middle = Math.max(head / 2, INPUT_MARGIN + (step * (all.length - 1)) / 2);
    for (const [at, line] of all.toSorted((one, other) => from(one) - from(other)).entries()) {
      inputs.set(line.id, y + middle + (at - (all.length - 1) / 2) * step);
    }
  }
  return inputs;
}

interface Router {
  readonly sizes: Sizes;
  readonly placed: ReadonlyMap<string, Placed>;
  /** Lanes through which a long line passes the columns between its ends. */
  readonly lanes: ReadonlyMap<string, readonly string[]>;
  readonly bottom: number;
  /** Number of lines that lead back so far; each has a lane below all cards. */
  back: number;
}

function route(line: Line, input: number, router: Router) {
  const { placed, sizes, lanes } = router;
  const source = placed.get(line.source)!;
  const target = placed.get(line.target)!;
  const start = { x: source.x + sizes.cardWidth, y: source.y + sizes.headHeight + (line.row + 0.5) * sizes.rowHeight };
  const end = { x: target.x, y: input };
  if (target.x <= source.x) {
    router.back += 1;
    const below = router.bottom + router.back * LANE;
    const bend = sizes.columnGap / 2;
    const path = `M${start.x},${start.y}C${start.x + bend},${start.y} ${start.x + bend},${below} ${start.x},${below}L${end.x},${below}C${end.x - bend},${below} ${end.x - bend},${end.y} ${end.x - ARROW},${end.y}`;
    return { path, ...end };
  }
  let path = `M${start.x},${start.y}`;
  let at = start;
  const curve = (x: number, y: number): void => {
    const half = (x - at.x) / 2;
    path += `C${at.x + half},${at.y} ${x - half},${y} ${x},${y}`;
    at = { x, y };
  };
  for (const lane of lanes.get(line.id) ?? []) {
    const { x, y } = placed.get(lane)!;
    curve(x, y + LANE / 2);
    path += `h${sizes.cardWidth}`;
    at = { x: x + sizes.cardWidth, y: y + LANE / 2 };
  }
  curve(end.x - ARROW, end.y);
  return { path, ...end };
}
