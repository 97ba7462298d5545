import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOWEST_RANK_FIRST, type StorageEntry, selectEvictions } from './eviction.ts';

const held = (
  name: string,
  peer: string,
  rank: number,
  sinceMs: number,
  bytes = 10,
): StorageEntry & { name: string } => ({
  name,
  peer,
  rank,
  sinceMs,
  bytes,
});
const STORED = [
  held('grave', 'yard', 4, 1),
  held('late', 'yard', 2, 9),
  held('early', 'yard', 2, 2),
  held('earliest of another', 'dock', 2, 1),
  held('gone there', 'dock', 0, 5),
];
const namesFor = (rank: number, bytes: number, count = 0, stored = STORED) =>
  selectEvictions(stored, { rank }, { bytes, count }, LOWEST_RANK_FIRST)?.map(({ name }) => name);

describe('for another recording', () => {
  it('nothing is removed while there is room', () => {
    assert.deepEqual(namesFor(3, 0), []);
    assert.deepEqual(namesFor(3, -5), []);
  });

  it('the lowest severity is removed first, then the oldest of the gateway with the most, and no more than necessary', () => {
    assert.deepEqual(namesFor(3, 1), ['gone there']);
    assert.deepEqual(namesFor(3, 10), ['gone there']);
    assert.deepEqual(namesFor(3, 25), ['gone there', 'early', 'late']);
    assert.deepEqual(namesFor(4, 50), ['gone there', 'early', 'late', 'earliest of another', 'grave']);
  });

  it('nothing is removed if removing recordings of lower severity does not free enough', () => {
    assert.equal(namesFor(2, 45), undefined);
    assert.equal(namesFor(1, 11), undefined);
    assert.deepEqual(namesFor(1, 10), ['gone there']);
  });

  it('a copy that waits for its bytes is removed only if there are too many copies', () => {
    const stored = [...STORED, held('waits', 'yard', 1, 1, 0)];
    assert.deepEqual(namesFor(3, 15, 0, stored), ['gone there', 'early']);
    assert.deepEqual(namesFor(3, 0, 2, stored), ['gone there', 'waits']);
  });
});
