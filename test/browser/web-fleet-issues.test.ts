import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import type { Page } from 'playwright-core';
import { testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { bag, bagFile } from '../federation/recordings.ts';
import { type EvidenceRobot, evidenceRobot } from '../fleet/evidence-robot.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits, untilLoaded, untilTrue } from '../harness/calm-page.ts';
import { firefoxMissing, openFirefox } from '../harness/firefox.ts';
import { openFirefoxPage } from '../harness/firefox-page.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { openTestAccounts } from '../security/account-gateway.ts';
import { PAGES_OF_HUB, seedIssues } from './seeded-fleet.ts';

const WAIT = { timeout: 30_000 };
const PHONE = { width: 360, height: 740 };
const WINDOW = { width: 1280, height: 900 };
/** A hub in a test has no incidents, and a request for a field that the hub refuses. */
const MAY_FAIL = /status of (?:400|404|501)/;

suite('the issues and the evidence of a hub', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: EvidenceRobot;
  let url: string;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    scene = await evidenceRobot({}, PAGES_OF_HUB);
    ({ url } = scene.hub);
    await scene.hub.fleet('PUT', '/evidence-rules', { items: [] });
    await seedIssues(scene.hub);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${url}/issues`, { mayFail: MAY_FAIL });
    page = watched.page;
    await page.setViewportSize(WINDOW);
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.close();
  });

  const row = (name: RegExp) => page.getByRole('row', { name });
  const stateOf = async (issue: number): Promise<string> =>
    (await scene.hub.fleet('GET', `/issues/${issue}`)).json().state;
  /** Asserts that no word of the page is divided at the width of a phone. */
  const assertUndivided = async (about: string): Promise<void> => {
    await page.setViewportSize(PHONE);
    await page.evaluate(readFileSync(join(import.meta.dirname, '..', 'harness', 'divided-words.js'), 'utf8'));
    assert.deepEqual(await page.evaluate('findDivided()'), [], about);
    await page.setViewportSize(WINDOW);
  };
  const untilFitsPhone = async (path: string): Promise<void> => {
    await page.setViewportSize(PHONE);
    await untilFits(page, path, PHONE.width);
    await assertAccessible(page, `${path} on a phone`);
    await page.setViewportSize(WINDOW);
  };

  test('are listed with filters in the address', async () => {
    await row(/MOTOR.*arm.*new/).waitFor(WAIT);
    await page.getByRole('img', { name: '3 in the last 14 days, 3 in the last 24 hours' }).waitFor(WAIT);
    await assertAccessible(page, 'the issues');
    await untilFitsPhone('/issues');
    await page.getByLabel('Code contains').fill('motor');
    await row(/DOCK_LOST/).waitFor({ ...WAIT, state: 'detached' });
    assert.equal(new URL(page.url()).search, '?q=motor');
    await page.getByLabel('Site').selectOption('berlin');
    await row(/MOTOR.*arm.*new 1 1/).waitFor(WAIT);
    await page.getByLabel('Site').selectOption('');
    await page.getByLabel('Code contains').fill('nothing');
    await page.getByText('No issue matches these filters.').waitFor(WAIT);
    await page.getByLabel('Code contains').fill('');
    await page.getByLabel('Order').selectOption('robots');
    await row(/DOCK_LOST/).waitFor(WAIT);
    await page.getByLabel('Order').selectOption('last_seen');
  });

  test('are resolved, ignored and opened by keys', async () => {
    await page.goto(`${url}/issues?state=new`);
    await row(/MOTOR/).waitFor(WAIT);
    await row(/DOCK_LOST/).waitFor(WAIT);
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.getByRole('status').filter({ hasText: 'MOTOR: resolved' }).waitFor(WAIT);
    await row(/MOTOR/).waitFor({ ...WAIT, state: 'detached' });
    assert.equal(await stateOf(1), 'resolved');
    // The focus moves to the next row, so that triage continues there.
    await page.locator('tr:focus', { hasText: 'DOCK_LOST' }).waitFor(WAIT);
    await page.keyboard.press('z');
    await page.getByRole('status').filter({ hasText: 'MOTOR: ongoing' }).waitFor(WAIT);
    assert.equal(await stateOf(1), 'ongoing');
    await page.keyboard.press('i');
    const dialog = page.getByRole('dialog', { name: 'Ignore DOCK_LOST' });
    await dialog.getByRole('button', { name: 'Ignore', exact: true }).click(WAIT);
    await dialog.getByText('Enter at least one limit').waitFor(WAIT);
    await dialog.getByLabel('Until this many more robots have it').fill('2');
    await dialog.getByLabel('Until this many more occurrences').fill('many');
    await dialog.getByRole('button', { name: 'Ignore', exact: true }).click();
    await dialog.getByText('Enter a whole number from 1').waitFor(WAIT);
    await assertAccessible(page, 'the limits of an ignored issue');
    await dialog.getByLabel('Until this many more occurrences').fill('');
    await dialog.getByRole('button', { name: 'Ignore', exact: true }).click();
    await dialog.waitFor({ ...WAIT, state: 'detached' });
    assert.equal(await stateOf(2), 'ignored');
    await page.goto(`${url}/issues`);
    await row(/DOCK_LOST.*ignored below 3 robots/).waitFor(WAIT);
    await row(/MOTOR/).waitFor(WAIT);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'MOTOR' }).waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'Issues' }).waitFor(WAIT);
  });

  test('have a page with software, sites, robots and decisions', async () => {
    await page.goto(`${url}/issues/1`);
    await page.getByRole('row', { name: /nav-2\.2\.0 2 unknown/ }).waitFor(WAIT);
    await page.getByRole('row', { name: /ulm 2 unknown/ }).waitFor(WAIT);
    await page.getByRole('link', { name: 'Faults of amr-2' }).waitFor(WAIT);
    await page.getByText('No robot has reported evidence of this fault.').waitFor(WAIT);
    await assertAccessible(page, 'an issue');
    await untilFitsPhone('/issues/1');
    await assertUndivided('an issue on a phone');
    await page.getByRole('button', { name: 'Resolve…' }).click();
    await page.getByLabel('Resolved in software').fill('nav-2.3.0');
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
    await page.getByRole('status').filter({ hasText: 'MOTOR: resolved' }).waitFor(WAIT);
    await page.getByText('resolved in nav-2.3.0').first().waitFor(WAIT);
    await page.getByRole('button', { name: 'Reopen' }).click();
    await page.getByRole('status').filter({ hasText: 'MOTOR: ongoing' }).waitFor(WAIT);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('resolved in nav-2.3.0').first().waitFor(WAIT);
    await page.getByRole('button', { name: 'Owner…' }).click();
    await page.getByRole('textbox', { name: 'Owner' }).fill('grace');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('grace').waitFor(WAIT);
    await page.getByRole('region', { name: 'Notes' }).getByRole('textbox').fill('a <b>fan</b>');
    await page.getByRole('region', { name: 'Notes' }).getByRole('button').click();
    await page.getByRole('listitem').filter({ hasText: 'a <b>fan</b>' }).waitFor(WAIT);
    const { state, owner, notes } = (await scene.hub.fleet('GET', '/issues/1')).json();
    assert.deepEqual([state, owner, notes[0].text], ['resolved', 'grace', 'a <b>fan</b>']);
  });

  test('are found by Ctrl-K, and are in the navigation', async () => {
    await page.keyboard.press('Control+k');
    await page.locator('.find-words').fill('dock');
    await page.getByRole('option', { name: /DOCK_LOST/ }).click(WAIT);
    await page.getByRole('heading', { level: 1, name: 'DOCK_LOST' }).waitFor(WAIT);
    await page.getByRole('navigation').getByRole('link', { name: 'Issues' }).click();
    await row(/MOTOR/).waitFor(WAIT);
  });

  test('have evidence, which is fetched, downloaded, pinned and erased', async () => {
    const file = bagFile('bag.mcap', 1000);
    await scene.record(bag('bag-1', ['HOT'], file.file));
    await scene.reached('HOT', 'offered');
    await page.goto(`${url}/evidence`);
    await row(/amr-17.*HOT.*Recording.*on the robot/).waitFor(WAIT);
    await assertAccessible(page, 'the evidence');
    await untilFitsPhone('/evidence');
    await row(/HOT/).click();
    const dialog = page.getByRole('dialog', { name: 'Recording of HOT' });
    await dialog.getByRole('button', { name: 'Fetch now' }).click(WAIT);
    await dialog.getByText('stored', { exact: true }).waitFor(WAIT);
    await assertAccessible(page, 'the details of evidence');
    const waits = page.waitForEvent('download', WAIT);
    await dialog.getByRole('link', { name: 'Download' }).click();
    await (await waits).delete();
    await dialog.getByRole('button', { name: 'Pin' }).click();
    await dialog.getByText('stays while it is pinned').waitFor(WAIT);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Erase…' }).click();
    const erasing = page.getByRole('dialog', { name: 'Erase evidence of a robot' });
    await erasing.getByLabel('Name of the robot').fill('amr-17');
    await erasing.getByText('The hub loses 1 file (1.0 kB), 1 of them pinned.').waitFor(WAIT);
    assert.equal(await erasing.getByRole('button', { name: 'Erase' }).isDisabled(), true);
    await erasing.getByLabel('Type amr-17 to confirm').fill('amr-17');
    await erasing.getByRole('button', { name: 'Erase' }).click();
    await page.getByText('Erased 1 item of amr-17').waitFor(WAIT);
    assert.equal((await scene.evidence('?state=kept')).length, 0);
  });

  test('have rules, whose problems are at their fields', async () => {
    await page.getByText('There are no rules').waitFor(WAIT);
    await page.getByRole('button', { name: 'Edit rules…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rules of evidence' });
    await dialog.getByRole('button', { name: 'Add rule' }).click();
    await dialog.getByLabel('Faults of at least').selectOption('critical');
    await dialog.getByRole('combobox', { name: /^Recordings/ }).selectOption('sample');
    await dialog.getByLabel('Recordings of each robot in 24 hours').fill('0');
    await dialog.getByRole('button', { name: 'Save rules' }).click();
    await dialog.getByText('Enter a whole number from 1 to 1000').waitFor(WAIT);
    await assertAccessible(page, 'the rules of evidence');
    await dialog.getByLabel('Recordings of each robot in 24 hours').fill('2');
    await dialog.getByRole('button', { name: 'Save rules' }).click();
    await page.getByRole('row', { name: /Critical.*Recording \(2 of each robot a day\)/ }).waitFor(WAIT);
    assert.deepEqual((await scene.hub.fleet('GET', '/evidence-rules')).json().items, [
      { match: { severity: 'critical' }, collect: ['frames'], recording: { per_robot_day: 2 } },
    ]);
    assert.deepEqual(watched.troubles, []);
  });

  test('are resolved by keys in Firefox, and fit a phone', { skip: firefoxMissing }, async () => {
    await using firefox = await openFirefox();
    const tab = await openFirefoxPage(firefox.session, `${url}/issues?q=DOCK`);
    await tab.setWindow(WINDOW.width, WINDOW.height);
    await untilTrue(tab, 'an issue', `document.querySelector('tr[data-key="2"]') !== null`);
    await tab.type('j');
    await tab.type('e');
    await untilTrue(tab, 'the result', `document.body.innerText.includes('DOCK_LOST: resolved')`);
    assert.equal(await stateOf(2), 'resolved');
    for (const path of ['/issues', '/issues/1', '/evidence']) {
      await tab.goto(`${url}${path}`);
      await untilLoaded(tab);
      await tab.setWindow(PHONE.width, PHONE.height);
      await untilFits(tab, path, PHONE.width);
    }
  });
});

suite('the issues of a hub for a viewer', { skip: browserMissing, timeout: 120_000 }, () => {
  test('have disabled controls that say why', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-issue-rights-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const { known, accounts, principals } = await openTestAccounts({ folder, clock: systemClock });
    context.after(() => known.close());
    const admin = `Bearer ${(await accounts.keys.add({ name: 'admin', role: 'admin', owner: 'local' })).text}`;
    const viewer = (await accounts.keys.add({ name: 'viewer', role: 'viewer', owner: 'local' })).text;
    const { changes, parts } = PAGES_OF_HUB as { changes: object; parts: object };
    const hub = await testHub(changes, { ...parts, accounts: known, principals });
    context.after(() => hub.close());
    await seedIssues({
      ...hub,
      fleet: (method, path, body) => hub.call(method, `/api/v1/x-medkit-fleet${path}`, body, { authorization: admin }),
    });
    await using browser = await openBrowser();
    await browser.context.addInitScript(`sessionStorage.setItem('medkit.token', ${JSON.stringify(viewer)})`);
    const { page } = await openWatchedPage(browser.context, `${hub.url}/issues`);
    await page.getByRole('row', { name: /MOTOR/ }).waitFor(WAIT);
    const reason = page.getByText('Your role does not allow this');
    await reason.first().waitFor(WAIT);
    assert.equal(await page.getByRole('button', { name: 'Resolve' }).isDisabled(), true);
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.goto(`${hub.url}/issues/1`);
    await page.getByRole('button', { name: 'Resolve…' }).waitFor(WAIT);
    for (const name of ['Resolve…', 'Ignore…', 'Mute', 'Owner…'])
      assert.equal(await page.getByRole('button', { name }).isDisabled(), true, name);
    await reason.first().waitFor(WAIT);
    await assertAccessible(page, 'an issue for a viewer');
    const reply = await hub.call('GET', '/api/v1/x-medkit-fleet/issues/1', undefined, { authorization: admin });
    assert.equal(reply.json().state, 'new');
  });
});
