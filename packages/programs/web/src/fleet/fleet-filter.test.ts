import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FleetRobot } from '@medkit/contract';
import { countRobots, dotOf, filterRobots, parseLabels, selectorOf, sitesOf, worstSeverity } from './fleet-filter.ts';

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
    robot('amr-6', { presence: 'late' }),
    robot('amr-7', { presence: 'expected_offline' }),
  ];

  test('are counted; only approved ones count as connected or faulty', () => {
    assert.deepEqual(countRobots(robots), {
      all: 7,
      online: 2,
      late: 1,
      offline: 2,
      expected_offline: 1,
      critical: 1,
      error: 1,
      pending: 1,
      quarantined: 1,
    });
  });

  test('are filtered by count, site, and words in name, labels and versions', () => {
    const all = { count: 'all', site: '', words: '' } as const;
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, count: 'offline' })), ['amr-2', 'amr-3']);
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, site: 'ulm' })), ['amr-2']);
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, words: 'AMR model=a200' })), ['amr-1']);
    assert.deepEqual(idsOf(filterRobots(robots, { ...all, words: 'navigation' })), ['amr-3']);
  });

  test('have the severity of their most severe fault; none without faults, or if they are unknown', () => {
    assert.deepEqual(robots.map(worstSeverity), [3, 1, undefined, 3, undefined, undefined, undefined]);
    assert.equal(worstSeverity(robot('x', { faults: faults(0) })), undefined);
  });
});

test('robots are grouped by site, those without one last, each with a dot', () => {
  const robots = [
    robot('a'),
    robot('b', { site: 'ulm', faults: faults(1) }),
    robot('c', { site: 'berlin', faults: faults(1), presence: 'offline' }),
    robot('d', { site: 'ulm', faults: faults(0, 2) }),
    robot('e', { site: 'ulm', state: 'quarantined' }),
    robot('f', { site: 'ulm', presence: 'never', faults: faults(0) }),
    robot('g', { presence: 'late', faults: faults(1) }),
    robot('h', { presence: 'late' }),
    robot('i', { presence: 'expected_offline', faults: faults(1) }),
  ];
  const sites = sitesOf(robots).map(({ site, robots }) => [site, robots.map(dotOf)]);
  assert.deepEqual(sites, [
    ['berlin', ['offline']],
    ['ulm', ['critical', 'error', 'quarantined', 'never']],
    [undefined, ['online', 'critical', 'late', 'expected_offline']],
  ]);
});

test('a saved view has the site, the labels and one word of the filter, and narrows another view', () => {
  assert.deepEqual(selectorOf({ site: '', words: '' }), {});
  assert.deepEqual(selectorOf({ site: 'ulm', words: 'model=A200 amr zone=b' }), {
    site: 'ulm',
    labels: ['model=A200', 'zone=b'],
    q: 'amr',
  });
  assert.equal(selectorOf({ site: '', words: 'amr old' }), undefined);
  const narrowed = { site: 'berlin', labels: ['pilot'], version: '2', q: 'amr' };
  assert.deepEqual(selectorOf({ site: '', words: 'zone=b' }, narrowed), { ...narrowed, labels: ['pilot', 'zone=b'] });
  assert.equal(selectorOf({ site: 'ulm', words: '' }, narrowed)?.site, 'ulm');
});

test('labels are one name=value per line, and the first other line is the problem', () => {
  assert.deepEqual(parseLabels(' model = A200 \n\nzone=a=b\nempty='), {
    labels: { model: 'A200', zone: 'a=b', empty: '' },
  });
  assert.deepEqual(parseLabels('model=A200\n=x'), { problem: '=x' });
  assert.deepEqual(parseLabels('word'), { problem: 'word' });
  assert.deepEqual(parseLabels(''), { labels: {} });
});
