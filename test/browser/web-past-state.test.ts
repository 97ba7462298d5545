import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PastState } from '@medkit/contract';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { Sandbox } from '../scenes/medkit-process.ts';
import { startMotor } from '../upgrade/robot.ts';

const WAIT = { timeout: 30_000 };

suite('the state at a moment', { skip: browserMissing, timeout: 240_000 }, () => {
  test('is on the home page and the page of an entity, stays unchanged, and leads back to now', async () => {
    await using sandbox = new Sandbox();
    const domain = await sandbox.domain();
    const ros = { ROS_DOMAIN_ID: String(domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    await using robots = new AsyncDisposableStack();
    const robot = robots.use(await startMotor(domain));
    const medkit = sandbox.start(['up', '--port', '0', '--data-dir', `${sandbox.folder}/data`], ros);
    const url = await medkit.printed(/(http:\/\/127\.0\.0\.1:\d+)/, 60_000);
    await robot.report('MOTOR_HOT', 'failed', 3);
    const recorded = await eventually('the record of the motor', async () => {
      const reply = await fetch(`${url}/api/v1/x-medkit-at?t=${Date.now() - 10}`);
      const { at, tree, faults } = (await reply.json()) as PastState;
      const isThere = tree?.items.some(({ id, online }) => id === 'motor' && online) && faults.total === 1;
      return isThere && at;
    });
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/`);
    const region = (name: RegExp) => page.getByRole('region', { name });

    await page.goto(`${url}/?at=${recorded}`);
    await page.getByRole('heading', { level: 1, name: /^State at/ }).waitFor(WAIT);
    await region(/^Entities/)
      .getByRole('link', { name: 'motor', exact: true })
      .waitFor(WAIT);
    await region(/^Active faults \(1\)/)
      .getByText('MOTOR_HOT', { exact: true })
      .waitFor(WAIT);
    await page.getByText('Values that the gateway did not read').waitFor(WAIT);
    await assertAccessible(page, 'the state at a moment');
    await page.setViewportSize({ width: 360, height: 740 });
    await untilFits(page, 'the state at a moment', 360);
    await page.setViewportSize({ width: 1280, height: 800 });

    await robots.disposeAsync();
    await eventually('the motor has left', async () => {
      const reply = await fetch(`${url}/api/v1/apps`);
      const { items } = (await reply.json()) as { items: { id: string; 'x-medkit': { is_online: boolean } }[] };
      return !items.some((app) => app.id === 'motor' && app['x-medkit'].is_online);
    });
    const motor = region(/^Entities/)
      .getByRole('listitem')
      .filter({ hasText: 'motor' });
    await motor.getByText('online', { exact: true }).first().waitFor(WAIT);
    await motor.getByRole('link', { name: 'motor', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: /^State at.*motor$/ }).waitFor(WAIT);
    await region(/^Entities \(1\)/)
      .getByText('online', { exact: true })
      .waitFor(WAIT);

    await page.goto(`${url}/?at=1000`);
    await page
      .getByText(/when the record begins/)
      .first()
      .waitFor(WAIT);
    assert.deepEqual(
      troubles.splice(0).filter((trouble) => !trouble.includes('400')),
      [],
    );
    await page.getByRole('button', { name: 'Back to now' }).click();
    await region(/^Last 24 hours/).waitFor(WAIT);
    assert.equal(new URL(page.url()).search, '');
    await page.getByRole('button', { name: 'Earlier state' }).click();
    await page.getByRole('heading', { level: 1, name: /^State at/ }).waitFor(WAIT);
    assert.match(new URL(page.url()).search, /^\?at=/);
    // The present home page requests the fault of the app that has left.
    const others = troubles.filter((trouble) => !trouble.includes('400') && !trouble.includes('MOTOR_HOT'));
    assert.deepEqual(others, []);
  });
});
