import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { columnsOf } from './columns-of.ts';
import { type Line, layOut } from './layout.ts';

const SIZES = { cardWidth: 200, headHeight: 32, rowHeight: 24, columnGap: 80, cardGap: 16 };
const line = (source: string, target: string, row = 0): Line => ({ id: `${source} ${target}`, source, target, row });
const cards = (...ids: readonly string[]) => ids.map((id) => ({ id, rows: 1 }));

describe('the columns of a graph', () => {
  it('follow the flow, and a source is directly before its target', () => {
    const links = [line('a', 'b'), line('b', 'c'), line('late', 'c')];
    assert.deepEqual(columnsOf(['c', 'late', 'b', 'a'], links).columns, [['a'], ['late', 'b'], ['c']]);
  });

  it('exist for cycles, and for a node that listens to itself', () => {
    const { columns } = columnsOf(['a', 'b'], [line('a', 'b'), line('b', 'a'), line('a', 'a')]);
    assert.deepEqual(columns, [['a'], ['b']]);
  });

  it('have a lane for a line that passes them', () => {
    const { columns, lanes } = columnsOf(['a', 'b', 'c'], [line('a', 'b'), line('b', 'c'), line('a', 'c')]);
    assert.deepEqual(lanes.get('a c'), ['lane 1 a c']);
    assert.equal(columns[1]?.length, 2);
  });
});

describe('the layout of a graph', () => {
  it('has no overlapping cards, whatever the graph is', () => {
    for (let size = 1; size <= 24; size += 1) {
      const ids = Array.from({ length: size }, (_, at) => `n${at}`);
      const lines = ids.flatMap((source, at) => [1, 3, 7].map((step) => line(source, ids[(at * step + step) % size]!)));
      const unique = [...new Map(lines.map((each) => [each.id, each])).values()];
      const { cards: placed, width, height, lines: drawn } = layOut(cards(...ids), unique, SIZES);
      assert.equal(placed.size, size);
      assert.equal(drawn.length, unique.length);
      const all = [...placed.values()];
      for (const [at, one] of all.entries()) {
        assert.ok(one.x >= 0 && one.y >= 0 && one.x + SIZES.cardWidth <= width && one.y + one.height <= height);
        for (const other of all.slice(at + 1)) {
          if (one.x === other.x) assert.ok(one.y + one.height <= other.y || other.y + other.height <= one.y);
        }
      }
    }
  });

  it('leads lines to the right, and lines that lead back below the cards', () => {
    const { cards: placed, lines, height } = layOut(cards('a', 'b'), [line('a', 'b'), line('b', 'a')], SIZES);
    assert.deepEqual([placed.get('a')?.x, placed.get('b')?.x], [0, 280]);
    assert.equal(lines[0]?.x, 280);
    assert.match(lines[0]?.path ?? '', /^M200,44C/);
    assert.ok(height > 56, 'a lane below');
  });

  it('leaves out lines of unknown nodes, and is empty for an empty graph', () => {
    assert.equal(layOut(cards('a'), [line('a', 'nobody')], SIZES).lines.length, 0);
    assert.deepEqual([layOut([], [], SIZES).height, layOut([], [], SIZES).cards.size], [0, 0]);
  });
});
