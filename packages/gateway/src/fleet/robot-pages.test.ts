import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { robotPages } from './robot-pages.ts';

const browser = { headers: { accept: 'text/html' } };
const program = { headers: { accept: 'application/json' } };
const pages = robotPages({ publicPath: '/hub', isHubOnly: true });

suite('the pages of a robot', () => {
  test('are those of the hub below the path of the robot', () => {
    for (const [url, expected] of [
      ['/fleet/amr-17/', '/'],
      ['/fleet/amr-17/?x=1', '/?x=1'],
      ['/fleet/amr-17/apps/lidar/data?sort=name', '/apps/lidar/data?sort=name'],
      ['/fleet/amr-17/assets/a.js', '/assets/a.js'],
    ] as const)
      assert.equal(pages.withoutRobot(url, browser), expected);
    assert.equal(pages.withoutRobot('/fleet/amr-17/assets/a.js', program), '/assets/a.js');
  });

  test('do not include its API, what only the hub serves, and names that no robot has', () => {
    for (const url of [
      '/fleet/amr-17/api/v1/apps',
      '/fleet/amr-17/%61pi/v1/apps',
      '/fleet/amr-17/docs',
      '/fleet/amr-17/metrics',
      '/fleet/amr-17/%E0',
      '/fleet/amr-17',
      '/fleet/-x/apps',
      '/fleet',
      '/apps/lidar',
    ])
      assert.equal(pages.withoutRobot(url, browser), url);
    assert.equal(pages.withoutRobot('/fleet/amr-17/apps', program), '/fleet/amr-17/apps');
  });

  test('know their robot, also behind a proxy that leaves its path in the URL', () => {
    for (const url of ['/fleet/amr-17/apps/x', '/hub/fleet/amr-17/'])
      assert.deepEqual(pages.metaOf(url), { name: 'medkit-robot', content: 'amr-17' });
    assert.deepEqual(pages.metaOf('/apps/fleet'), { name: 'medkit-hub', content: 'fleet' });
    assert.equal(robotPages({ publicPath: '', isHubOnly: false }).metaOf('/'), undefined);
    assert.deepEqual(['/fleet/amr-17', '/fleet/amr-17?x', '/fleet/amr-17/', '/fleet'].map(pages.isRobot), [
      true,
      true,
      false,
      false,
    ]);
  });
});
