import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { Sandbox } from '../scenes/medkit-process.ts';
import { startMotor } from '../upgrade/robot.ts';

const WAIT = { timeout: 30_000 };

suite('other thresholds on the last 30 days', { skip: browserMissing, timeout: 240_000 }, () => {
  test('are tried on the page of a fault, against the database of the running gateway', async () => {
    await using sandbox = new Sandbox();
    const domain = await sandbox.domain();
    const ros = { ROS_DOMAIN_ID: String(domain), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    await using robot = await startMotor(domain);
    const medkit = sandbox.start(['up', '--port', '0', '--data-dir', `${sandbox.folder}/data`], ros);
    const url = await medkit.printed(/(http:\/\/127\.0\.0\.1:\d+)/, 60_000);
    await robot.report('MOTOR_HOT', 'failed', 2);
    await eventually('the fault is confirmed', async () => {
      const reply = await fetch(`${url}/api/v1/apps/motor/faults/MOTOR_HOT`);
      return reply.status === 200;
    });
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/`);
    await page.goto(`${url}/apps/motor/faults/MOTOR_HOT`);
    const region = page.getByRole('region', { name: 'Debouncing' });
    await region.getByText('Try other thresholds on the last 30 days').click();

    const confirm = region.getByLabel('Confirm at counter');
    await confirm.waitFor(WAIT);
    assert.equal(await confirm.inputValue(), '-1');
    await confirm.fill('-2');
    await region.getByRole('button', { name: 'Try', exact: true }).click();
    await region.getByText('confirmed later').waitFor(WAIT);
    await assertAccessible(page, 'the trial of thresholds');

    await confirm.fill('-3');
    await region.getByRole('button', { name: 'Try', exact: true }).click();
    await region.getByText('no longer a fault').waitFor(WAIT);
    await region.getByText('Active 1 time with the thresholds in use, 0 times with these.').waitFor(WAIT);
    await region.getByText(/Not evaluated: Triggers/).waitFor(WAIT);

    await confirm.fill('-1');
    await region.getByRole('button', { name: 'Try', exact: true }).click();
    await region.getByText('Nothing would have been different for this fault.').waitFor(WAIT);
    await page.setViewportSize({ width: 360, height: 740 });
    await untilFits(page, 'the trial of thresholds', 360);
    assert.deepEqual(troubles, []);
  });
});
