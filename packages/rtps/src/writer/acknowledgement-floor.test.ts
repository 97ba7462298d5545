import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { AcknowledgementFloor } from './acknowledgement-floor.ts';
import type { ReaderMatch } from './reader-match.ts';

const READERS = 500;
const NUMBERS = 20;

describe('the floor of acknowledgements', () => {
  it('is what the slowest reliable reader has acknowledged, at a cost that does not depend on their number', () => {
    const random = seededRandom(4);
    const readers = Array.from({ length: READERS }, (_, index) => ({ reliable: index % 10 > 0, acknowledged: 0 }));
    let visited = 0;
    const floor = new AcknowledgementFloor(function* () {
      for (const reader of readers) {
        visited += 1;
        yield reader as ReaderMatch;
      }
    });
    floor.recount();
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
      const lowest = floor.lowest;
      const rose = floor.raised(before);
      assert.equal(rose, floor.lowest > lowest);
      assert.equal(floor.lowest, Math.min(...reliable.map(({ acknowledged }) => acknowledged)));
    }
    assert.equal(floor.lowest, NUMBERS);
    assert.ok(visited <= (NUMBERS + 1) * READERS, `${visited} visits for ${acknowledgements} acknowledgements`);
  });

  it('is nowhere without a reliable reader', () => {
    const floor = new AcknowledgementFloor(() => [{ reliable: false, acknowledged: 3 } as ReaderMatch]);
    floor.recount();
    assert.equal(floor.lowest, Number.POSITIVE_INFINITY);
  });
});
