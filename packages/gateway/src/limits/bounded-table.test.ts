import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { BoundedTable } from './bounded-table.ts';

const keysOf = (table: BoundedTable<number>) => [...table.entries()].map(([key]) => key);

it('a full table evicts the least recently used entry', () => {
  const table = new BoundedTable<number>(3);
  for (const key of ['a', 'b', 'c']) table.set(key, 1);
  assert.equal(table.get('a'), 1);
  table.set('b', 2);
  table.set('d', 1);
  assert.deepEqual([keysOf(table), table.evicted], [['a', 'b', 'd'], 1]);
  assert.equal(table.get('c'), undefined);
  table.delete('b');
  table.set('e', 1);
  assert.deepEqual([keysOf(table), table.evicted, table.size], [['a', 'd', 'e'], 1, 3]);
});

it('the least recently used entry is evicted after any sequence of reads, writes and deletions', () => {
  const random = seededRandom(7);
  const table = new BoundedTable<number>(10);
  let expected: string[] = [];
  for (let step = 0; step < 20_000; step += 1) {
    const key = String(Math.floor(random.float() * 25));
    const isThere = expected.includes(key);
    const choice = random.float();
    const others = expected.filter((each) => each !== key);
    if (choice < 0.45) {
      table.set(key, step);
      expected = [...others, key].slice(-10);
    } else if (choice < 0.9) {
      assert.equal(table.get(key) !== undefined, isThere);
      if (isThere) expected = [...others, key];
    } else {
      table.delete(key);
      expected = others;
    }
    assert.deepEqual(keysOf(table), expected);
  }
});
