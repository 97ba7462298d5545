import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { randomHistory, shuffled } from '../testing/history.ts';
import { NIGHT_MS, occurrence } from '../testing/occurrence.ts';
import { mergeOccurrences } from './merge-occurrences.ts';
import { type Occurrence, occurrenceKey } from './occurrence.ts';

const SEED = 11;
const recording = (id: string, size_bytes: number, href = '/r') => ({ id, fault_code: 'A', href, size_bytes });

describe('merging two reports of an occurrence', () => {
  const known = occurrence('A', 0);
  for (const [what, one, other, expected] of [
    ['keeps a field that only one report has', { clusterId: 'a' }, {}, { clusterId: 'a' }],
    ['keeps the highest severity', { severity: 1 }, { severity: 3 }, { severity: 3 }],
    [
      'keeps the description of the later report',
      { reportedMs: NIGHT_MS + 2, description: 'at last' },
      { reportedMs: NIGHT_MS + 1, description: 'at first' },
      { reportedMs: NIGHT_MS + 2, description: 'at last' },
    ],
    [
      'always keeps the same description if both reports have the same time',
      { description: 'a' },
      { description: 'b' },
      { description: 'b' },
    ],
    ['keeps the earliest start', { beganMs: 5 }, { beganMs: 4 }, { beganMs: 4 }],
    [
      'keeps the earliest start by the clock of its gateway',
      { startedMs: 5.2 },
      { startedMs: 5.1 },
      { startedMs: 5.1 },
    ],
    ['keeps the earliest time of healing', { healedMs: 9 }, { healedMs: 8 }, { healedMs: 8 }],
    [
      'keeps the time and the author of a clear',
      { clearedMs: 9, clearedBy: 'jan' },
      {},
      { clearedMs: 9, clearedBy: 'jan' },
    ],
    ['blocks motion if one report says so', { blocksMotion: true }, { blocksMotion: false }, { blocksMotion: true }],
    ['does not block motion if no report says so', { blocksMotion: false }, {}, { blocksMotion: false }],
    [
      'always keeps the same cause',
      { cause: { origin: 'local', code: 'C', ruleId: 'r' } },
      { cause: { origin: 'local', code: 'B', ruleId: 'r' } },
      { cause: { origin: 'local', code: 'B', ruleId: 'r' } },
    ],
    ['always keeps the same cluster', { clusterId: 'b' }, { clusterId: 'a' }, { clusterId: 'a' }],
    [
      'keeps all recordings, each once with its largest size',
      { recordings: [recording('b', 1), recording('a', 9)] },
      { recordings: [recording('a', 2), recording('c', 1)] },
      { recordings: [recording('a', 9), recording('b', 1), recording('c', 1)] },
    ],
    [
      'always keeps the same of two recordings with equal size',
      { recordings: [recording('a', 1, '/s')] },
      { recordings: [recording('a', 1, '/r')] },
      { recordings: [recording('a', 1, '/r')] },
    ],
    ['keeps all relations', { related: ['app:b'] }, { related: ['app:a'] }, { related: ['app:a', 'app:b'] }],
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

  it('returns the same object if nothing is new', () => {
    const before = mergeOccurrences(known, known);
    assert.equal(mergeOccurrences(before, known), before);
    assert.equal(mergeOccurrences(before, { ...known, recordings: [], severity: 0 }), before);
  });
});

it(`merging reports has the same result in any order, in any parts and however often (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let night = 0; night < 50; night += 1) {
    const all = [...randomHistory(random).values()].flat();
    for (const reports of Map.groupBy(all, occurrenceKey).values()) {
      const merged = reports.reduce(mergeOccurrences, reports[0]!);
      assert.deepEqual(shuffled(reports, random).reduce(mergeOccurrences), merged, 'in another order');
      const half = reports.length >> 1;
      if (half > 0) {
        const [one, other] = [
          reports.slice(0, half).reduce(mergeOccurrences),
          reports.slice(half).reduce(mergeOccurrences),
        ];
        assert.deepEqual(mergeOccurrences(one, other), merged, 'in two pieces');
        assert.deepEqual(mergeOccurrences(other, one), merged, 'in two pieces, the later first');
      }
      for (const each of [...reports, merged]) assert.equal(mergeOccurrences(merged, each), merged, 'once more');
    }
  }
});
