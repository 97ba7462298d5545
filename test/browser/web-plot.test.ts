import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { AuditRecord } from '@medkit/contract';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

/** Numbers in test names are those of the checks in the design of the pages. */
const WAIT = { timeout: 30_000 };

suite('plotting and clearing', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: DemoScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;
  /** Requests of this page that could change something. */
  const writes: string[] = [];
  const newestRecord = async (): Promise<number> => (await scene.get('/x-medkit-audit?limit=1')).body.items[0]?.id ?? 0;

  before(async () => {
    scene = await DemoScene.open();
    await scene.waitForApps(['battery_monitor', 'controller_server', 'nav2_planner']);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${scene.url}/plot`, { mayFail: /status of (?:404|409)/ });
    page = watched.page;
    page.on('request', (request) => {
      if (request.method() !== 'GET') writes.push(`${request.method()} ${request.url()}`);
    });
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  const add = async (query: string, field?: string): Promise<void> => {
    const box = page.getByLabel('Add a series');
    await box.fill(query);
    // The list still has the results of the previous query for a moment.
    const offered = page.getByRole('list', { name: 'Matching data items' }).getByRole('button');
    await offered.filter({ hasText: query }).first().click(WAIT);
    if (field) await page.getByRole('button', { name: field, exact: false }).first().click(WAIT);
  };

  test('check 23, 24: two series are added by typing, drawn, paused, saved and reopened from their link, and nothing is left behind', async () => {
    const before = await newestRecord();
    await add('voltage');
    await page.waitForURL(/voltage/, WAIT);
    await add('cmd_vel', 'linear/x');
    await page.waitForURL(/voltage.*cmd_vel/, WAIT);
    const table = page.getByRole('table').last();
    await eventually('both have samples, enough for some lines', async () => {
      // The row header is not a cell; the cells are newest, age, rate, samples.
      const samples = await table.locator('tbody tr td:nth-of-type(4)').allInnerTexts();
      const counts = samples.map(Number);
      return counts.length === 2 && Math.min(...counts) > 0 && Math.max(...counts) > 10;
    });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go live' }).waitFor(WAIT);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split(/\r?\n/);
    assert.ok(lines.length > 5, `${lines.length} lines`);
    assert.match(lines[0]!, /voltage/);
    const other = await openWatchedPage(browser.context, page.url(), { mayFail: /status of (?:404|409)/ });
    await eventually('both are there', async () => {
      return (await other.page.getByRole('table').last().locator('tbody tr').count()) === 2;
    });
    assert.deepEqual(other.troubles, []);
    await other.page.close();

    assert.deepEqual(writes, []);
    assert.equal(await newestRecord(), before, 'no record in the audit log');
    const { body } = await scene.get('/apps/battery_monitor/cyclic-subscriptions');
    assert.deepEqual(body.items, [], 'no subscription');
  });

  test('an invalid series is shown with its problem, and the others continue', async () => {
    const { searchParams } = new URL(page.url());
    const good = `s=${encodeURIComponent(searchParams.getAll('s')[0]!)}`;
    const wrong = ['apps/a%20b/data/x', 'apps/x/data/y:/a~2'].map((key) => `s=${encodeURIComponent(key)}`);
    await page.goto(`${scene.url}/plot?${[...wrong, good].join('&')}`);
    await page.getByText('Invalid entity id').waitFor(WAIT);
    await page.getByText('is not a JSON Pointer').waitFor(WAIT);
    const last = page.getByRole('table').last().locator('tbody tr').nth(2).locator('td').first();
    const first = await last.innerText();
    await eventually('the one that can be goes on', async () => {
      const newest = await last.innerText();
      return /\d/.test(newest) && newest !== first;
    });
  });

  test('check 14: a fault is cleared after a dialog that names it, under the name of this browser', async () => {
    const reported = ['MOTOR_HOT', '/nav2_planner', '--description', '86 °C', '--domain', String(scene.domain)];
    const report = await scene.sandbox.run(['faults', 'report', ...reported], {
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    });
    assert.equal(report.code, 0, report.errors);
    await eventually('it stands', async () => (await scene.get('/apps/nav2_planner/faults/MOTOR_HOT')).status === 200);
    await page.goto(`${scene.url}/apps/nav2_planner/faults/MOTOR_HOT`);
    await page.getByRole('button', { name: 'Clear…' }).click(WAIT);
    const dialog = page.getByRole('dialog', { name: 'Clear MOTOR_HOT of nav2_planner' });
    await dialog.getByRole('button', { name: 'Clear', exact: true }).click(WAIT);
    await dialog.waitFor({ ...WAIT, state: 'hidden' });
    const client = await page.evaluate<string>('localStorage.getItem("medkit.client")');
    await page
      .getByText(new RegExp(`by .*${client}`))
      .first()
      .waitFor(WAIT);
    const { items } = (await scene.get('/x-medkit-audit?limit=20')).body;
    const requests = (items as readonly AuditRecord[]).flatMap(({ request }) => request ?? []);
    const cleared = requests.find(({ path }) => path.endsWith('/faults/MOTOR_HOT'));
    assert.equal(cleared?.client_id, client, `the record of it: ${JSON.stringify(cleared)}`);
  });

  test('the pages caused no errors or requests to other hosts', () => {
    assert.deepEqual(watched.troubles, []);
  });
});
