import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { AcknowledgementFloor } from './acknowledgement-floor.ts';
import type { ReaderMatch } from './reader-match.ts';

const READERS = 500;
const NUMBERS = 20;

/** Readers that are added, removed and acknowledge, and the floor that is notified of it. */
function audience() {
  const readers = new Set<{ reliable: boolean; acknowledged: number }>();
  let visited = 0;
  const floor = new AcknowledgementFloor(function* () {
    for (const reader of readers) {
      visited += 1;
      yield reader as ReaderMatch;
    }
  });
  return {
    floor,
    visited: () => visited,
    lowest: () => Math.min(...[...readers].flatMap((each) => (each.reliable ? [each.acknowledged] : []))),
    join(reliable: boolean, acknowledged = 0) {
      const reader = { reliable, acknowledged };
      readers.add(reader);
      floor.addMatch(reader as ReaderMatch);
      return reader;
    },
    leave(reader: { reliable: boolean; acknowledged: number }) {
      readers.delete(reader);
      return reader.reliable && floor.left(reader.acknowledged);
    },
  };
}

describe('the floor of acknowledgements', () => {
  it('is what the slowest reliable reader has acknowledged, at a cost that does not depend on their number', () => {
    const random = seededRandom(4);
    const { floor, visited, lowest, join, leave } = audience();
    const readers = Array.from({ length: READERS }, (_, index) => join(index % 10 > 0));
    assert.equal(visited(), 0);
    const reliable = readers.filter((reader) => reader.reliable);
    let acknowledgements = 0;
    for (
      let active = reliable;
      active.length > 0;
      active = active.filter(({ acknowledged }) => acknowledged < NUMBERS)
    ) {
      const reader = active[Math.floor(random.float() * active.length)];
      const before = reader.acknowledged;
      reader.acknowledged += 1;
      acknowledgements += 1;
      const floorBefore = floor.lowest;
      const rose = floor.left(before);
      assert.equal(rose, floor.lowest > floorBefore);
      assert.equal(floor.lowest, lowest());
    }
    assert.equal(floor.lowest, NUMBERS);
    for (const reader of reliable) leave(reader);
    assert.ok(visited() <= (NUMBERS + 1) * READERS, `${visited()} visits for ${acknowledgements} acknowledgements`);
  });

  it('follows readers that join, leave, progress and restart', () => {
    const random = seededRandom(5);
    const pick = (limit: number) => Math.floor(random.float() * limit);
    const { floor, lowest, join, leave } = audience();
    const readers = [join(true)];
    for (let step = 0; step < 5000; step += 1) {
      const at = pick(readers.length);
      const reader = readers[at];
      const choice = pick(4);
      if (choice === 0 || !reader) readers.push(join(random.float() < 0.8, pick(10)));
      else if (choice === 1) leave(readers.splice(at, 1)[0]);
      else if (reader.reliable) {
        const before = reader.acknowledged;
        reader.acknowledged = choice === 2 ? before + 1 + pick(3) : 0;
        if (reader.acknowledged > before) floor.left(before);
        else if (reader.acknowledged < before) floor.addMatch(reader as ReaderMatch);
      }
      assert.equal(floor.lowest, lowest());
    }
  });

  it('does not exist without a reliable reader', () => {
    const { floor, join } = audience();
    join(false, 3);
    assert.equal(floor.lowest, Number.POSITIVE_INFINITY);
  });
});
