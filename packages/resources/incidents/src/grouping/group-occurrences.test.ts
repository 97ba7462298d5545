import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import { healed, NIGHT_MS, occurrence } from '../testing/occurrence.ts';
import { type Corrections, rootOf } from './group.ts';
import { FOLD_WINDOW_MS, groupOccurrences } from './group-occurrences.ts';

/** Formats groups: `A B(rule A) | C` for two groups, of which the first has a symptom. */
function grouped(occurrences: readonly Occurrence[], corrections?: Corrections): string {
  const told = groupOccurrences(occurrences, corrections).map(({ members }) =>
    members
      .map(({ occurrence: { code }, fold }) => (fold ? `${code}(${fold.because} ${fold.with.code})` : code))
      .join(' '),
  );
  for (const other of [occurrences.toReversed(), ...rotations(occurrences)]) {
    assert.deepEqual(groupOccurrences(other, corrections), groupOccurrences(occurrences, corrections));
  }
  return told.join(' | ');
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
    ['nothing', [], ''],
    ['one alone', [occurrence('A', 0)], 'A'],
    ['unrelated ones of one moment stay apart', [occurrence('A', 0), occurrence('B', 0)], 'A | B'],
    ['a rule', [occurrence('A', 0), occurrence('B', 3, dueTo('A'))], 'A B(rule A)'],
    ['a rule whose cause never came', [occurrence('B', 3, dueTo('A'))], 'B'],
    ['a rule that explains a fault by itself', [occurrence('A', 3, dueTo('A'))], 'A'],
    [
      'a cluster',
      [occurrence('A', 0, { clusterId: 'c1' }), occurrence('B', 90, { clusterId: 'c1' })],
      'A B(cluster A)',
    ],
    [
      'clusters of one name at two gateways are two',
      [occurrence('A', 0, { clusterId: 'c1' }), occurrence('B', 1, { clusterId: 'c1', origin: 'arm' })],
      'A | B',
    ],
    ['a recording', [occurrence('A', 0, recorded('r1')), occurrence('B', 90, recorded('r1'))], 'A B(recording A)'],
    ['recordings that are two', [occurrence('A', 0, recorded('r1')), occurrence('B', 1, recorded('r2'))], 'A | B'],
    ['the same entity', [occurrence('A', 0, arm), occurrence('B', 2, arm)], 'A B(entity A)'],
    [
      'an entity that depends on the other',
      [occurrence('A', 0, arm), occurrence('B', 2, { related: ['app:arm'] })],
      'A B(relation A)',
    ],
    [
      'an entity on which the other depends',
      [occurrence('A', 0, { related: ['app:arm'] }), occurrence('B', 2, arm)],
      'A B(relation A)',
    ],
    [
      'a function that both serve',
      [
        occurrence('A', 0, { related: ['function:driving'] }),
        occurrence('B', 2, { related: ['function:driving', 'component:base'] }),
      ],
      'A B(relation A)',
    ],
    [
      'a component that both are on is no reason: all are on it',
      [occurrence('A', 0, { related: ['component:base'] }), occurrence('B', 2, { related: ['component:base'] })],
      'A | B',
    ],
    [
      'no entity relates to no entity',
      [occurrence('A', 0), occurrence('B', 1)].map(({ entity: _, ...rest }) => rest),
      'A | B',
    ],
    [
      'it comes again',
      [healed(occurrence('A', 0), 1), healed(occurrence('A', 5, { number: 2 }), 1), occurrence('A', 20, { number: 3 })],
      'A A(again A) A(again A)',
    ],
    [
      'a fault of the same name at another gateway does not come again',
      [healed(occurrence('A', 0), 1), occurrence('A', 5, { origin: 'arm', entity: { type: 'app', id: 'other' } })],
      'A | A',
    ],
    [
      'the better of two reasons',
      [occurrence('A', 0, { ...arm, clusterId: 'c' }), occurrence('B', 1, { ...arm, ...dueTo('A'), clusterId: 'c' })],
      'A B(rule A)',
    ],
    [
      'a cluster is a better reason than a recording',
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
    ['the window of an event includes its end', at(WINDOW, arm), 'A B(entity A)'],
    ['and ends there', at(WINDOW + 0.001, arm), 'A | B'],
    [
      'it is counted from the beginning of the event: faults do not chain on',
      [occurrence('A', 0, arm), occurrence('B', 10, arm), occurrence('C', 20, arm)],
      'A B(entity A) | C',
    ],
    ['a cluster joins over ten minutes', at(600, { clusterId: 'c' }), 'A B(cluster A)'],
    ['and no longer', at(600.001, { clusterId: 'c' }), 'A | B'],
    ['a recording joins over ten minutes', at(600, recorded('r')), 'A B(recording A)'],
    ['and no longer', at(600.001, recorded('r')), 'A | B'],
    ['a cause explains as long as it lasts', [occurrence('A', 0), occurrence('B', 7200, dueTo('A'))], 'A B(rule A)'],
    ['and ten minutes after it was over', hourLong(3600), 'A B(rule A) | C'],
    [
      'a cause may seem to come two seconds behind its symptom: clocks differ',
      [occurrence('B', 0, dueTo('A')), occurrence('A', 2)],
      'B(rule A) A',
    ],
    ['and no more than that', [occurrence('B', 0, dueTo('A')), occurrence('A', 2.001)], 'B | A'],
    [
      'it came back within the window after it was over',
      [healed(occurrence('A', 0), 5), occurrence('A', 5 + WINDOW, { number: 2 })],
      'A A(again A)',
    ],
    [
      'or it is another event',
      [healed(occurrence('A', 0), 5), occurrence('A', 5 + WINDOW + 0.001, { number: 2 })],
      'A | A',
    ],
    [
      'what comes again while it lasts is the same event after any time',
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
    ['is the first where no rule says anything', [occurrence('A', 0, arm), occurrence('B', 1, arm)], 'A'],
    ['is what explains the others', [occurrence('A', 0), occurrence('B', 1, dueTo('A'))], 'A'],
    ['also where a clock shows it later', [occurrence('B', 0, dueTo('A')), occurrence('A', 1.5)], 'A'],
    [
      'also where another one came before',
      [occurrence('X', 0, arm), occurrence('A', 1, arm), occurrence('B', 2, dueTo('A'))],
      'A',
    ],
    [
      'is at the beginning of a chain of rules',
      [occurrence('A', 0), occurrence('B', 1, dueTo('A')), occurrence('C', 2, dueTo('B'))],
      'A',
    ],
    [
      'also where the chain is told backwards within what clocks differ by',
      [occurrence('C', 0, dueTo('B')), occurrence('B', 1, dueTo('A')), occurrence('A', 2)],
      'A',
    ],
    [
      'is the earliest of several',
      [
        occurrence('A', 0, arm),
        occurrence('R', 1, arm),
        occurrence('Q', 2, arm),
        occurrence('S', 3, dueTo('Q')),
        occurrence('T', 4, dueTo('R')),
      ],
      'R',
    ],
    ['is the first of a circle', [occurrence('A', 0, dueTo('B')), occurrence('B', 1, dueTo('A'))], 'A'],
    [
      'is the first of a circle of three',
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
  for (const [what, occurrences, corrections, expected] of [
    ['one label puts together', [a, b, c], labelled([a, '1'], [c, '1']), 'A C(person A) | B'],
    ['two labels keep apart', [one, two], labelled([one, '1'], [two, '2']), 'A | B'],
    [
      'what has no label goes with the event that began first',
      [one, two, three],
      labelled([one, '1'], [two, '2']),
      'A C(entity A) | B',
    ],
    [
      'no rule is stronger than a person',
      [occurrence('A', 0), occurrence('B', 1, dueTo('A'))],
      labelled([occurrence('A', 0), '1'], [occurrence('B', 1), '2']),
      'A | B',
    ],
    [
      'what was merged and then split is as the last label says',
      [a, b, c],
      labelled([a, '1'], [b, '1'], [c, '2']),
      'A B(person A) | C',
    ],
    [
      'a symptom goes with its cause into what a person made',
      [a, b, occurrence('S', 101, dueTo('B'))],
      labelled([a, '1'], [b, '1']),
      'A B(person A) S(rule B)',
    ],
    ['a label that nobody else has changes nothing', [one, two], labelled([one, '1']), 'A B(entity A)'],
  ] as const) {
    it(what, () => assert.equal(grouped(occurrences, corrections), expected));
  }

  it('a closed incident takes no later fault that only shares its entity', () => {
    assert.equal(
      grouped([one, occurrence('B', 5, arm), occurrence('C', 5.001, arm)], closedAfter(one, 5)),
      'A B(entity A) | C',
    );
  });

  it('nor a new occurrence of its fault', () => {
    const again = occurrence('A', 6, { ...arm, number: 2 });
    assert.equal(grouped([healed(one, 1), again], closedAfter(one, 5)), 'A | A');
  });

  it('nor if an earlier fault has joined it since', () => {
    const early = occurrence('E', -2, arm);
    assert.equal(grouped([early, one, occurrence('C', 6, arm)], closedAfter(one, 5)), 'E A(entity E) | C');
  });

  it('but a rule adds its symptom to it', () => {
    assert.equal(grouped([one, occurrence('C', 6, dueTo('A'))], closedAfter(one, 5)), 'A C(rule A)');
  });

  it('a reopened incident takes later faults', () => {
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
