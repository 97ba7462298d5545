import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Random, seededRandom } from '@medkit/edges';
import { changedRows, isSameList, mapRows } from './changed-rows.ts';

interface Row {
  readonly name: string;
}

describe('changed rows', () => {
  it('are the row that was added, removed or replaced', () => {
    assert.deepEqual(changedRows(['a', 'b'], ['a', 'x', 'b']), { from: 1, endBefore: 1, end: 2 });
    assert.deepEqual(changedRows(['a', 'x', 'b'], ['a', 'b']), { from: 1, endBefore: 2, end: 1 });
    assert.deepEqual(changedRows(['a', 'b'], ['a', 'c']), { from: 1, endBefore: 2, end: 2 });
    assert.deepEqual(changedRows(['a', 'a'], ['a']), { from: 1, endBefore: 2, end: 1 });
    assert.deepEqual(changedRows(['a'], ['a']), { from: 1, endBefore: 1, end: 1 });
  });

  it('are surrounded by the same rows in any two lists', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = seededRandom(seed);
      const rows = randomRows(random, 6);
      const before = shuffledPart(rows, random);
      const now = shuffledPart(rows, random);
      const { from, endBefore, end } = changedRows(before, now);
      assert.ok(from <= endBefore && from <= end, `seed ${seed}`);
      assert.ok(isSameList(before.slice(0, from), now.slice(0, from)), `seed ${seed}`);
      assert.ok(isSameList(before.slice(endBefore), now.slice(end)), `seed ${seed}`);
    }
  });
});

describe('a list derived from rows', () => {
  it('derives each row once, through any changes of the list', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = seededRandom(seed);
      const rows = randomRows(random, 8);
      const upperCase = ({ name }: Row, _at: number, old: { upper: string } | undefined) =>
        old ?? { upper: name.toUpperCase() };
      let last = mapRows(shuffledPart(rows, random), upperCase, undefined);
      for (let step = 0; step < 10; step += 1) {
        const now = shuffledPart(rows, random);
        const next = mapRows(now, upperCase, last);
        assert.deepEqual(next.made, mapRows(now, upperCase, undefined).made, `seed ${seed} step ${step}`);
        for (const [at, row] of now.entries()) {
          const before = last.rows.indexOf(row);
          if (before >= 0) assert.equal(next.made[at], last.made[before], `seed ${seed} step ${step}`);
        }
        last = next;
      }
    }
  });

  it('is the same list if all rows are the same', () => {
    const rows = [{ name: 'a' }, { name: 'b' }];
    const keep = ({ name }: Row, _at: number, old: string | undefined) => old ?? name;
    const first = mapRows(rows, keep, undefined);
    assert.equal(mapRows([...rows], keep, first).made, first.made);
    const other = mapRows(rows, (_row, at, old) => (at === 1 ? 'x' : (old ?? '')), first);
    assert.deepEqual(other.made, ['a', 'x']);
  });
});

function randomRows(random: Random, most: number): readonly Row[] {
  return Array.from({ length: Math.floor(random.float() * most) }, (_, at) => ({ name: `row_${at}` }));
}

/** Returns some of the rows, mostly in their original order. */
function shuffledPart(rows: readonly Row[], random: Random): readonly Row[] {
  const some = rows.filter(() => random.float() < 0.8);
  if (random.float() < 0.7) return some;
  return some
    .map((row) => ({ row, rank: random.float() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ row }) => row);
}
