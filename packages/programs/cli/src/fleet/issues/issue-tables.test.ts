import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetIssue, FleetIssueDetail } from '@medkit/contract';
import { figureText } from './figures.ts';
import { issueTable, issueText, stateText } from './list-issues.ts';

const { days, ...common }: FleetIssue = {
  id: '7',
  fault_code: 'MOTOR_OVERTEMP',
  entity_id: 'motor\u001b[2J',
  state: 'regressed',
  severity: 2,
  severity_label: 'ERROR',
  first_seen: '2026-03-20T09:12:00.000Z',
  last_seen: '2026-03-23T02:12:53.000Z',
  occurrences: 12,
  robots: 4,
  owner: 'grace',
  decided: { at: '2026-03-21T08:00:00.000Z', by: 'alice', in_version: 'navigation-2.1.0' },
  regressed: { at: '2026-03-23T02:12:53.000Z', robot: 'amr-17', version: 'navigation-2.1.0' },
  days: [0, 3],
};

describe('the issues of a fleet', () => {
  it('are listed with their numbers', () => {
    const [head, line] = issueTable([
      { ...common, days },
      { ...common, fault_code: null, rule: 'hot motors', days },
    ]).split('\n');
    assert.match(head!, /ISSUE +FAULT +ENTITY +SEVERITY +STATE +ROBOTS +OCCURRENCES/);
    assert.match(line!, /^7 +MOTOR_OVERTEMP +motor.* +ERROR +regressed +4 +12 /);
    assert.ok(!line!.includes('\u001b[2J'));
    assert.equal(issueTable([]), 'no issues');
  });

  it('are shown with robots, software, sites and notes; what is unknown is said', () => {
    const detail: FleetIssueDetail = {
      ...common,
      by_robot: [{ robot: 'amr-17', occurrences: 12, first_seen: common.first_seen, last_seen: common.last_seen }],
      by_version: [{ occurrences: 3 }, { version: 'navigation-2.1.0', occurrences: 9, running_hours: 41.52 }],
      by_site: [{ site: 'berlin', occurrences: 12, running_hours: 50 }],
      by_hour: [],
      notes: [{ at: common.first_seen, by: 'alice', text: 'fan curve' }],
    };
    const text = issueText(detail);
    assert.match(text, /ERROR, regressed\n12 occurrences on 4 robots/);
    assert.match(text, /unknown +3 +unknown\nnavigation-2\.1\.0 +9 +41\.5/);
    assert.match(text, /regressed at .* on amr-17, software navigation-2\.1\.0/);
    assert.match(text, /alice: fan curve$/);
  });

  it('have the limits of their state', () => {
    const decided = { at: common.first_seen, by: 'alice' };
    assert.equal(stateText({ state: 'new' }), 'new');
    assert.equal(stateText({ state: 'resolved', decided: { ...decided, in_version: '2' } }), 'resolved in 2');
    const ignored = { ...decided, until_robots: 5, until_occurrences: 9 };
    assert.equal(stateText({ state: 'ignored', decided: ignored }), 'ignored below 5 robots, below 9 occurrences');
  });
});

describe('figures of a fleet', () => {
  const common = {
    since: '2026-03-01T00:00:00.000Z',
    until: '2026-03-31T00:00:00.000Z',
    ...{ robots: 12, stale: 1 },
  };
  const cases = [
    [
      'mtbf',
      {
        name: 'amr-1',
        occurrences: 4,
        errors: 2,
        too_few: true,
        running_hours: 10,
        mtbf_hours: 5,
        mtbf_low_hours: 1.59,
      },
      /^ROBOT +ERRORS +OCCURRENCES +RUNNING H +MTBF H .*\namr-1 +2 +4 +10\.0 +5\.0 +1\.6 to - +too few errors/,
    ],
    [
      'mttr',
      { occurrences: 4, errors: 2, healed: 3, mttr_hours: 0.05 },
      /^ROBOT +HEALED +OCCURRENCES +MTTR MIN.*\nunknown +3 +4 +3\.0/,
    ],
    [
      'availability',
      { name: 'amr-1', occurrences: 4, errors: 2, running_hours: 8, lost_hours: 2, availability: 0.75 },
      /^ROBOT +AVAILABILITY +LOST H +RUNNING H +ERRORS\namr-1 +75\.00 % +2\.0 +8\.0 +2/,
    ],
    [
      'top',
      { name: '7', fault_code: 'MOTOR', entity_id: 'arm', occurrences: 4, errors: 2, lost_hours: 0 },
      /^ROBOT +OCCURRENCES +ERRORS +LOST H\n7 MOTOR arm +4 +2 +0\.0/,
    ],
  ] as const;
  for (const [what, item, expected] of cases) {
    it(`are a table of ${what}, with the number of robots that they come from`, () => {
      const text = figureText(what, { by: 'robot', ...common, items: [item] });
      assert.match(text, expected);
      assert.match(text, /from 12 robots, 1 of them not read for 24 h$/);
      assert.match(figureText(what, { by: 'robot', ...common, items: [] }), /^no data\n/);
    });
  }
});
