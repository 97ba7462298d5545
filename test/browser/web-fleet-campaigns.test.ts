import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { NewFleetCampaign } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import type { RobotUplink } from '@medkit/tunnel';
import type { Page } from 'playwright-core';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { openTestAccounts } from '../security/account-gateway.ts';
import { PAGES_OF_HUB } from './seeded-fleet.ts';

const WAIT = { timeout: 30_000 };
const PHONE = { width: 360, height: 740 };
const WINDOW = { width: 1280, height: 900 };
/** A hub in a test has no incidents, and refuses a wrong plan. */
const MAY_FAIL = /status of (?:400|404|501)/;
const SPEED = '/api/v1/apps/drive/configurations/speed';

const PLAN: NewFleetCampaign = {
  id: 'slower',
  kind: 'configuration',
  changes: [{ entity: 'apps/drive', parameter: 'speed', from: 1, to: 0.5 }],
  targets: { robots: ['amr-1', 'amr-2', 'amr-3'] },
  waves: [{ robots: ['amr-1'] }, { percent: 100 }],
  limits: { per_site_percent: 50, start_within: '00:00-24:00' },
  gate: { soak_sec: 3600, approval: 'any' },
};

/** A robot with one configuration, which changes only by a request with a key. */
function configuredRobot() {
  const robot = { speed: 1 };
  const answer: RequestListener = async (request, response) => {
    if (request.url !== SPEED) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error_code": "resource-not-found"}');
      return;
    }
    let body = '';
    for await (const part of request) body += String(part);
    if (request.method === 'PUT' && request.headers['idempotency-key']) robot.speed = JSON.parse(body).data;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'speed', data: robot.speed }));
  };
  return { robot, answer };
}

