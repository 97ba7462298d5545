import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem } from '@medkit/contract';
import { NIGHT_MS } from '../testing/occurrence.ts';
import { occurrenceOf, type ReportedFault } from './fault-occurrence.ts';

const NIGHT_SEC = NIGHT_MS / 1000;

const item: FaultListItem = {
  fault_code: 'MOTOR_HOT',
  severity: 2,
  description: 'Too hot',
  status: 'CONFIRMED',
  first_occurred: NIGHT_SEC,
  last_occurred: NIGHT_SEC + 3,
  occurrence_count: 2,
  entity_id: 'motor',
  entity_type: 'app',
};

const reported = (changes: Partial<FaultListItem> = {}, more: Partial<ReportedFault> = {}) =>
  occurrenceOf({ item: { ...item, ...changes }, origin: 'local', aheadMs: 0, related: [], ...more });

it('an occurrence has all fields of the listed fault', () => {
  assert.deepEqual(reported({}, { sequence: 41, related: ['component:base', 'app:base', 'app:base'] }), {
    origin: 'local',
    code: 'MOTOR_HOT',
    number: 2,
    sequence: 41,
    description: 'Too hot',
    severity: 2,
    entity: { type: 'app', id: 'motor' },
    beganMs: NIGHT_MS,
    startedMs: NIGHT_MS,
    reportedMs: NIGHT_MS + 3000,
    recordings: [],
    related: ['app:base', 'component:base'],
  });
});

it('an occurrence has times of the local clock, and is identified by the clock of its gateway', () => {
  const healed = { status: 'HEALED', confirmed_at: NIGHT_SEC, healed_at: NIGHT_SEC + 5 } as const;
  const { beganMs, startedMs, reportedMs, healedMs } = reported(healed, { aheadMs: 500 })!;
  assert.deepEqual(
    { beganMs, startedMs, reportedMs, healedMs },
    { beganMs: NIGHT_MS - 500, startedMs: NIGHT_MS, reportedMs: NIGHT_MS + 2500, healedMs: NIGHT_MS + 4500 },
  );
});

describe('a listed fault is not an occurrence', () => {
  for (const [what, changes] of [
    ['if it was never confirmed', { status: 'PREFAILED' }],
    ['if it healed before it was confirmed', { status: 'HEALED' }],
    ['if it has no start time', { first_occurred: undefined }],
    ['if its start time is out of range', { first_occurred: 1e300 }],
    ['if its start time is not a number', { first_occurred: Number.NaN }],
  ] as const) {
    it(what, () => assert.equal(reported(changes as Partial<FaultListItem>), undefined));
  }
  it('if the clock offset of its gateway is out of range', () =>
    assert.equal(reported({}, { aheadMs: 1e300 }), undefined));
});

it('a listed fault is an occurrence if it was confirmed, whatever its status now', () => {
  assert.ok(reported({ status: 'PREPASSED', confirmed_at: NIGHT_SEC }));
  assert.ok(reported({ status: 'PREPASSED' }, { sequence: 3 }));
});

describe('the end of an occurrence', () => {
  const [healed_at, cleared_at, last_passed] = [NIGHT_SEC + 5, NIGHT_SEC + 7, NIGHT_SEC + 4];
  for (const [what, changes, expected] of [
    ['does not exist while the fault is confirmed', { healed_at, cleared_at, last_passed }, {}],
    ['is the time at which it healed', { status: 'HEALED', healed_at, last_passed }, { healedMs: 5000 }],
    [
      'is the time of the last PASSED if the time of healing is unknown',
      { status: 'HEALED', last_passed },
      { healedMs: 4000 },
    ],
    ['is the time of the last report if no other time is known', { status: 'HEALED' }, { healedMs: 3000 }],
    [
      'is the time at which it was cleared',
      { status: 'CLEARED', cleared_at, cleared_by: 'jan' },
      { clearedMs: 7000, clearedBy: 'jan' },
    ],
    [
      'has both times if it healed and was cleared',
      { status: 'CLEARED', healed_at, cleared_at },
      { healedMs: 5000, clearedMs: 7000 },
    ],
    [
      'is the time of the last report if the time of healing is invalid',
      { status: 'HEALED', healed_at: 1e300 },
      { healedMs: 3000 },
    ],
    [
      'is recognised by the raw status of another runtime',
      { status: {}, 'x-medkit': { status_raw: 'HEALED' }, healed_at },
      { healedMs: 5000 },
    ],
  ] as const) {
    it(what, () => {
      const { healedMs, clearedMs, clearedBy } = reported({
        confirmed_at: NIGHT_SEC,
        ...(changes as Partial<FaultListItem>),
      })!;
      assert.deepEqual(
        {
          ...(healedMs !== undefined && { healedMs: healedMs - NIGHT_MS }),
          ...(clearedMs !== undefined && { clearedMs: clearedMs - NIGHT_MS }),
          ...(clearedBy !== undefined && { clearedBy }),
        },
        expected,
      );
    });
  }
});

describe('the cause of an occurrence', () => {
  const mutedBy = { root_cause_code: 'BATTERY_LOW', rule_id: 'battery' };
  for (const [what, about, expected] of [
    ['is the root cause of a rule', { symptom_of: mutedBy }, { origin: 'arm', code: 'BATTERY_LOW', ruleId: 'battery' }],
    [
      'is the root cause also if the rule mutes the symptom',
      { muted: mutedBy },
      { origin: 'arm', code: 'BATTERY_LOW', ruleId: 'battery' },
    ],
    [
      'may belong to another gateway',
      { symptom_of: { ...mutedBy, root_cause_origin: 'local' } },
      { origin: 'local', code: 'BATTERY_LOW', ruleId: 'battery' },
    ],
  ] as const) {
    it(what, () => {
      const changes = { 'x-medkit': about } as unknown as Partial<FaultListItem>;
      assert.deepEqual(reported(changes, { origin: 'arm' })?.cause, expected);
    });
  }
  it('may be a cluster', () => {
    const cluster = { cluster_id: 'c1', rule_id: 'r', representative_code: 'A' };
    assert.equal(reported({ 'x-medkit': { cluster } })?.clusterId, 'c1');
  });
});

it('an occurrence tolerates invalid fields of another gateway', () => {
  const odd = {
    severity: 'grave',
    occurrence_count: 'many',
    description: null,
    last_occurred: null,
    entity_type: 'app',
  };
  const { severity, number, description, reportedMs, entity } = reported({
    ...odd,
    entity_id: '',
  } as unknown as FaultListItem)!;
  assert.deepEqual([severity, number, description, reportedMs, entity], [0, 1, '', NIGHT_MS, undefined]);
  assert.equal(reported({ severity: 99 } as unknown as FaultListItem)?.severity, 3);
});
