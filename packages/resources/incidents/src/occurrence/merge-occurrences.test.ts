import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { randomHistory, shuffled } from '../testing/history.ts';
import { NIGHT_MS, occurrence } from '../testing/occurrence.ts';
import { mergeOccurrences } from './merge-occurrences.ts';
import { type Occurrence, occurrenceKey } from './occurrence.ts';

const SEED = 11;
const recording = (id: string, size_bytes: number, href = '/r') => ({ id, fault_code: 'A', href, size_bytes });

describe('two reports of an occurrence', () => {
  const known = occurrence('A', 0);
  for (const [what, one, other, expected] of [
    ['is not forgotten', { clusterId: 'a' }, {}, { clusterId: 'a' }],
    ['has the worst severity', { severity: 1 }, { severity: 3 }, { severity: 3 }],
    [
      'is described as in the last report',
      { reportedMs: NIGHT_MS + 2, description: 'at last' },
      { reportedMs: NIGHT_MS + 1, description: 'at first' },
      { reportedMs: NIGHT_MS + 2, description: 'at last' },
    ],
    ['of one moment is described by one of them', { description: 'a' }, { description: 'b' }, { description: 'b' }],
    ['began at the earliest time', { beganMs: 5 }, { beganMs: 4 }, { beganMs: 4 }],
    ['began there at the earliest time', { startedMs: 5.2 }, { startedMs: 5.1 }, { startedMs: 5.1 }],
    ['healed when it first did', { healedMs: 9 }, { healedMs: 8 }, { healedMs: 8 }],
    ['was cleared', { clearedMs: 9, clearedBy: 'jan' }, {}, { clearedMs: 9, clearedBy: 'jan' }],
    ['blocks where one says so', { blocksMotion: true }, { blocksMotion: false }, { blocksMotion: true }],
    ['blocks nothing where nobody says more', { blocksMotion: false }, {}, { blocksMotion: false }],
    [
      'has one cause, always the same',
      { cause: { origin: 'local', code: 'C', ruleId: 'r' } },
      { cause: { origin: 'local', code: 'B', ruleId: 'r' } },
      { cause: { origin: 'local', code: 'B', ruleId: 'r' } },
    ],
    ['has one cluster, always the same', { clusterId: 'b' }, { clusterId: 'a' }, { clusterId: 'a' }],
    [
      'has all recordings, each once and as long as it became',
      { recordings: [recording('b', 1), recording('a', 9)] },
      { recordings: [recording('a', 2), recording('c', 1)] },
      { recordings: [recording('a', 9), recording('b', 1), recording('c', 1)] },
    ],
    [
      'has one of two recordings of one length, always the same',
      { recordings: [recording('a', 1, '/s')] },
      { recordings: [recording('a', 1, '/r')] },
      { recordings: [recording('a', 1, '/r')] },
    ],
    ['has all relations', { related: ['app:b'] }, { related: ['app:a'] }, { related: ['app:a', 'app:b'] }],
  ] as const satisfies readonly (readonly [string, ...Partial<Occurrence>[]])[]) {
    it(what, () => {
      const [first, second] = [
        { ...known, ...one },
        { ...known, ...other },
      ];
      assert.deepEqual(mergeOccurrences(first, second), { ...known, ...expected });
      assert.deepEqual(mergeOccurrences(second, first), { ...known, ...expected });
    });
  }

  it('return the same object if nothing is new', () => {
    const before = mergeOccurrences(known, known);
    assert.equal(mergeOccurrences(before, known), before);
    assert.equal(mergeOccurrences(before, { ...known, recordings: [], severity: 0 }), before);
  });
});

it(`merge to the same in any order, in any pieces and however often (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let night = 0; night < 50; night += 1) {
    const all = [...randomHistory(random).values()].flat();
    for (const told of Map.groupBy(all, occurrenceKey).values()) {
      const joined = told.reduce(mergeOccurrences, told[0]!);
      assert.deepEqual(shuffled(told, random).reduce(mergeOccurrences), joined, 'in another order');
      const half = told.length >> 1;
      if (half > 0) {
        const [one, other] = [told.slice(0, half).reduce(mergeOccurrences), told.slice(half).reduce(mergeOccurrences)];
        assert.deepEqual(mergeOccurrences(one, other), joined, 'in two pieces');
        assert.deepEqual(mergeOccurrences(other, one), joined, 'in two pieces, the later first');
      }
      for (const each of [...told, joined]) assert.equal(mergeOccurrences(joined, each), joined, 'once more');
    }
  }
});
