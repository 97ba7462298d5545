import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { type MedkitProcess, Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };
const START_MS = 90_000;
const PHONE = { width: 360, height: 740 };

suite('a fleet hub with a robot', { skip: browserMissing, timeout: 300_000 }, () => {
  let sandbox: Sandbox;
  let medkit: MedkitProcess;
  let url: string;
  let domain: number;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    sandbox = new Sandbox();
    domain = await sandbox.domain();
    medkit = sandbox.start(['demo', 'hub', '--robots', '1', '--port', '0', '--domain', String(domain)]);
    url = (await medkit.printed(/Fleet +(\S+)\/fleet\n/, START_MS)).trim();
    browser = await openBrowser();
    // A site gets a wrong time zone. The robot is killed at the end: the hub answers 504, and its event stream ends.
    const mayFail = /status of (?:400|404|501|504)|ERR_INCOMPLETE_CHUNKED_ENCODING/;
    watched = await openWatchedPage(browser.context, `${url}/fleet`, { mayFail });
    page = watched.page;
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await sandbox?.[Symbol.asyncDispose]();
  });

  const row = () => page.getByRole('row', { name: /amr-1/ });

  test('lists the robot, and its faults within seconds', async () => {
    await row().getByText('online', { exact: true }).waitFor(WAIT);
    await assertAccessible(page, 'the fleet');
    const injected = await sandbox.run(['demo', 'inject', 'obstacle', '--domain', String(domain)]);
    assert.equal(injected.code, 0, injected.errors);
    await page.getByRole('button', { name: /^1 with an error$/ }).click(WAIT);
    await row().click();
    await page.getByRole('heading', { level: 1, name: 'amr-1' }).waitFor(WAIT);
    await page.getByText('NAVIGATION_GOAL_ABORTED').waitFor(WAIT);
    await assertAccessible(page, 'a robot of the fleet');
    await page.setViewportSize(PHONE);
    await untilFits(page, 'a robot of the fleet', PHONE.width);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('begins with the fleet, and lists the faults of all robots', async () => {
    await page.goto(`${url}/`);
    await row().waitFor(WAIT);
    await page.getByRole('navigation').getByRole('link', { name: 'Faults' }).click();
    await page.getByLabel('Contains').fill('goal amr-1');
    await page.getByRole('row', { name: /amr-1.*NAVIGATION_GOAL_ABORTED/ }).waitFor(WAIT);
    // The row was listed before the filter, too.
    await eventually('only this fault', async () => (await page.getByRole('row').count()) === 2);
    await assertAccessible(page, 'the faults of the fleet');
    await page.getByRole('link', { name: 'NAVIGATION_GOAL_ABORTED' }).click();
    await page.getByRole('heading', { level: 1, name: /NAVIGATION_GOAL_ABORTED/ }).waitFor(WAIT);
    // The account is that of the hub, which has none: only the robot knows the hub as its client.
    assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
    await page.getByRole('link', { name: 'Fleet', exact: true }).click();
    await row().waitFor(WAIT);
    await page.keyboard.press('Control+k');
    await page.locator('.find-words').fill('MR-1');
    await page.getByRole('option', { name: /amr-1.*berlin/ }).click(WAIT);
    await page.getByRole('heading', { level: 1, name: 'amr-1' }).waitFor(WAIT);
  });

  test('changes the site and labels of the robot', async () => {
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByLabel('Site').fill('hamburg');
    await page.getByLabel('Labels').fill('model=amr-200');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('model=amr-200', { exact: true }).waitFor(WAIT);
    const described = await sandbox.run(['fleet', 'show', 'amr-1', '--url', url]);
    assert.match(described.output, /Site +hamburg\n +Labels +model=amr-200/);
  });

  test('has its sites as cards with a dot for each robot, and saves a filter as a view', async () => {
    await page.goto(`${url}/fleet`);
    const site = page.getByRole('list', { name: 'Sites' });
    await site.getByText('1 of 1 online').waitFor(WAIT);
    await site.getByRole('link', { name: 'amr-1: online, with an error' }).waitFor(WAIT);
    await site.getByRole('button', { name: 'hamburg', exact: true }).click();
    await page.getByRole('button', { name: 'Save view…' }).click();
    await page.getByLabel('Name of the view').fill('north');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'north', pressed: true }).waitFor(WAIT);
    await row().waitFor(WAIT);
    await assertAccessible(page, 'the fleet with a view');
    const listed = await sandbox.run(['fleet', '--group', 'north', '--url', url]);
    assert.match(listed.output, /amr-1 +online +hamburg/);
    await page.getByRole('button', { name: 'Delete view…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'north' }).waitFor({ ...WAIT, state: 'detached' });
  });

  test('parks the robot, and sets the hours of its site', async () => {
    await page.getByRole('button', { name: 'Hours of hamburg…' }).click(WAIT);
    await page.getByLabel('Time zone, such as Europe/Berlin').fill('Europe/Atlantis');
    await page.getByLabel('Quiet hours').fill('00:00-24:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('"Europe/Atlantis" is not a time zone').waitFor(WAIT);
    await page.getByLabel('Time zone, such as Europe/Berlin').fill('Europe/Berlin');
    await assertAccessible(page, 'the hours of a site');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('quiet hours of its site').waitFor(WAIT);
    await page.getByRole('button', { name: 'Hours of hamburg…' }).click();
    await page.getByRole('button', { name: 'Delete schedule' }).click();
    await page.getByText('quiet hours of its site').waitFor({ ...WAIT, state: 'detached' });
    await row().click();
    await page.getByRole('button', { name: 'Park…' }).click(WAIT);
    await page.getByLabel('Note').fill('new wheels');
    await assertAccessible(page, 'the park of a robot');
    await page.getByRole('button', { name: 'Park', exact: true }).click();
    await page.getByText('parked', { exact: true }).waitFor(WAIT);
    await page.getByText('connected from').first().waitFor(WAIT);
    const described = await sandbox.run(['fleet', 'show', 'amr-1', '--url', url]);
    assert.match(described.output, /State +online, parked\n +Absence +parked by anonymous until .*: new wheels/);
  });

  test('creates an invitation with a command, and withdraws it', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Fleet' }).click();
    await page.getByRole('button', { name: 'Invite robots…' }).click();
    await page.getByLabel('Name of the robot').fill('amr-2');
    await page.getByRole('button', { name: 'Create invitation' }).click();
    await page.getByText(/^sudo medkit enrol http\S+#/).waitFor(WAIT);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Withdraw…' }).click(WAIT);
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('No invitation is open.').waitFor(WAIT);
  });

  test('serves the pages of the robot, which work as on the robot', async () => {
    await page.goto(`${url}/fleet/amr-1`);
    assert.equal(page.url(), `${url}/fleet/amr-1/`);
    await page.locator('.fleet-stripe', { hasText: 'online' }).waitFor(WAIT);
    await page.locator('.live-chip', { hasText: 'live' }).waitFor(WAIT);
    await page.getByRole('navigation').getByRole('link', { name: 'Faults' }).click();
    await page.getByText('NAVIGATION_GOAL_ABORTED').first().click(WAIT);
    await page.getByRole('heading', { level: 1, name: /NAVIGATION_GOAL_ABORTED/ }).waitFor(WAIT);
    assert.match(page.url(), /\/fleet\/amr-1\/apps\/bt_navigator\/faults\/NAVIGATION_GOAL_ABORTED/);
    await assertAccessible(page, 'a page of the robot');
    const faults = await sandbox.run(['faults', '--robot', 'amr-1', '--url', url]);
    assert.match(faults.output, /NAVIGATION_GOAL_ABORTED/);
  });

  test('shows what it knew last of a robot that is away, and as of when', async () => {
    const robot = medkit.processOf('demo --lite');
    assert.ok(robot !== undefined);
    process.kill(robot, 'SIGKILL');
    await page.locator('.fleet-stripe', { hasText: /expected offline.*as of/ }).waitFor(WAIT);
    await page.goto(`${url}/robots/amr-1`);
    await page.getByText('NAVIGATION_GOAL_ABORTED').waitFor(WAIT);
    await page.getByText('parked by anonymous: new wheels').waitFor(WAIT);
    await assertAccessible(page, 'a parked robot');
    await page.getByRole('button', { name: 'End the park…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the park' }).click();
    await page.getByText('offline', { exact: true }).first().waitFor(WAIT);
    const apps = await eventually('the answer for a robot that is away', async () => {
      const run = await sandbox.run(['apps', '--robot', 'amr-1', '--url', url]);
      return run.errors === '' ? undefined : run;
    });
    assert.match(apps.errors, /amr-1 is not connected to its hub: this is its last known state as of/);
    assert.match(apps.output, /bt_navigator/);
    const data = await sandbox.run(['logs', 'bt_navigator', '--robot', 'amr-1', '--url', url]);
    assert.match(data.errors, /amr-1 is away since/);
  });

  test('shows the entities and the fault of a robot that is away, and offers to clear the fault later', async () => {
    await page.goto(`${url}/fleet/amr-1/apps/bt_navigator`);
    await page.locator('.fleet-stripe', { hasText: /offline.*as of/ }).waitFor(WAIT);
    await page.locator('.live-chip', { hasText: 'last known state' }).waitFor(WAIT);
    await page.getByRole('heading', { level: 1, name: 'bt_navigator' }).waitFor(WAIT);
    await page.goto(`${url}/fleet/amr-1/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED`);
    await page.getByRole('heading', { level: 1, name: /NAVIGATION_GOAL_ABORTED/ }).waitFor(WAIT);
    const clear = page.getByRole('button', { name: 'Clear…' });
    await clear.waitFor(WAIT);
    await assertAccessible(page, 'a fault of a robot that is away');
    await clear.click();
    await page.getByText(/^amr-1 is away since .* Do it when it is back\?$/).waitFor(WAIT);
    assert.deepEqual(watched.troubles, []);
  });
});
