import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FleetRobot } from '@medkit/contract';
import { countGroups, filterRobots, parseLabels, worstSeverity } from './fleet-groups.ts';

const robot = (id: string, more: Partial<FleetRobot> = {}): FleetRobot => ({
  id,
  state: 'approved',
  presence: 'online',
  labels: {},
  fingerprint: 'F',
  enrolled_at: '2026-03-20T09:00:00Z',
  problems: [],
  ...more,
});
const faults = (critical: number, error = 0, warning = 0, info = 0) => ({ critical, error, warning, info });
const idsOf = (robots: readonly FleetRobot[]) => robots.map(({ id }) => id);

suite('the robots of a fleet', () => {
  const robots = [
    robot('amr-1', { site: 'berlin', faults: faults(1, 2), labels: { model: 'A200' } }),
    robot('amr-2', { presence: 'offline', site: 'ulm', faults: faults(0, 0, 1) }),
    robot('amr-3', { presence: 'never', versions: { medkit: '0.3.0', software: 'navigation-2.1.0' } }),
    robot('amr-4', { state: 'pending', faults: faults(1) }),
    robot('amr-5', { state: 'quarantined', presence: 'offline' }),
  ];

  test('are counted by group; only approved ones count as connected or faulty', () => {
    assert.deepEqual(countGroups(robots), {
      all: 5,
      online: 1,
      offline: 2,
      critical: 1,
      error: 1,
      pending: 1,
      quarantined: 1,
    });
  });

  test('are filtered by group, site, and words in name, labels and versions', () => {
    const all = { group: 'all', site: '', words: '' } as const;
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, group: 'offline' })), ['amr-2', 'amr-3']);
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, site: 'ulm' })), ['amr-2']);
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, words: 'AMR model=a200' })), ['amr-1']);
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, words: 'navigation' })), ['amr-3']);
  });

  test('have the severity of their most severe fault; none without faults, or if they are unknown', () => {
    assert.deepEqual(robots.map(worstSeverity), [3, 1, undefined, 3, undefined]);
    assert.equal(worstSeverity(robot('x', { faults: faults(0) })), undefined);
  });
});

test('labels are one name=value per line, and the first other line is the problem', () => {
  assert.deepEqual(parseLabels(' model = A200 \n\nzone=a=b\nempty='), {
    labels: { model: 'A200', zone: 'a=b', empty: '' },
  });
  assert.deepEqual(parseLabels('model=A200\n=x'), { problem: '=x' });
  assert.deepEqual(parseLabels('word'), { problem: 'word' });
  assert.deepEqual(parseLabels(''), { labels: {} });
});
