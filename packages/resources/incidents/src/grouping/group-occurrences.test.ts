import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import { healed, NIGHT_MS, occurrence } from '../testing/occurrence.ts';
import { type Corrections, rootOf } from './group.ts';
import { FOLD_WINDOW_MS, groupOccurrences } from './group-occurrences.ts';

/** Formats groups: `A B(rule A) | C` for two groups, of which the first has a symptom. */
function grouped(occurrences: readonly Occurrence[], corrections?: Corrections): string {
  const groups = groupOccurrences(occurrences, corrections).map(({ members }) =>
    members
      .map(({ occurrence: { code }, fold }) => (fold ? `${code}(${fold.because} ${fold.with.code})` : code))
      .join(' '),
  );
  for (const other of [occurrences.toReversed(), ...rotations(occurrences)]) {
    assert.deepEqual(groupOccurrences(other, corrections), groupOccurrences(occurrences, corrections));
  }
  return groups.join(' | ');
}

const rotations = (all: readonly Occurrence[]): readonly (readonly Occurrence[])[] =>
  all.map((_, at) => [...all.slice(at), ...all.slice(0, at)]);

const labelled = (...labels: readonly (readonly [Occurrence, string])[]): Corrections => ({
  labels: new Map(labels.map(([one, label]) => [occurrenceKey(one), label])),
  closedMs: new Map(),
  reopenedMs: new Map(),
});

const closedAfter = (one: Occurrence, sec: number, reopenedSec?: number): Corrections => ({
  labels: new Map(),
  closedMs: new Map([[occurrenceKey(one), NIGHT_MS + sec * 1000]]),
  reopenedMs: new Map(reopenedSec === undefined ? [] : [[occurrenceKey(one), NIGHT_MS + reopenedSec * 1000]]),
});

const dueTo = (code: string, origin = 'local') => ({ cause: { origin, code, ruleId: `${code}_explains` } });
const recorded = (id: string) => ({ recordings: [{ id, fault_code: 'A', href: `/${id}` }] });
const arm = { entity: { type: 'app', id: 'arm' } } as const;
const SEC = 1000;
/** In seconds, like the times of the test occurrences. */
const WINDOW = FOLD_WINDOW_MS / SEC;