suite('the campaigns of a hub', { skip: browserMissing, timeout: 300_000 }, () => {
  const robots = { 'amr-1': configuredRobot(), 'amr-2': configuredRobot() };
  const uplinks: RobotUplink[] = [];
  let hub: TestHub;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    const { changes, parts } = PAGES_OF_HUB as { changes: object; parts: object };
    hub = await testHub(changes, parts);
    for (const [name, { answer }] of Object.entries(robots))
      uplinks.push(await connectTestRobot(await enrolTestRobot(hub, name, { site: 'berlin' }), answer));
    await enrolTestRobot(hub, 'amr-3', { site: 'ulm' });
    await eventually('two robots', async () => {
      const { items } = (await hub.fleet('GET', '/robots')).json();
      return items.filter(({ presence }: { presence: string }) => presence === 'online').length === 2;
    });
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${hub.url}/campaigns`, { mayFail: MAY_FAIL });
    page = watched.page;
    await page.setViewportSize(WINDOW);
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    for (const uplink of uplinks) uplink.close();
    await hub?.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const row = (name: RegExp) => page.getByRole('row', { name });
  const dot = (name: string) => page.getByRole('link', { name, exact: true });
  const untilFitsPhone = async (path: string): Promise<void> => {
    await page.setViewportSize(PHONE);
    await untilFits(page, path, PHONE.width);
    await assertAccessible(page, `${path} on a phone`);
    await page.evaluate(readFileSync(join(import.meta.dirname, '..', 'harness', 'divided-words.js'), 'utf8'));
    assert.deepEqual(await page.evaluate('findDivided()'), [], path);
    await page.setViewportSize(WINDOW);
  };

  test('begin with a plan that is checked first', async () => {
    await page.getByText('There are no campaigns.').waitFor(WAIT);
    await button('New campaign…').click();
    const dialog = page.getByRole('dialog', { name: 'New campaign' });
    const [check, start] = ['Check', 'Start'].map((name) => dialog.getByRole('button', { name, exact: true }));
    const field = dialog.getByLabel('Plan as JSON');
    assert.equal(await check!.isDisabled(), true);
    await field.fill('id: slower');
    await check!.click();
    await dialog.getByText('This is no JSON object').waitFor(WAIT);
    await field.fill(JSON.stringify({ ...PLAN, limits: { start_after: '22:00' } }));
    await check!.click();
    await dialog.getByText('limits.start_after: a campaign has no such member').waitFor(WAIT);
    assert.equal(await start!.isDisabled(), true);
    await dialog.getByText('Check the plan before you start it').waitFor(WAIT);
    await assertAccessible(page, 'a refused plan');
    await field.fill(JSON.stringify(PLAN));
    await check!.click();
    await dialog.getByText('Nothing is created yet').waitFor(WAIT);
    await dialog.getByText('One robot could not begin now:').waitFor(WAIT);
    await dialog.getByRole('listitem').filter({ hasText: 'amr-3 the robot is offline' }).waitFor(WAIT);
    await dialog.getByRole('row', { name: '2 2' }).waitFor(WAIT);
    await assertAccessible(page, 'a checked plan');
    assert.equal((await hub.fleet('GET', '/campaigns')).json().total, 0);
    // Another plan has to be checked again.
    await field.fill(JSON.stringify({ ...PLAN, note: 'they are <b>fast</b>' }));
    assert.equal(await start!.isDisabled(), true);
    await check!.click();
    await start!.click(WAIT);
    await page.getByRole('heading', { level: 1, name: 'slower' }).waitFor(WAIT);
    await page.getByText('they are <b>fast</b>', { exact: true }).waitFor(WAIT);
  });

  test('have a page that follows their waves, with a mark for each robot', async () => {
    await page.getByText('Not open: wave 1 needs an approval').waitFor(WAIT);
    await dot('amr-1: selected').waitFor(WAIT);
    await button('Approve wave 1…').click();
    const dialog = page.getByRole('dialog', { name: 'Approve wave 1 of slower' });
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dot('amr-1: soaking').waitFor(WAIT);
    assert.equal(robots['amr-1'].robot.speed, 0.5);
    assert.equal(robots['amr-2'].robot.speed, 1);
    await page.getByText('Not open: 1 robot of wave 1 must end first').waitFor(WAIT);
    await button('Approve wave 2…').waitFor(WAIT);
    await row(/^Failed 0 of 0 robots that ended 1 robot and 5 %$/).waitFor(WAIT);
    await row(/^Errors per robot-hour on changed robots 0\.00 \(0 errors in 0\.0 h\) 3 times/).waitFor(WAIT);
    await page.getByText('A robot is done 1:00 h after its change.').waitFor(WAIT);
    await row(/amr-1 berlin 1 soaking/).waitFor(WAIT);
    await row(/^berlin \d 0 of at most 1 now \(UTC\)$/).waitFor(WAIT);
    await assertAccessible(page, 'a campaign');
    await page.getByRole('combobox', { name: 'Wave' }).selectOption('2');
    await row(/amr-3 ulm 2 selected/).waitFor(WAIT);
    await row(/amr-1 berlin/).waitFor({ ...WAIT, state: 'detached' });
    await dot('amr-1: soaking').waitFor(WAIT);
    await page.getByRole('combobox', { name: 'State' }).selectOption('failed');
    await page.getByText('No robot of the campaign is in this wave and state.').waitFor(WAIT);
    assert.equal(new URL(page.url()).search, '?wave=2&state=failed');
    await page.goto(`${hub.url}/campaigns/slower`);
    await dot('amr-1: soaking').waitFor(WAIT);
    await untilFitsPhone('/campaigns/slower');
  });

  test('are stopped with a reason, rolled back and cancelled', async () => {
    await button('Stop…').click();
    const stopping = page.getByRole('dialog', { name: 'Stop slower' });
    await stopping.getByLabel('Reason').fill('they drift');
    await assertAccessible(page, 'the stop of a campaign');
    await stopping.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('they drift').waitFor(WAIT);
    await page.getByText('A stopped campaign does not continue.').waitFor(WAIT);
    assert.equal(await button('Stop…').count(), 0);
    const stopped = (await hub.fleet('GET', '/campaigns/slower')).json();
    assert.deepEqual([stopped.state, stopped.reason, stopped.roll_back], ['stopped', 'they drift', 'hold']);
    assert.equal(robots['amr-1'].robot.speed, 0.5);
    await button('Roll back…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back', exact: true }).click();
    await dot('amr-1: rolled back').waitFor(WAIT);
    assert.equal(robots['amr-1'].robot.speed, 1);
    await button('Roll back…').waitFor({ ...WAIT, state: 'detached' });
    await page.getByText('they drift').waitFor(WAIT);
    await button('Cancel campaign…').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel campaign', exact: true }).click();
    await dot('amr-3: cancelled').waitFor(WAIT);
    assert.equal((await hub.fleet('GET', '/campaigns/slower')).json().state, 'cancelled');
    await button('Cancel campaign…').waitFor({ ...WAIT, state: 'detached' });
  });

  test('can be created again with the same plan', async () => {
    await button('Use the plan again…').click();
    const dialog = page.getByRole('dialog', { name: 'New campaign' });
    const text = await dialog.getByLabel('Plan as JSON').inputValue();
    const { id, changes } = JSON.parse(text);
    assert.deepEqual([id, changes], ['slower-2', PLAN.changes]);
    await page.keyboard.press('Escape');
  });

  test('are listed with a filter in the address, and opened by keys', async () => {
    const other = { ...PLAN, id: 'by-two', gate: { approval: 'other' }, targets: { robots: ['amr-2'] } };
    const waves = [{ percent: 100 }];
    assert.equal((await hub.fleet('POST', '/campaigns', { ...other, waves })).status, 201);
    await page.goto(`${hub.url}/campaigns`);
    await row(/slower configuration cancelled 1 of 2 0 1 0 0 3/).waitFor(WAIT);
    await row(/by-two configuration running 0 of 1 0 0 0 1 1/).waitFor(WAIT);
    await assertAccessible(page, 'the campaigns');
    await untilFitsPhone('/campaigns');
    await page.getByLabel('State').selectOption('running');
    await row(/slower/).waitFor({ ...WAIT, state: 'detached' });
    assert.equal(new URL(page.url()).search, '?state=running');
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'by-two' }).waitFor(WAIT);
    await page.getByText('Another account must approve the waves of your campaign').waitFor(WAIT);
    assert.equal(await button('Approve wave 1…').isDisabled(), true);
    assert.equal(await button('Stop…').isDisabled(), false);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1, name: 'Campaigns' }).waitFor(WAIT);
    await page.getByLabel('State').selectOption('expired');
    await page.getByText('No campaign is in this state.').waitFor(WAIT);
  });

  test('are in the navigation, in German too', async () => {
    await page.goto(`${hub.url}/fleet`);
    await page.getByRole('main').getByRole('link', { name: 'Campaigns' }).click(WAIT);
    await row(/by-two/).waitFor(WAIT);
    await button('More').click();
    const entry = page.locator('#page-menu').getByRole('link', { name: 'Campaigns' });
    assert.equal(await entry.getAttribute('aria-current'), 'page');
    await page.evaluate("localStorage.setItem('medkit.language', 'de')");
    await page.goto(`${hub.url}/campaigns/by-two`);
    await button('Anhalten…').waitFor(WAIT);
    await dot('amr-2: ausgewählt').waitFor(WAIT);
    await assertAccessible(page, 'a campaign in German');
    await untilFitsPhone('/campaigns/by-two');
    await page.goto(`${hub.url}/campaigns`);
    await row(/by-two Konfiguration läuft 0 von 1/).waitFor(WAIT);
    await untilFitsPhone('/campaigns');
    await page.evaluate("localStorage.removeItem('medkit.language')");
    assert.deepEqual(watched.troubles, []);
  });

  test('of a request cannot be rolled back', async () => {
    const plan = {
      ...{ id: 'clear', kind: 'request', request: { method: 'DELETE', path: '/apps/drive/faults' } },
      ...{ targets: { robots: ['amr-3'] }, waves: [{ percent: 100 }] },
    };
    assert.equal((await hub.fleet('POST', '/campaigns', plan)).status, 201);
    assert.equal((await hub.fleet('POST', '/campaigns/clear/stop', {})).status, 200);
    await page.goto(`${hub.url}/campaigns/clear`);
    await page.getByText('Requests and scripts cannot be rolled back').waitFor(WAIT);
    assert.equal(await button('Roll back…').isDisabled(), true);
    await page.goto(`${hub.url}/campaigns/missing`);
    await page.getByText('The hub has no campaign missing').waitFor(WAIT);
  });
});

suite('the campaigns of a hub for a viewer', { skip: browserMissing, timeout: 120_000 }, () => {
  test('have disabled controls that say why', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-campaign-rights-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const { known, accounts, principals } = await openTestAccounts({ folder, clock: systemClock });
    context.after(() => known.close());
    const admin = `Bearer ${(await accounts.keys.add({ name: 'admin', role: 'admin', owner: 'local' })).text}`;
    const viewer = (await accounts.keys.add({ name: 'viewer', role: 'viewer', owner: 'local' })).text;
    const { changes, parts } = PAGES_OF_HUB as { changes: object; parts: object };
    const hub = await testHub(changes, { ...parts, accounts: known, principals });
    context.after(() => hub.close());
    const fleet = (method: string, path: string, body?: unknown) =>
      hub.call(method, `/api/v1/x-medkit-fleet${path}`, body, { authorization: admin });
    await enrolTestRobot({ ...hub, fleet }, 'amr-1');
    const plan = { ...PLAN, targets: { robots: ['amr-1'] }, waves: [{ percent: 100 }] };
    assert.equal((await fleet('POST', '/campaigns', plan)).status, 201);
    await using browser = await openBrowser();
    await browser.context.addInitScript(`sessionStorage.setItem('medkit.token', ${JSON.stringify(viewer)})`);
    const { page } = await openWatchedPage(browser.context, `${hub.url}/campaigns`);
    await page.getByRole('row', { name: /slower/ }).waitFor(WAIT);
    const reason = page.getByText('Your role does not allow this');
    await reason.first().waitFor(WAIT);
    assert.equal(await page.getByRole('button', { name: 'New campaign…' }).isDisabled(), true);
    await page.goto(`${hub.url}/campaigns/slower`);
    await page.getByRole('link', { name: 'amr-1: selected', exact: true }).waitFor(WAIT);
    for (const name of ['Approve wave 1…', 'Stop…', 'Cancel campaign…', 'Use the plan again…'])
      assert.equal(await page.getByRole('button', { name }).isDisabled(), true, name);
    await reason.first().waitFor(WAIT);
    await assertAccessible(page, 'a campaign for a viewer');
    assert.equal((await fleet('GET', '/campaigns/slower')).json().state, 'running');
  });
});
