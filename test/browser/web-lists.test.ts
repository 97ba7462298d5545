import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import type { FaultListItem, FaultListResult } from '@medkit/contract';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { Sandbox } from '../scenes/medkit-process.ts';
import { DEMO_CONFIG, RestartScene } from '../scenes/restart-scene.ts';

/** Numbers in test names are those of the checks in the design of the pages. */
const WAIT = { timeout: 30_000 };
const MANY = 10_000;

suite('the lists of the pages', { skip: browserMissing, timeout: 400_000 }, () => {
  let scene: DemoScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;
  const table = () => page.getByRole('grid', { name: 'List of faults' });
  /** The label's text includes that of its options. */
  const severity = () => page.getByRole('combobox', { name: 'Severity' });
  const search = () => page.getByRole('searchbox', { name: 'Search' });
  const focusedCode = (): Promise<string> =>
    page.evaluate('document.activeElement?.querySelector(".fault-code")?.textContent ?? ""');

  before(async () => {
    scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'nav2_planner', 'safety_gate']);
    await scene.untilDriving();
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    await eventually('three faults', async () => (await scene.get('/faults?status=all')).body.items.length >= 3);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${scene.url}/faults?status=all`);
    page = watched.page;
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  test('check 18: filters are stored in the URL, and Back restores the former list', async () => {
    await table().locator('.table-row').nth(2).waitFor(WAIT);
    const before = await table().locator('.table-row').count();
    await severity().selectOption('2');
    await search().fill('nav');
    await page.waitForURL(/severity=2&q=nav/, WAIT);
    await page.reload();
    await page.getByText('NAVIGATION_GOAL_ABORTED').first().waitFor(WAIT);
    assert.equal(await severity().inputValue(), '2');
    assert.equal(await search().inputValue(), 'nav');
    assert.equal(await page.getByText('PROTECTIVE_STOP').count(), 0);
    await page.goBack();
    await page.waitForURL(/\?status=all$/, WAIT);
    await eventually('the list as it was', async () => (await table().locator('.table-row').count()) >= before);
    await eventually('no search', async () => (await search().inputValue()) === '');
  });

  test('check 19: j j Enter opens the second fault, Escape returns to its row', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    // The order changes when the robot reports a fault again.
    const second = await eventually('the focus is on the second fault', async () => {
      const code = await focusedCode();
      const codes = await table().locator('.fault-code').allTextContents();
      return code !== '' && codes.indexOf(code) === 1 && code;
    });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: second }).waitFor(WAIT);
    assert.match(page.url(), new RegExp(`/faults/${second}$`));
    await page.keyboard.press('Escape');
    await table().waitFor(WAIT);
    await eventually('its row is focused', async () => (await focusedCode()) === second);
    assert.match(page.url(), /\/faults\?status=all$/);
  });

  test('check 20: a fault shows how it is debounced and how it heals, and no JSON unless requested', async () => {
    await page.goto(`${scene.url}/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED`);
    const debouncing = page.getByRole('region', { name: 'Debouncing' });
    await debouncing.getByText('Debounce counter').waitFor(WAIT);
    const { body } = await scene.get('/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED');
    const { source, confirmation_threshold, healing_threshold } = body['x-medkit'].thresholds[0];
    assert.deepEqual(await debouncing.locator('tbody td').allTextContents(), [
      source,
      String(confirmation_threshold),
      String(healing_threshold),
      'defaults',
    ]);
    await debouncing.getByText('Heals with the first pass report.').waitFor(WAIT);
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text, /\{\s*"|debounce_counter/);
    await page.getByText('Raw JSON').click();
    await page.getByText('"debounce_counter"').waitFor(WAIT);
  });

  test('check 34: the audit log shows the request that a lock refused, and that its chain is intact', async () => {
    const send = (client: string, method: string, path: string, body: object) =>
      fetch(`${scene.url}/api/v1${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', 'X-Client-Id': client },
        body: JSON.stringify(body),
      });
    const locked = await send('alice', 'POST', '/components/navigation/locks', { lock_expiration: 120 });
    assert.equal(locked.status, 201);
    const lock = ((await locked.json()) as { readonly id: string }).id;
    const refused = await send('bob', 'PUT', '/apps/nav2_planner/configurations/use_sim_time', { data: false });
    assert.equal(refused.status, 409);
    await page.goto(`${scene.url}/audit?entity=nav2_planner`);
    const row = page.locator('.table-row').filter({ hasText: 'use_sim_time' }).first();
    await row.getByText('bob').waitFor(WAIT);
    const text = await row.innerText();
    for (const part of ['409', lock, 'refused', 'use_sim_time']) assert.ok(text.includes(part), `${part} in ${text}`);
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page
      .getByText(/intact, \d+ checked/)
      .first()
      .waitFor(WAIT);
    await page
      .getByText(/head #\d+ [0-9a-f]{16}/)
      .first()
      .waitFor(WAIT);
    assert.equal(
      (
        await fetch(`${scene.url}/api/v1/components/navigation/locks/${lock}`, {
          method: 'DELETE',
          headers: { 'X-Client-Id': 'alice' },
        })
      ).status,
      204,
    );
  });

  test('check 36: Ctrl-K goes to a data item by its name, and finds faults and parameters', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('min_range');
    await page.getByRole('option', { name: /min_range_m/, selected: true }).waitFor(WAIT);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/apps\/collision_monitor\/data\/.*min_range_m$/, WAIT);
    await eventually('the names of parameters are read', async () => {
      const { body } = await scene.get('/x-medkit-search?q=protective');
      return body.items.length > 0;
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('protective');
    await page.getByRole('option', { name: /PROTECTIVE_STOP/ }).waitFor(WAIT);
    await page.getByRole('option', { name: /protective_field_m/ }).click();
    await page.waitForURL(/\/apps\/lidar_driver\/configurations#protective_field_m$/, WAIT);
  });

  test('a search option stays while other text is searched for, and a pressed option is selected', async () => {
    await page.goto(scene.url);
    await page.getByRole('button', { name: /^Find/ }).click(WAIT);
    const searchBox = page.getByRole('dialog').getByRole('combobox');
    await searchBox.fill('planner');
    const option = page.getByRole('dialog').getByRole('option').first();
    const list = page.getByRole('dialog').getByRole('listbox');
    const settled = async (): Promise<boolean> => (await list.getAttribute('aria-busy')) === 'false';
    await eventually('the results', async () => (await settled()) && (await option.innerText()).includes('planner'));
    const name = await option.innerText();
    const answer = Promise.withResolvers<void>();
    const searchRequest = page.waitForRequest(/x-medkit-search\?q=battery/, WAIT);
    await page.route(/x-medkit-search/, async (route) => {
      await answer.promise;
      await route.continue();
    });
    await searchBox.fill('battery');
    await searchRequest;
    assert.equal(await option.innerText(), name, 'the list is as it was until the results are there');
    await option.hover();
    await page.mouse.down();
    answer.resolve();
    await eventually('other results', async () => (await settled()) && (await option.innerText()) !== name);
    await page.mouse.up();
    await page.waitForURL(/planner/, WAIT);
    await page.unroute(/x-medkit-search/);
  });

  test('check 17: ten thousand faults render few DOM nodes, and are filtered', async () => {
    await using gateway = await manyFaults(scene);
    await page.goto(`${gateway.url}/faults`);
    await page.getByText(`${MANY} faults`, { exact: true }).waitFor(WAIT);
    const nodes = (): Promise<number> => page.evaluate('document.querySelectorAll(".table, .table *").length');
    assert.ok((await nodes()) < 300, `${await nodes()} nodes`);
    await page.keyboard.press('End');
    await page.getByText(codeOf(MANY - 1)).waitFor(WAIT);
    await eventually('the focus is on the last row', async () => (await focusedCode()) === codeOf(MANY - 1));
    assert.ok((await nodes()) < 300, `${await nodes()} nodes at the end`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/faults\/FAULT_09999$/, WAIT);
    await page.goBack();
    await eventually('the end of the list, as it was left', async () => (await focusedCode()) === codeOf(MANY - 1));
    await search().fill('FAULT_00042');
    await page.getByText(`1 of ${MANY} faults`, { exact: true }).waitFor(WAIT);
    assert.deepEqual(await table().locator('.fault-code').allTextContents(), ['FAULT_00042']);
    // Before that gateway ends, so that no request to it fails.
    await page.goto(scene.url);
  });

  test('check 2: a domain without nodes is reported with a remedy, until a node is discovered', async () => {
    const sandbox = new Sandbox();
    const domain = await sandbox.domain();
    await using robot = new RestartScene(sandbox, domain, { config: DEMO_CONFIG });
    await robot.startGateway();
    await page.goto(`${robot.url}/doctor`);
    const unheard = page.getByText('No ROS 2 nodes found');
    await unheard.waitFor(WAIT);
    await page.getByText(`The gateway listens in domain ${domain}`).waitFor(WAIT);
    await page.getByText('ROS_DOMAIN_ID').first().waitFor(WAIT);
    await robot.startRobot();
    await unheard.waitFor({ ...WAIT, state: 'detached' });
    await page.goto(scene.url);
  });

  test('the pages caused no errors or foreign requests', () => {
    // The fault that was opened through the fake gateway does not exist.
    assert.deepEqual(
      watched.troubles.filter((trouble) => !/404|asked for http:\/\/127\.0\.0\.1/.test(trouble)),
      [],
    );
  });
});