describe('grouping of occurrences', () => {
  for (const [what, occurrences, expected] of [
    ['returns no group without occurrences', [], ''],
    ['puts a single occurrence into a group', [occurrence('A', 0)], 'A'],
    ['keeps unrelated occurrences of the same time apart', [occurrence('A', 0), occurrence('B', 0)], 'A | B'],
    ['joins the cause and the symptom of a rule', [occurrence('A', 0), occurrence('B', 3, dueTo('A'))], 'A B(rule A)'],
    ['ignores a rule if its cause did not occur', [occurrence('B', 3, dueTo('A'))], 'B'],
    ['ignores a rule that explains a fault by itself', [occurrence('A', 3, dueTo('A'))], 'A'],
    [
      'joins the faults of a cluster',
      [occurrence('A', 0, { clusterId: 'c1' }), occurrence('B', 90, { clusterId: 'c1' })],
      'A B(cluster A)',
    ],
    [
      'keeps clusters with the same name of two gateways apart',
      [occurrence('A', 0, { clusterId: 'c1' }), occurrence('B', 1, { clusterId: 'c1', origin: 'arm' })],
      'A | B',
    ],
    [
      'joins the faults of a recording',
      [occurrence('A', 0, recorded('r1')), occurrence('B', 90, recorded('r1'))],
      'A B(recording A)',
    ],
    [
      'keeps faults of two recordings apart',
      [occurrence('A', 0, recorded('r1')), occurrence('B', 1, recorded('r2'))],
      'A | B',
    ],
    ['joins faults of the same entity', [occurrence('A', 0, arm), occurrence('B', 2, arm)], 'A B(entity A)'],
    [
      'joins a fault of an entity that depends on the entity of an earlier fault',
      [occurrence('A', 0, arm), occurrence('B', 2, { related: ['app:arm'] })],
      'A B(relation A)',
    ],
    [
      'joins a fault of an entity on which the entity of an earlier fault depends',
      [occurrence('A', 0, { related: ['app:arm'] }), occurrence('B', 2, arm)],
      'A B(relation A)',
    ],
    [
      'joins faults of entities that serve the same function',
      [
        occurrence('A', 0, { related: ['function:driving'] }),
        occurrence('B', 2, { related: ['function:driving', 'component:base'] }),
      ],
      'A B(relation A)',
    ],
    [
      'does not join faults of entities that are only on the same component',
      [occurrence('A', 0, { related: ['component:base'] }), occurrence('B', 2, { related: ['component:base'] })],
      'A | B',
    ],
    [
      'does not join faults without an entity',
      [occurrence('A', 0), occurrence('B', 1)].map(({ entity: _, ...rest }) => rest),
      'A | B',
    ],
    [
      'joins repeated occurrences of a fault',
      [healed(occurrence('A', 0), 1), healed(occurrence('A', 5, { number: 2 }), 1), occurrence('A', 20, { number: 3 })],
      'A A(again A) A(again A)',
    ],
    [
      'keeps faults with the same code of two gateways apart',
      [healed(occurrence('A', 0), 1), occurrence('A', 5, { origin: 'arm', entity: { type: 'app', id: 'other' } })],
      'A | A',
    ],
    [
      'reports the strongest of several reasons',
      [occurrence('A', 0, { ...arm, clusterId: 'c' }), occurrence('B', 1, { ...arm, ...dueTo('A'), clusterId: 'c' })],
      'A B(rule A)',
    ],
    [
      'prefers a cluster to a recording as the reason',
      [
        occurrence('A', 0, { clusterId: 'c', ...recorded('r') }),
        occurrence('B', 1, { clusterId: 'c', ...recorded('r') }),
      ],
      'A B(cluster A)',
    ],
  ] as const) {
    it(what, () => assert.equal(grouped(occurrences), expected));
  }
});

describe('the range of a group', () => {
  const at = (sec: number, more: Partial<Occurrence>) => [occurrence('A', 0, more), occurrence('B', sec, more)];
  const hourLong = (heals: number) => [
    healed(occurrence('A', 0), heals),
    occurrence('B', heals + 600, dueTo('A')),
    occurrence('C', heals + 600.001, dueTo('A')),
  ];
  for (const [what, occurrences, expected] of [
    ['includes a fault at the end of the window', at(WINDOW, arm), 'A B(entity A)'],
    ['excludes a fault after the window', at(WINDOW + 0.001, arm), 'A | B'],
    [
      'starts at the first fault: later faults do not extend the window',
      [occurrence('A', 0, arm), occurrence('B', 10, arm), occurrence('C', 20, arm)],
      'A B(entity A) | C',
    ],
    ['includes a fault of the same cluster up to ten minutes later', at(600, { clusterId: 'c' }), 'A B(cluster A)'],
    ['excludes a fault of the same cluster more than ten minutes later', at(600.001, { clusterId: 'c' }), 'A | B'],
    ['includes a fault of the same recording up to ten minutes later', at(600, recorded('r')), 'A B(recording A)'],
    ['excludes a fault of the same recording more than ten minutes later', at(600.001, recorded('r')), 'A | B'],
    [
      'includes a symptom at any time while its cause is active',
      [occurrence('A', 0), occurrence('B', 7200, dueTo('A'))],
      'A B(rule A)',
    ],
    ['includes a symptom up to ten minutes after the end of its cause', hourLong(3600), 'A B(rule A) | C'],
    [
      'includes a cause up to two seconds after its symptom, because clocks differ',
      [occurrence('B', 0, dueTo('A')), occurrence('A', 2)],
      'B(rule A) A',
    ],
    [
      'excludes a cause more than two seconds after its symptom',
      [occurrence('B', 0, dueTo('A')), occurrence('A', 2.001)],
      'B | A',
    ],
    [
      'includes a fault that returns within the window after its end',
      [healed(occurrence('A', 0), 5), occurrence('A', 5 + WINDOW, { number: 2 })],
      'A A(again A)',
    ],
    [
      'excludes a fault that returns after the window',
      [healed(occurrence('A', 0), 5), occurrence('A', 5 + WINDOW + 0.001, { number: 2 })],
      'A | A',
    ],
    [
      'includes a repeated occurrence at any time while the fault is active',
      [occurrence('A', 0), occurrence('A', 7200, { number: 2 })],
      'A A(again A)',
    ],
  ] as const) {
    it(what, () => assert.equal(grouped(occurrences), expected));
  }
});

