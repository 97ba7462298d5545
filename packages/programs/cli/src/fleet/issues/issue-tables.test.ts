import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetIssue, FleetIssueDetail } from '@medkit/contract';
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
