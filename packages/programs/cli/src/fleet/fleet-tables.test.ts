import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetRobot } from '@medkit/contract';
import { CommandFailed } from '../command/failure.ts';
import { changedLabels } from './change-robot.ts';
import { groupTable } from './groups.ts';
import { invitationTable } from './invitations.ts';
import { quotaTable } from './list-quotas.ts';
import { absenceText, contactText, faultText, robotTable, stateText } from './list-robots.ts';
import { robotText } from './show-robot.ts';

const amr: FleetRobot = {
  id: 'amr-17',
  state: 'approved',
  presence: 'offline',
  last_seen: '2026-03-23T02:13:31.000Z',
  site: 'berlin',
  labels: { model: 'amr-200' },
  fingerprint: '7KQ29FXMT4VD0RWAHB3N',
  key_added_at: '2026-03-20T09:00:00.000Z',
  machine: { serial: 'A200-0017' },
  enrolled_at: '2026-03-20T09:00:00.000Z',
  versions: { medkit: '0.3.0', software: 'navigation-2.1.0' },
  faults: { critical: 1, error: 0, warning: 2, info: 0 },
  log: { id: 'x', seq: 410, newest: 412 },
  problems: [{ code: 'uplink_hole', message: 'record 411\u001b[2J is missing', since: '2026-03-23T02:13:31.000Z' }],
};

describe('the robots of a fleet', () => {
  it('are listed with state, faults, versions and problems', () => {
    const [head, line] = robotTable([amr]).split('\n');
    assert.match(head ?? '', /^ROBOT +STATE +SITE +FAULTS +SOFTWARE +MEDKIT +LAST CONTACT +PROBLEM$/);
    assert.match(
      line ?? '',
      /^amr-17 +offline +berlin +1 critical, 2 warning +navigation-2\.1\.0 +0\.3\.0 +2026.* +record 411/,
    );
    assert.ok(!line?.includes('\u001b'), 'what a robot says does not steer the terminal');
    assert.match(robotTable([]), /fleet invite/);
  });

  it('have the state of their enrolment until they are approved, and say if their faults are unknown', () => {
    assert.equal(stateText({ ...amr, state: 'pending' }), 'pending');
    const { faults: _, ...unknown } = amr;
    assert.equal(faultText(unknown), 'unknown');
    assert.equal(faultText({ ...amr, faults: { critical: 0, error: 0, warning: 0, info: 0 } }), 'none');
  });

  it('are late, or away as announced, with the reason and the end', () => {
    const time = '2026-03-24T08:00:00.000Z';
    const park = { from: time, until: time, active: true, note: 'new wheels', by: 'alice', at: time };
    const away = { ...amr, presence: 'expected_offline' } as const;
    const quiet = { ...away, absence: { reason: 'quiet_hours', since: time, until: time } } as const;
    assert.match(absenceText({ ...away, park }) ?? '', /^parked by alice until 2026-\S+ \S+: new wheels$/);
    assert.match(absenceText({ ...amr, park: { ...park, active: false } }) ?? '', /^parked by alice from 2026.* until/);
    assert.match(absenceText(quiet) ?? '', /^quiet hours of its site until 2026/);
    assert.deepEqual([absenceText(amr), stateText(away)], [undefined, 'expected offline']);
    assert.equal(stateText({ ...amr, presence: 'online', park }), 'online, parked');
    assert.deepEqual(
      [contactText({ ...amr, presence: 'online' }), contactText({ ...amr, presence: 'late' }).slice(0, 4)],
      ['now', '2026'],
    );
    assert.match(robotTable([quiet]), /^amr-17 +expected offline +berlin/m);
    assert.match(robotText(quiet), /^ {2}Absence +quiet hours of its site until/m);
  });

  it('are described without lines for what is unknown', () => {
    const text = robotText(amr);
    assert.match(text, /^ {2}Log +410 of 412 records are stored$/m);
    assert.match(text, /^ {2}Machine +serial=A200-0017$/m);
    assert.match(text, /^ {2}uplink_hole +record 411/m);
    assert.match(text, /^ {2}Key +7KQ29FXMT4VD0RWAHB3N, since 2026-03-20 \S+$/m);
    const rotated = robotText({ ...amr, key_added_at: null, rotation_requested_at: '2026-03-24T09:00:00.000Z' });
    assert.match(rotated, /^ {2}Key +7KQ29FXMT4VD0RWAHB3N, a new one is requested$/m);
    assert.doesNotMatch(text, /Note|Approved|Address/);
  });
});

it('invitations name the robot or the pattern, and how many robots may still use them', () => {
  const common = { state: 'open', created_at: '', created_by: 'alice', expires_at: '2026-03-20T10:00:00Z' } as const;
  const lines = invitationTable([
    { ...common, id: '12', robot: 'amr-17', uses: 1, left: 1 },
    { ...common, id: '13', name_pattern: 'amr-{serial}', uses: 200, left: 180 },
  ]).split('\n');
  assert.match(lines[1] ?? '', /^12 +amr-17 +open +1\/1 /);
  assert.match(lines[2] ?? '', /^13 +amr-\{serial\} +open +180\/200 /);
});

it('groups are listed with their filters', () => {
  const changed = { changed_at: '2026-03-20T10:00:00Z', changed_by: 'alice' };
  const [head, line] = groupTable([{ id: 'amr-200', labels: ['model=amr-200', 'pilot'], ...changed }]).split('\n');
  assert.match(head ?? '', /^GROUP +SITE +LABELS +VERSION +NAME CONTAINS +CHANGED +BY$/);
  assert.match(line ?? '', /^amr-200 +model=amr-200 pilot +2026.* +alice$/);
  assert.match(groupTable([]), /fleet groups set/);
});

it('quotas have their use in readable units, and the remedy of those that are used up', () => {
  const lines = quotaTable([
    { quota: 'robots', used: 100, limit: 100, remedy: 'Retire robots, or raise the quota' },
    { quota: 'evidence_bytes', used: 1_500_000_000, limit: 200_000_000_000, remedy: 'Erase evidence' },
    {
      ...{ quota: 'events_per_day', used: 40, limit: 1000, remedy: 'Find what repeats' },
      most: { robot: 'amr-17', used: 30 },
    },
  ]).split('\n');
  assert.match(lines[1]!, /^robots +100 +100 +Retire robots, or raise the quota$/);
  assert.match(lines[2]!, /^evidence_bytes +1\.5 GB +200 GB *$/);
  assert.match(lines[3]!, /^events_per_day +40 +1000 +amr-17 \(30\) *$/);
  assert.match(quotaTable([]), /^no quotas/);
});

it('labels are set by name=value and removed by name-', () => {
  assert.deepEqual(changedLabels({ a: '1', b: '2' }, ['a=x=y', 'b-', 'c=']), { a: 'x=y', c: '' });
  for (const word of ['word', '=x', '-']) assert.throws(() => changedLabels({}, [word]), CommandFailed);
});