it('a fault that flaps a thousand times is one incident', () => {
  const flaps = Array.from({ length: 1000 }, (_, n) => healed(occurrence('A', n * 4, { number: n + 1 }), 1));
  assert.equal(groupOccurrences(flaps).length, 1);
});

it('a symptom is explained by the latest occurrence of its cause', () => {
  const causes = [healed(occurrence('A', 0), 1), healed(occurrence('A', 300, { number: 2 }), 1)];
  assert.equal(grouped([...causes, occurrence('B', 301, dueTo('A'))]), 'A | A B(rule A)');
});

it('a cause at another gateway explains a symptom here', () => {
  const there = occurrence('A', 1, { origin: 'arm', ...arm });
  assert.equal(grouped([occurrence('A', 0), there, occurrence('B', 2, dueTo('A', 'arm'))]), 'A | A B(rule A)');
});

it('an occurrence related to two incidents joins the earlier one', () => {
  const linked = occurrence('C', 4, { related: ['app:a', 'app:b'] });
  assert.equal(grouped([occurrence('A', 0), occurrence('B', 2), linked]), 'A C(relation A) | B');
});

describe('the root', () => {
  const rootIs = (occurrences: readonly Occurrence[]): string => {
    const groups = groupOccurrences(occurrences);
    assert.equal(groups.length, 1, 'is asked of one group');
    return rootOf(groups[0]!).code;
  };
  for (const [what, occurrences, expected] of [
    ['is the first fault if no rule applies', [occurrence('A', 0, arm), occurrence('B', 1, arm)], 'A'],
    ['is the fault that explains the others', [occurrence('A', 0), occurrence('B', 1, dueTo('A'))], 'A'],
    [
      'is the cause also if a clock shows it later than its symptom',
      [occurrence('B', 0, dueTo('A')), occurrence('A', 1.5)],
      'A',
    ],
    [
      'is the cause also if another fault occurred before',
      [occurrence('X', 0, arm), occurrence('A', 1, arm), occurrence('B', 2, dueTo('A'))],
      'A',
    ],
    [
      'is the first cause in a chain of rules',
      [occurrence('A', 0), occurrence('B', 1, dueTo('A')), occurrence('C', 2, dueTo('B'))],
      'A',
    ],
    [
      'is the first cause also if clocks reverse the order of the chain',
      [occurrence('C', 0, dueTo('B')), occurrence('B', 1, dueTo('A')), occurrence('A', 2)],
      'A',
    ],
    [
      'is the earliest of several causes',
      [
        occurrence('A', 0, arm),
        occurrence('R', 1, arm),
        occurrence('Q', 2, arm),
        occurrence('S', 3, dueTo('Q')),
        occurrence('T', 4, dueTo('R')),
      ],
      'R',
    ],
    ['is the first fault of a cycle of rules', [occurrence('A', 0, dueTo('B')), occurrence('B', 1, dueTo('A'))], 'A'],
    [
      'is the first fault of a cycle of three rules',
      [occurrence('A', 0, dueTo('C')), occurrence('B', 1, dueTo('A')), occurrence('C', 1.5, dueTo('B'))],
      'A',
    ],
  ] as const) {
    it(what, () => assert.equal(rootIs(occurrences), expected));
  }
});

