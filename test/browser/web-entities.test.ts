import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const APPS = [
  'battery_monitor',
  'lidar_driver',
  'bt_navigator',
  'nav2_planner',
  'camera_driver',
  'controller_server',
  'robot_state_publisher',
];
/** Generous for a busy machine. */
const SLOW_MS = 30_000;

let scene: DemoScene;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let watched: WatchedPage;

const open = (path: string, on = page) => on.goto(`${scene.url}${path}`);
const untilVisible = (locator: Locator, timeout = SLOW_MS) => locator.first().waitFor({ timeout });
const gone = (locator: Locator) => locator.first().waitFor({ state: 'hidden', timeout: SLOW_MS });
const textOf = async (locator: Locator) => (await locator.first().textContent()) ?? '';
const numberIn = (text: string) => Number(/-?\d+(?:\.\d+)?/.exec(text)?.[0]);

/** Sends a request with another client's name. */
async function askAs(client: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${scene.url}/api/v1${path}`, {
    method,
    headers: { 'X-Client-Id': client, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response.status === 204 ? undefined : response.json();
}

suite('the pages of an entity', { skip: browserMissing }, () => {
  before(async () => {
    scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(APPS);
    browser = await openBrowser();
    // A goal inside a shelf is rejected, and so is a write to what another client has locked.
    watched = await openWatchedPage(browser.context, scene.url, { mayFail: /status of 4(?:00|09|22)/ });
    page = watched.page;
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  test('check 21: a value updates with its unit and age, and is greyed when its node disconnects', async () => {
    await open('/apps/battery_monitor/data/voltage');
    const value = page.getByText(/^\d+(\.\d+)? V$/);
    await untilVisible(value);
    const first = await textOf(value);
    await eventually('another value', async () => (await textOf(value)) !== first);
    await untilVisible(page.getByText(/^[01]\.\d+ s old$/));

    await open('/apps/camera_driver/data');
    const row = page.getByRole('row', { name: '/camera/camera_info' });
    await untilVisible(row.getByText(/^0\.\d\d s$/));
    await scene.command('inject', 'node-death');
    const old = row.getByText(/no update for|no publisher/);
    await untilVisible(old);
    assert.match((await old.getAttribute('class')) ?? '', /\bstale\b/);
    assert.equal(await row.locator('[class*=severity]').count(), 0);
    await untilVisible(page.getByText('offline', { exact: true }));
    await scene.command('clear', 'node-death');
    await untilVisible(page.getByText('online', { exact: true }));
    await gone(old);
  });

  test('check 22: arrays of a scan are folded with their length, and keep updating', async () => {
    await open('/apps/lidar_driver/data/scan');
    const ranges = page.getByText('[360]');
    await untilVisible(ranges);
    assert.equal(await ranges.count(), 2);
    await page.locator('summary', { hasText: 'ranges' }).click();
    await untilVisible(page.getByText('260 more'));
    const third = page.locator('li', { hasText: /^2\s*\d/ }).first();
    const before = await textOf(third);
    await eventually('the scan goes on', async () => (await textOf(third)) !== before);
  });

  test('a scan and a map are drawn beside their values', async () => {
    await open('/apps/lidar_driver/data/scan');
    const scan = page.getByRole('img', { name: /laser scan from above/ });
    await untilVisible(scan);
    const picture = () => scan.evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const before = await picture();
    await eventually('the robot moves through the picture', async () => (await picture()) !== before);
    await open('/apps/map_server/data/map');
    const map = page.getByRole('img', { name: /map from above/ });
    await untilVisible(map);
    const size = await map.evaluate((canvas) => {
      const { width, height } = canvas as unknown as { width: number; height: number };
      return [width, height];
    });
    assert.deepEqual(size, [200, 120]);
  });

  test('check 25: a goal is entered in a form and confirmed, its feedback decreases, and it is cancelled', async () => {
    await open('/apps/bt_navigator/operations/navigate_to_pose');
    await sendGoal('15', '7.5');
    const remaining = page.getByRole('region', { name: 'Feedback' }).getByText(/^\d+(\.\d+)? m$/);
    await untilVisible(remaining);
    const first = numberIn(await textOf(remaining));
    await eventually('the distance falls', async () => numberIn(await textOf(remaining)) < first);
    await page.getByRole('button', { name: 'Cancel execution' }).click();
    await untilVisible(
      page.getByRole('region', { name: 'Execution', exact: true }).getByText('cancelled', { exact: true }),
    );
    await untilVisible(page.getByRole('table', { name: 'Executions' }).getByText('cancelled', { exact: true }));
  });

  test('check 26: a goal inside a shelf is rejected, with the log entries of the node about it', async () => {
    await open('/apps/bt_navigator/operations/navigate_to_pose');
    await sendGoal('10', '3');
    await untilVisible(page.getByRole('heading', { name: 'Rejected' }));
    const logs = page.getByRole('region', { name: 'Last log lines of bt_navigator' });
    await untilVisible(logs.getByText(/Goal rejected: the robot cannot stand at \(10\.00, 3\.00\)/));
  });

  test('check 27: a parameter is refused out of its range, saved within it, and reset', async () => {
    await open('/apps/lidar_driver/configurations');
    const rate = page.getByLabel('scan_rate_hz', { exact: true });
    const save = page.getByRole('button', { name: 'Save scan_rate_hz' });
    await untilVisible(rate);
    await rate.fill('50');
    await untilVisible(page.getByRole('alert').getByText('Must be 1 to 20'));
    assert.equal(await save.isDisabled(), true);
    const about = await rate.getAttribute('aria-describedby');
    assert.match(await textOf(page.locator(`[id="${about}"]`)), /1 to 20/);
    await rate.fill('5');
    await save.click();
    await untilVisible(page.getByText('changed from 10'));
    assert.equal(await rateOfScanner(), 5);
    await page.getByRole('button', { name: 'Reset scan_rate_hz' }).click();
    await gone(page.getByText('changed from 10'));
    assert.equal(await rate.inputValue(), '10');
    assert.equal(await rateOfScanner(), 10);
  });

  test('check 28: the lock of another client is shown, typed input stays, and is saved when the lock ends', async () => {
    await askAs('engineer-alice', 'POST', '/components/navigation/locks', {
      lock_expiration: 20,
      scopes: ['configurations'],
    });
    await open('/apps/nav2_planner/configurations');
    await untilVisible(
      page.getByText(/^locked by engineer-alice via navigation \(configurations\) · \d+(\.\d+)? s left$/),
    );
    const box = page.getByLabel('path_spacing', { exact: true });
    await untilVisible(box);
    const former = await box.inputValue();
    const wanted = former === '0.4' ? '0.5' : '0.4';
    await box.fill(wanted);
    await page.getByRole('button', { name: 'Save path_spacing' }).click();
    await untilVisible(page.getByRole('alert').getByText(/Not saved\. Locked by engineer-alice until/));
    assert.equal(await box.inputValue(), wanted);
    assert.ok(await page.getByRole('button', { name: 'Take over…' }).isEnabled());
    await untilVisible(page.getByRole('button', { name: 'Copy a request to engineer-alice' }));
    await page.getByRole('button', { name: 'Wait and retry' }).click();
    await untilVisible(page.getByText(`changed from ${former}`), 60_000);
    assert.equal(await box.inputValue(), wanted);
    await page.getByRole('button', { name: 'Reset path_spacing' }).click();
    await gone(page.getByText(`changed from ${former}`));
  });

  test('check 28: waits on if a lock is held longer than announced', async () => {
    const lock = (await askAs('engineer-alice', 'POST', '/components/navigation/locks', {
      lock_expiration: 120,
      scopes: ['configurations'],
    })) as { readonly id: string };
    await open('/apps/nav2_planner/configurations');
    const box = page.getByLabel('path_spacing', { exact: true });
    await untilVisible(box);
    const former = await box.inputValue();
    await box.fill(former === '0.4' ? '0.5' : '0.4');
    const isSave = (url: URL) => url.pathname.endsWith('/configurations/path_spacing');
    let [saves, refusal] = [0, ''];
    await page.route(isSave, async (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      saves += 1;
      // The first refusal is that of the gateway; the second is repeated after the lock was released.
      if (saves === 1) {
        const response = await route.fetch();
        refusal = await response.text();
        await route.fulfill({ response, body: refusal });
      } else if (saves === 2) await route.fulfill({ status: 409, contentType: 'application/json', body: refusal });
      else await route.continue();
    });
    await page.getByRole('button', { name: 'Save path_spacing' }).click();
    await page.getByRole('button', { name: 'Wait and retry' }).click();
    await askAs('engineer-alice', 'DELETE', `/components/navigation/locks/${lock.id}`);
    await untilVisible(page.getByText(`changed from ${former}`), 60_000);
    assert.equal(saves, 3);
    await page.unroute(isSave);
    await page.getByRole('button', { name: 'Reset path_spacing' }).click();
    await gone(page.getByText(`changed from ${former}`));
  });

  test('check 28: an operation that a lock refused is offered again when the lock ends', async () => {
    const lock = (await askAs('engineer-alice', 'POST', '/apps/bt_navigator/locks', {
      lock_expiration: 120,
      scopes: ['operations'],
    })) as { readonly id: string };
    await open('/apps/bt_navigator/operations/navigate_to_pose');
    await page.getByRole('button', { name: 'Execute…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Execute navigate_to_pose of bt_navigator' });
    await untilVisible(dialog.getByText(/Locked by engineer-alice until/));
    await dialog.getByRole('button', { name: 'Execute', exact: true }).click();
    await untilVisible(page.getByRole('alert').getByText(/Not executed\. Locked by engineer-alice until/));
    assert.ok(await page.getByRole('button', { name: 'Take over…' }).isEnabled());
    await page.getByRole('button', { name: 'Wait and ask again' }).click();
    await askAs('engineer-alice', 'DELETE', `/apps/bt_navigator/locks/${lock.id}`);
    await untilVisible(dialog.getByText(/Not locked: other clients may act on it/));
    await page.keyboard.press('Escape');
    await gone(dialog);
  });

  test('check 28: a message that a lock refused is offered again after the lock was taken over', async () => {
    const { items } = (await scene.get('/apps/controller_server/data')).body;
    const { id } = items.find((item: { readonly id: string }) => item.id.includes('cmd_vel'));
    await open(`/apps/controller_server/data/${encodeURIComponent(id)}`);
    await page.getByText('Publish a message').click();
    await page.getByRole('button', { name: 'Publish…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Publish to .* of controller_server$/ });
    await untilVisible(dialog.getByText(/Not locked: other clients may act on it/));
    await askAs('engineer-alice', 'POST', '/apps/controller_server/locks', { lock_expiration: 120, scopes: ['data'] });
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await untilVisible(page.getByRole('alert').getByText(/Not published\. Locked by engineer-alice until/));
    await page.getByRole('button', { name: 'Take over…' }).click();
    const taking = page.getByRole('dialog', { name: 'Take over the lock of controller_server' });
    await taking.getByRole('textbox').fill('controller_server');
    await taking.getByRole('button', { name: 'Take over', exact: true }).click();
    await untilVisible(dialog.getByText(/You hold the lock until/));
    await page.keyboard.press('Escape');
    await gone(dialog);
  });

  test('check 28: taking over a lock requires typing its name', async () => {
    await askAs('engineer-alice', 'POST', '/components/drive/locks', { lock_expiration: 120 });
    await open('/components/drive/locks');
    await page.getByRole('button', { name: 'Take over…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Take over the lock of drive' });
    const take = dialog.getByRole('button', { name: 'Take over', exact: true });
    assert.equal(await take.isDisabled(), true);
    await dialog.getByRole('textbox').fill('drive');
    await take.click();
    await untilVisible(page.getByText(/^locked by you · /));
    await page.getByRole('button', { name: 'Release' }).click();
    await untilVisible(page.getByText(/Nothing is locked here/));
  });

  test('check 29: the user’s lock counts down, is extended and released, and another tab shows it', async () => {
    const other = await browser.context.newPage();
    await open('/components/lidar_driver', other);
    await open('/components/lidar_driver/locks');
    await page.getByRole('checkbox', { name: 'configurations' }).check();
    await page.getByLabel('Duration').selectOption('1 min');
    await page.getByRole('button', { name: 'Lock 1 collection' }).click();
    const chip = (tab: Page) => tab.getByText(/^locked by you \(configurations\) · /);
    await untilVisible(chip(page));
    await untilVisible(chip(other));
    const seconds = async () => numberIn((await textOf(chip(page))).replace(/.*· /, ''));
    const first = await seconds();
    await eventually('it counts down', async () => (await seconds()) < first);
    await page.getByRole('button', { name: 'Extend to 5 min' }).click();
    await untilVisible(page.getByText(/^locked by you \(configurations\) · [45]:\d\d min left$/));
    await page.getByRole('button', { name: 'Release' }).click();
    await gone(chip(page));
    await gone(chip(other));
    await other.close();
  });

  test('unsaved input is not lost by a link or by Back unless the user confirms it', async () => {
    await open('/apps/lidar_driver');
    await page.getByRole('link', { name: /^Configurations/ }).click();
    const rate = page.getByLabel('scan_rate_hz', { exact: true });
    await untilVisible(rate);
    await rate.fill('7');
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Logs' }).click();
    await dialog.getByRole('button', { name: 'Stay' }).click();
    await gone(dialog);
    assert.equal(await rate.inputValue(), '7');
    await askAs('engineer-bob', 'PUT', '/apps/lidar_driver/configurations/scan_rate_hz', { data: 8 });
    await page.getByRole('button', { name: 'Save scan_rate_hz' }).click();
    await untilVisible(page.getByText('Another client has set it to 8'));
    assert.equal(await rateOfScanner(), 8);
    assert.equal(await rate.inputValue(), '7');
    await page.goBack();
    await untilVisible(dialog);
    assert.match(page.url(), /configurations$/);
    await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.waitForURL(/lidar_driver$/, { timeout: SLOW_MS });
    await untilVisible(page.getByRole('heading', { name: 'Newest values' }));
    await gone(dialog);
  });

  test('check 30: a shutdown is confirmed, shown, and reversed by a start', async () => {
    await open('/apps/camera_driver/status');
    await page.getByRole('button', { name: 'Shut down', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Shut down camera_driver' });
    await untilVisible(dialog.getByText(/stops its work/));
    await dialog.getByRole('button', { name: 'Shut down', exact: true }).click();
    await untilVisible(page.getByText('not ready'));
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await untilVisible(page.getByText('ready', { exact: true }));
    await untilVisible(page.getByText('succeeded'));

    await open('/apps/map_server/status');
    await untilVisible(page.getByText(/lifecycle_manager_navigation manages this node/));
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await untilVisible(page.getByRole('dialog').getByText(/lifecycle_manager_navigation manages this node/));
    await page.keyboard.press('Escape');
  });

  test('the list of log entries is changed for all clients', async () => {
    const configuration = '/apps/bt_navigator/logs/configuration';
    const { body: before } = await scene.get(configuration);
    await open('/apps/bt_navigator/logs');
    const settings = page.getByRole('region', { name: 'List for all clients' });
    await settings.getByLabel('Minimum severity').selectOption('warning');
    await settings.getByLabel('Maximum entries').fill('50');
    await settings.getByRole('button', { name: 'Save list settings' }).click();
    await eventually('the new configuration', async () => (await scene.get(configuration)).body.max_entries === 50);
    assert.deepEqual((await scene.get(configuration)).body, { ...before, severity_filter: 'warning', max_entries: 50 });
    await settings.getByLabel('Maximum entries').fill('1000000');
    await settings.getByRole('button', { name: 'Save list settings' }).click();
    await untilVisible(settings.getByText(/max_entries/));
    assert.equal((await scene.get(configuration)).body.max_entries, 50);
  });

  test('the pages caused no errors or foreign requests', () => {
    assert.deepEqual(watched.troubles, []);
  });
});

async function sendGoal(x: string, y: string): Promise<void> {
  await page.getByLabel('frame_id').fill('map');
  const position = page.getByRole('group', { name: 'position' });
  await position.getByLabel('x', { exact: true }).fill(x);
  await position.getByLabel('y', { exact: true }).fill(y);
  await page.getByRole('button', { name: 'Execute…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Execute navigate_to_pose of bt_navigator' });
  await untilVisible(dialog.getByText(/the robot may move/));
  await untilVisible(dialog.getByText(/Not locked: other clients may act on it/));
  await dialog.getByRole('button', { name: 'Execute', exact: true }).click();
}

async function rateOfScanner(): Promise<number> {
  return (await scene.get('/apps/lidar_driver/configurations/scan_rate_hz')).body.data;
}