const codeOf = (number: number): string => `FAULT_${String(number).padStart(5, '0')}`;

/** A proxy to the scene's gateway that serves ten thousand faults instead of the real ones. */
async function manyFaults({ url }: DemoScene): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port } = new URL(url);
  const faults = Array.from({ length: MANY }, (_, number): FaultListItem => {
    const [entity_id, description] = number % 3 === 0 ? ['motor', 'Motor temperature high'] : ['arm', 'Arm stuck'];
    return {
      fault_code: codeOf(number),
      severity: number % 4,
      description,
      status: 'CONFIRMED',
      first_occurred: 1_770_201_000 + number,
      last_occurred: 1_770_201_100 + number,
      occurrence_count: 1,
      reporting_sources: [`/${entity_id}`],
      entity_id,
      entity_type: 'app',
    };
  });
  const server: Server = createServer((incoming, reply) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', url);
    if (pathname === '/api/v1/faults') {
      const [from, limit] = [Number(searchParams.get('cursor') ?? 0), Number(searchParams.get('limit') ?? MANY)];
      const items = faults.slice(from, from + limit);
      const end = from + items.length;
      const about = { count: items.length, ...(end < MANY && { next_cursor: String(end) }) };
      const list: FaultListResult = { items, 'x-medkit': about };
      reply.setHeader('Content-Type', 'application/json').end(JSON.stringify(list));
      return;
    }
    const { origin: _, ...forwarded } = incoming.headers;
    const headers = { ...forwarded, host: `${hostname}:${port}` };
    const passed = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    passed.on('error', () => reply.destroy());
    reply.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
