import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Incident, IncidentList } from '@medkit/contract';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const WAIT = { timeout: 30_000 };
const CODES = { root: 'PROTECTIVE_STOP', symptom: 'NAVIGATION_GOAL_ABORTED' };

suite('the list of incidents', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: DemoScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;
  // Under load the gate also waits for scans, which is a separate incident.
  const isOfObstacle = ({ root }: Incident) => Object.values(CODES).includes(root);
  const incidents = async (): Promise<readonly Incident[]> =>
    (await scene.get('/x-medkit-incidents')).body.items.filter(isOfObstacle);

  before(async () => {
    scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate']);
    await scene.untilDriving();
    await eventually('no fault', async () => (await scene.get('/faults')).body.items.length === 0);
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    await eventually('an incident with both faults', async () => {
      const [first] = await incidents();
      const faults = first && (await scene.get(`/x-medkit-incidents/${first.id}`)).body.faults;
      const codes: readonly string[] = faults?.map(({ fault_code }: { fault_code: string }) => fault_code) ?? [];
      return Object.values(CODES).every((code) => codes.includes(code));
    });
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${scene.url}/incidents`);
    page = watched.page;
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  test('faults are split off an incident on its page, which then shows the new incident', async () => {
    const [before] = await incidents();
    await page.getByRole('link', { name: /stop distance/ }).click();
    await page.getByRole('button', { name: 'Split…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Split faults off' });
    assert.equal(await dialog.getByRole('button', { name: 'Move', exact: true }).isDisabled(), true);
    await dialog.getByRole('checkbox', { name: new RegExp(CODES.symptom) }).check();
    await dialog.getByRole('button', { name: 'Move 1 into a new incident' }).click();
    await page.getByRole('heading', { level: 1, name: /aborted/ }).waitFor(WAIT);
    const after = await incidents();
    assert.equal(after.length, 2);
    assert.deepEqual(new Set(after.map(({ root }) => root)), new Set(Object.values(CODES)));
    assert.ok(after.some(({ id }) => id === before!.id));
  });

  test('incidents with one cause are one group, with their number and beginnings, and are merged', async () => {
    // Two incidents with one cause need half an hour; the reply names one cause for the two of this robot.
    await page.route(/\/x-medkit-incidents\?/, async (route) => {
      const reply = await route.fetch();
      const list: IncidentList = await reply.json();
      const cause = {
        root: CODES.root,
        entity_id: 'safety_gate',
        entity_type: 'app' as const,
        root_origin: 'safety_island',
      };
      await route.fulfill({
        response: reply,
        json: { ...list, items: list.items.filter(isOfObstacle).map((item) => ({ ...item, ...cause })) },
      });
    });
    await page.goto(`${scene.url}/incidents`);
    const group = page.locator('details.incident-group');
    await group.getByText('2 incidents').waitFor(WAIT);
    await group.getByText('2 open').waitFor(WAIT);
    assert.equal(await group.locator('.incident-sparkline rect').count(), 24);
    await assertAccessible(page, 'a group of incidents');
    await page.setViewportSize({ width: 360, height: 800 });
    await untilFits(page, 'a group of incidents', 360);
    await page.setViewportSize({ width: 1440, height: 900 });

    await page.getByRole('combobox', { name: 'Group' }).selectOption('none');
    await page.waitForURL(/group=none/, WAIT);
    await eventually('two cards', async () => (await page.locator('.incident-card').count()) === 2);
    await page.getByRole('combobox', { name: 'Group' }).selectOption('');

    await group.locator('summary').click();
    await group.getByRole('button', { name: 'Acknowledge 2' }).click();
    await eventually('both are acknowledged', async () =>
      (await incidents()).every(({ acknowledged_by }) => acknowledged_by !== undefined),
    );
    await group.getByRole('button', { name: 'Merge 2 into one…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click();
    await eventually('one incident', async () => (await incidents()).length === 1);
    await eventually('no group', async () => (await group.count()) === 0);
    await eventually('one card', async () => (await page.locator('.incident-card').count()) === 1);
    assert.deepEqual(watched.troubles, []);
  });
});