describe('actions of persons', () => {
  const [a, b, c] = [occurrence('A', 0), occurrence('B', 100), occurrence('C', 200)];
  const [one, two, three] = [occurrence('A', 0, arm), occurrence('B', 1, arm), occurrence('C', 2, arm)];
  const split = healed(occurrence('B', 1, dueTo('A')), 4);
  for (const [what, occurrences, corrections, expected] of [
    ['join faults with the same label', [a, b, c], labelled([a, '1'], [c, '1']), 'A C(person A) | B'],
    ['keep faults with different labels apart', [one, two], labelled([one, '1'], [two, '2']), 'A | B'],
    [
      'leave a fault without a label in the incident that began first',
      [one, two, three],
      labelled([one, '1'], [two, '2']),
      'A C(entity A) | B',
    ],
    [
      'take precedence over rules',
      [occurrence('A', 0), occurrence('B', 1, dueTo('A'))],
      labelled([occurrence('A', 0), '1'], [occurrence('B', 1), '2']),
      'A | B',
    ],
    [
      'hold for a fault that occurs again, whatever a rule says',
      [occurrence('A', 0), split, occurrence('B', 6, { ...dueTo('A'), number: 2 })],
      labelled([occurrence('A', 0), '1'], [split, '2']),
      'A | B B(again B)',
    ],
    [
      'do not hold for a fault that occurs again much later',
      [occurrence('A', 0), split, occurrence('B', 6 + WINDOW, { ...dueTo('A'), number: 2 })],
      labelled([occurrence('A', 0), '1'], [split, '2']),
      'A B(rule A) | B',
    ],
    [
      'follow the last label after a merge and a split',
      [a, b, c],
      labelled([a, '1'], [b, '1'], [c, '2']),
      'A B(person A) | C',
    ],
    [
      'move a symptom with its cause',
      [a, b, occurrence('S', 101, dueTo('B'))],
      labelled([a, '1'], [b, '1']),
      'A B(person A) S(rule B)',
    ],
    ['change nothing if no other fault has the label', [one, two], labelled([one, '1']), 'A B(entity A)'],
  ] as const) {
    it(what, () => assert.equal(grouped(occurrences, corrections), expected));
  }

  it('do not let a closed incident take a later fault that only shares its entity', () => {
    assert.equal(
      grouped([one, occurrence('B', 5, arm), occurrence('C', 5.001, arm)], closedAfter(one, 5)),
      'A B(entity A) | C',
    );
  });

  it('do not let a closed incident take a new occurrence of its fault', () => {
    const again = occurrence('A', 6, { ...arm, number: 2 });
    assert.equal(grouped([healed(one, 1), again], closedAfter(one, 5)), 'A | A');
  });

  it('do not let a closed incident take a later fault if an earlier one joined it since', () => {
    const early = occurrence('E', -2, arm);
    assert.equal(grouped([early, one, occurrence('C', 6, arm)], closedAfter(one, 5)), 'E A(entity E) | C');
  });

  it('let a rule add a symptom to a closed incident', () => {
    assert.equal(grouped([one, occurrence('C', 6, dueTo('A'))], closedAfter(one, 5)), 'A C(rule A)');
  });

  it('let a reopened incident take later faults', () => {
    assert.equal(grouped([one, occurrence('C', 9, arm)], closedAfter(one, 5, 8)), 'A C(entity A)');
    assert.equal(grouped([one, occurrence('C', 9, arm)], closedAfter(one, 8, 5)), 'A | C', 'and closed after that');
  });
});

it('every member except one has a reason that refers to another member', () => {
  const group = groupOccurrences([
    occurrence('R', 0),
    occurrence('Q', 1),
    occurrence('S', 2, { ...dueTo('R'), ...recorded('r') }),
    occurrence('T', 3, { ...dueTo('Q'), ...recorded('r') }),
  ]);
  assert.equal(group.length, 1);
  const codes = new Set(group[0]!.members.map(({ occurrence: { code } }) => code));
  for (const { fold } of group[0]!.members) assert.ok(!fold || codes.has(fold.with.code));
});
