import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type IncidentDetail, ROUTES } from '@medkit/contract';
import { CommandFailed } from '../command/failure.ts';
import { incidentLines } from './incident-lines.ts';
import { incidentTable } from './incident-table.ts';
import { faultsNamed } from './regroup-incidents.ts';

/** The example of docs/api.md. */
const INCIDENT = ROUTES.getIncident[0].responses[200]?.example as IncidentDetail;
const fact = (lines: readonly string[], name: string) =>
  lines.find((line) => line.startsWith(`  ${name.padEnd(14)}`))?.slice(16);

describe('incidents for a person', () => {
  it('are a row each', () => {
    const [head, row] = incidentTable([INCIDENT], { paint: (text) => text }).split('\n');
    assert.match(head ?? '', /^INCIDENT +BEGAN +STATE +SEVERITY +ROOT +FAULTS +ROBOT +ACKNOWLEDGED BY$/);
    assert.match(row ?? '', /^inc_41 +2026-03-23 .* healed +ERROR +PROTECTIVE_STOP +2 +safety_island +jan$/);
  });

  it('list each fault with the reason why it belongs to the incident', () => {
    const lines = incidentLines(INCIDENT);
    assert.match(lines[0] ?? '', /inc_41.* {3}Obstacle within the stop distance/);
    assert.equal(fact(lines, 'motion'), 'no blocking fault known');
    assert.equal(fact(lines, 'root'), 'PROTECTIVE_STOP on safety_gate of safety_island');
    assert.match(fact(lines, 'crossing') ?? '', /^min_range_m 0\.29 m < 0\.8 m {3}/);
    assert.match(fact(lines, 'acknowledged') ?? '', /^jan, /);
    assert.equal(fact(lines, 'also'), 'inc_7');
    const symptom = lines
      .join('\n')
      .split('\n')
      .find((line) => line.startsWith('NAVIGATION_GOAL_ABORTED'));
    assert.match(symptom ?? '', /bt_navigator +\+6\.0 s +healed +1 +Symptom of PROTECTIVE_STOP by the rule/);
    assert.ok(lines.some((line) => line.endsWith('jan: An operator fetched a pallet. The lane is to be fenced off.')));
  });

  it('show the robots of an outbreak, and the versions with it and without it', () => {
    const outbreak = {
      kind: 'issue_spreads' as const,
      ...{ subject: '7', about: '2 of 2 have 2.1.0, 0 of 5 others.', robots: 2, sites: ['berlin'], groups: [] },
    };
    const member = { site: 'berlin', version: '2.1.0', began: INCIDENT.began };
    const outbreak_detail = {
      members: [
        { robot: 'r1', ...member, incident_id: 'inc_5' },
        { robot: 'r2', ...member, ended: INCIDENT.began },
      ],
      by_version: [{ name: '2.1.0', affected: 2, others: 0 }],
      by_site: [],
    };
    const lines = incidentLines({ ...INCIDENT, outbreak, outbreak_detail }).join('\n');
    assert.match(lines, /about +2 of 2 have 2\.1\.0, 0 of 5 others\.\n +sites +berlin\n/);
    assert.match(lines, /\nr1 +berlin +2\.1\.0 .* inc_5/);
    assert.match(lines, /\nVERSION +IN THE OUTBREAK +OTHERS\n2\.1\.0 +2 +0/);
    assert.ok(!lines.includes('root'));
  });

  it('name gateways that did not answer', () => {
    const failed_members = [{ entity_id: 'arm', runtime: 'arm', message: 'arm is down' }];
    const lines = incidentLines({ ...INCIDENT, 'x-medkit': { failed_members, failed_peers: ['arm', 'crane'] } });
    assert.deepEqual(
      lines.filter((line) => line.startsWith('  no answer')).map((line) => line.slice(16)),
      ['arm is down: its faults are not included', 'crane does not answer: its faults are not included'],
    );
  });

  it('are split by fault codes, and by gateway if several have the same code', () => {
    const stop = INCIDENT.faults[0]!;
    const faults = [stop, { ...stop, origin: 'arm' }, INCIDENT.faults[1]!];
    assert.deepEqual(faultsNamed(faults, 'PROTECTIVE_STOP@arm', 'inc_41'), [
      { fault_code: 'PROTECTIVE_STOP', origin: 'arm' },
    ]);
    assert.equal(faultsNamed(faults, 'PROTECTIVE_STOP', 'inc_41').length, 2);
    assert.deepEqual(faultsNamed(faults, 'NAVIGATION_GOAL_ABORTED', 'inc_41'), [
      { fault_code: 'NAVIGATION_GOAL_ABORTED' },
    ]);
    assert.throws(() => faultsNamed(faults, 'NONE', 'inc_41'), CommandFailed);
  });
});
