import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { FleetQueuedRequest } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import type { RobotUplink } from '@medkit/tunnel';
import type { Page } from 'playwright-core';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  type TestRobot,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { openTestAccounts } from '../security/account-gateway.ts';
import { PAGES_OF_HUB } from './seeded-fleet.ts';

const WAIT = { timeout: 30_000 };
const PHONE = { width: 360, height: 740 };
const WINDOW = { width: 1280, height: 900 };
/** A hub in a test has no incidents, and its robot is away. */
const MAY_FAIL = /status of (?:400|404|501|504)|ERR_INCOMPLETE_CHUNKED_ENCODING/;
const CLEAR = { method: 'DELETE', path: '/apps/lidar_driver/faults/MOTOR' };
const HOUR_MS = 3_600_000;

suite('the queue of a hub', { skip: browserMissing, timeout: 300_000 }, () => {
  let hub: TestHub;
  let robot: TestUplinkRobot;
  let enrolled: TestRobot;
  let uplink: RobotUplink | undefined;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;

  /** Answers a change itself, and everything else as the robot. */
  const answer: RequestListener = (request, response) => {
    if (request.method === 'DELETE') response.writeHead(204).end();
    else robot.server.emit('request', request, response);
  };
  const presenceIs = (wanted: RegExp) =>
    eventually(`the presence ${wanted}`, async () =>
      wanted.test((await hub.fleet('GET', '/robots/amr-1')).json().presence),
    );
  const queued = async (): Promise<readonly FleetQueuedRequest[]> => (await hub.fleet('GET', '/queue')).json().items;

  before(async () => {
    const { changes, parts } = PAGES_OF_HUB as { changes: object; parts: object };
    hub = await testHub(changes, parts);
    robot = await testUplinkRobot();
    enrolled = await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
    await enrolTestRobot(hub, 'amr-2', { site: 'ulm' });
    uplink = await connectTestRobot(enrolled, answer);
    for (const code of ['MOTOR', 'BATTERY']) await robot.report(code);
    await eventually('the faults', async () => (await hub.fleet('GET', '/faults')).json().total === 2);
    await eventually('the tree and the details', async () => {
      const [row] = await hub.store.read(
        'SELECT (SELECT count(*) FROM fleet_trees) AS trees, (SELECT count(*) FROM fleet_fault_details) AS details',
      );
      return row?.trees === 1 && row.details === 2;
    });
    uplink.close();
    await presenceIs(/offline/);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${hub.url}/queue`, { mayFail: MAY_FAIL });
    page = watched.page;
    await page.setViewportSize(WINDOW);
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    uplink?.close();
    await robot?.close();
    await hub?.close();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const row = (name: RegExp) => page.getByRole('row', { name });
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
  const untilFitsPhone = async (path: string): Promise<void> => {
    await page.setViewportSize(PHONE);
    await untilFits(page, path, PHONE.width);
    await assertAccessible(page, `${path} on a phone`);
    await page.evaluate(readFileSync(join(import.meta.dirname, '..', 'harness', 'divided-words.js'), 'utf8'));
    assert.deepEqual(await page.evaluate('findDivided()'), [], path);
    await page.setViewportSize(WINDOW);
  };

  test('gets the clearing of a fault of a robot that is away, until a time', async () => {
    await page.getByText('There are no queued requests.').waitFor(WAIT);
    await page.goto(`${hub.url}/fleet/amr-1/apps/lidar_driver/faults/MOTOR`);
    await button('Clear…').click(WAIT);
    const offer = dialog('Clear MOTOR of lidar_driver');
    await offer.getByText(/^amr-1 is away since \d\d:\d\d:\d\d\. Do it when it is back\?$/).waitFor(WAIT);
    await offer.getByLabel('If it is back within').selectOption('8 hours');
    await offer.getByText(/^The request ends at .*\d\d:\d\d:\d\d\./).waitFor(WAIT);
    await assertAccessible(page, 'the offer to queue');
    await untilFitsPhone('the offer to queue');
    await offer.getByRole('button', { name: 'Do it when it is back' }).click();
    await offer.getByText('1 request is queued.').waitFor(WAIT);
    const [request] = await queued();
    assert.deepEqual(
      [request?.robot, request?.method, request?.path, request?.state],
      ['amr-1', CLEAR.method, CLEAR.path, 'waiting'],
    );
    const hours = (Date.parse(request!.expires_at) - Date.now()) / HOUR_MS;
    assert.ok(hours > 7.9 && hours <= 8, `${hours} h`);
    await offer.getByRole('link', { name: 'Show the queue' }).click();
    await row(/amr-1 DELETE \/apps\/lidar_driver\/faults\/MOTOR waiting anonymous/).waitFor(WAIT);
    assert.equal(page.url(), `${hub.url}/queue?robot=amr-1`);
  });

  test('gets several faults of the list', async () => {
    await page.goto(`${hub.url}/fleet/amr-1/faults`);
    await page.getByRole('checkbox', { name: /BATTERY/ }).check(WAIT);
    await page.getByRole('checkbox', { name: /MOTOR/ }).check();
    await button(/^Clear 2/).click();
    const offer = page.getByRole('dialog');
    await offer.getByText('BATTERY').waitFor(WAIT);
    await offer.getByRole('button', { name: 'Do it when it is back' }).click();
    await offer.getByText('2 requests are queued.').waitFor(WAIT);
    assert.equal((await queued()).length, 3);
  });

  test('is listed with filters in the address', async () => {
    const note = 'später <b>遅い</b>';
    const other = { ...CLEAR, path: '/apps/arm/faults/X', note };
    assert.equal((await hub.fleet('POST', '/robots/amr-2/queue', other)).status, 202);
    await page.goto(`${hub.url}/queue`);
    await row(/amr-2 DELETE \/apps\/arm\/faults\/X waiting/).waitFor(WAIT);
    await page.getByText('4 requests', { exact: true }).waitFor(WAIT);
    await assertAccessible(page, 'the queue');
    await untilFitsPhone('/queue');
    await page.getByRole('combobox', { name: 'Robot' }).fill('amr-2');
    await row(/amr-1/)
      .first()
      .waitFor({ ...WAIT, state: 'detached' });
    await page.getByLabel('State').selectOption('done');
    await page.getByText('No queued request has these properties.').waitFor(WAIT);
    assert.equal(new URL(page.url()).search, '?robot=amr-2&state=done');
    await page.getByLabel('State').selectOption('waiting');
    await row(/amr-2/).waitFor(WAIT);
  });

  test('has details of a request, which a person can cancel', async () => {
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const details = dialog('Queued request 4');
    await details.getByText('später <b>遅い</b>', { exact: true }).waitFor(WAIT);
    await assertAccessible(page, 'a queued request');
    await details.getByRole('button', { name: 'Cancel request…' }).click();
    const confirm = dialog('Cancel request 4');
    await confirm.getByRole('button', { name: 'Cancel request', exact: true }).click();
    await page.getByText('No queued request has these properties.').waitFor(WAIT);
    await page.getByLabel('State').selectOption('cancelled');
    await row(/amr-2 .* cancelled/).waitFor(WAIT);
    await row(/amr-2/).getByRole('link', { name: 'amr-2' }).click();
    await page.getByRole('heading', { level: 1, name: 'amr-2' }).waitFor(WAIT);
    await page.getByRole('main').getByRole('link', { name: 'Queue' }).click();
    await row(/amr-2 .* cancelled/).waitFor(WAIT);
  });

  test('sends its requests when the robot is back', async () => {
    uplink = await connectTestRobot(enrolled, answer);
    await page.goto(`${hub.url}/queue?robot=amr-1`);
    await eventually('the replies', async () => (await queued()).filter(({ state }) => state === 'done').length === 3);
    await row(/amr-1 .*MOTOR done/)
      .first()
      .click(WAIT);
    const details = dialog(/^Queued request/);
    await details.getByText('204').waitFor(WAIT);
    assert.equal(await details.getByRole('button', { name: 'Cancel request…' }).count(), 0);
    await page.keyboard.press('Escape');
  });

  test('is in the navigation, in German too', async () => {
    await page.goto(`${hub.url}/fleet`);
    await page.getByRole('main').getByRole('link', { name: 'Queue' }).click(WAIT);
    await button('More').click();
    const entry = page.locator('#page-menu').getByRole('link', { name: 'Queue' });
    assert.equal(await entry.getAttribute('aria-current'), 'page');
    uplink?.close();
    await presenceIs(/offline/);
    await page.evaluate("localStorage.setItem('medkit.language', 'de')");
    await page.goto(`${hub.url}/queue`);
    await row(/amr-1 .*MOTOR erledigt/)
      .first()
      .waitFor(WAIT);
    await untilFitsPhone('/queue');
    await page.goto(`${hub.url}/fleet/amr-1/apps/lidar_driver/faults/MOTOR`);
    await button('Löschen…').click(WAIT);
    await page.getByText(/^amr-1 ist getrennt seit .* Ausführen, wenn er zurück ist\?$/).waitFor(WAIT);
    await assertAccessible(page, 'the offer to queue in German');
    await page.keyboard.press('Escape');
    await page.evaluate("localStorage.removeItem('medkit.language')");
    assert.deepEqual(watched.troubles, []);
  });
});

suite('the queue of a hub for a viewer', { skip: browserMissing, timeout: 120_000 }, () => {
  test('has a disabled control that says why', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'medkit-queue-rights-'));
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
    assert.equal((await fleet('POST', '/robots/amr-1/queue', CLEAR)).status, 202);
    await using browser = await openBrowser();
    await browser.context.addInitScript(`sessionStorage.setItem('medkit.token', ${JSON.stringify(viewer)})`);
    const { page } = await openWatchedPage(browser.context, `${hub.url}/queue`);
    await page.getByRole('row', { name: /amr-1 DELETE/ }).click(WAIT);
    await page.getByText('Your role does not allow this').waitFor(WAIT);
    assert.equal(await page.getByRole('button', { name: 'Cancel request…' }).isDisabled(), true);
    await assertAccessible(page, 'a queued request for a viewer');
  });
});
