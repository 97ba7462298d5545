import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { PlcGateway } from '../opcua/plc-gateway.ts';

const WAIT = { timeout: 30_000 };
const CODE = 'TANK_OVERPRESSURE';

suite('the page of PLC alarms', { skip: browserMissing, timeout: 240_000 }, () => {
  test('lists an alarm, which ends after it is acknowledged on its page and confirmed in the list', async () => {
    await using scene = await PlcGateway.open();
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/alarms`);
    await page.getByText('No active alarms').waitFor(WAIT);
    await assertAccessible(page, 'no alarms');

    await scene.plc.inject('overpressure');
    const alarm = page.getByRole('listitem').filter({ hasText: CODE });
    await alarm.waitFor({ timeout: 60_000 });
    for (const state of ['active', 'not acknowledged', 'not confirmed']) {
      await alarm.getByText(state, { exact: true }).waitFor(WAIT);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await assertAccessible(page, 'an alarm');
    await untilFits(page, 'an alarm', 360);
    await page.setViewportSize({ width: 1280, height: 800 });

    await scene.plc.clear('overpressure');
    const isLow = async () => (await scene.get('/apps/tank/data/pressure')).data < 3;
    await eventually('the pressure is low again', isLow, 60_000);
    assert.deepEqual(await scene.faults(), [CODE]);

    const dialog = page.getByRole('dialog');
    await alarm.getByRole('link', { name: CODE }).click();
    await page.getByRole('button', { name: `Acknowledge… Acknowledge ${CODE} of tank` }).click();
    await dialog.getByLabel('Comment (optional)').fill('On my way');
    await assertAccessible(page, 'the dialog');
    await dialog.getByRole('button', { name: 'Acknowledge alarm' }).click();
    await page.getByText('Acknowledgement sent').waitFor(WAIT);
    // While the dialog closes, its button matches, too.
    await page
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .waitFor({ ...WAIT, state: 'detached' });

    await page.goto(`${scene.url}/alarms`);
    for (const state of ['cause has ended', 'acknowledged', 'not confirmed']) {
      await alarm.getByText(state, { exact: true }).waitFor(WAIT);
    }
    await alarm.getByRole('button', { name: `Confirm… Confirm ${CODE} of tank` }).click();
    await dialog.getByRole('button', { name: 'Confirm alarm' }).click();
    await page.getByText('No active alarms').waitFor(WAIT);
    await scene.untilFaults([]);
    assert.deepEqual(troubles, []);
  });
});
