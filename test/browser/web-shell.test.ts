import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { freePort } from '../federation/free-port.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits, untilLive, untilLoaded, untilTrue, WIDTHS } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { Sandbox } from '../scenes/medkit-process.ts';
import { DEMO_CONFIG, RestartScene } from '../scenes/restart-scene.ts';

/** Numbers in test names are those of the checks in the design of the pages. */
const WAIT = { timeout: 30_000 };
/** A browser's errors for requests to a stopped gateway. */
const GONE =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|ERR_INCOMPLETE_CHUNKED/;

const PAGES = [
  '/',
  '/incidents',
  '/incidents?group=none',
  '/faults?status=all',
  '/plot?s=apps/battery_monitor/data/voltage',
  '/triggers',
  '/triggers?tab=rules',
  '/triggers/new?entity=apps/battery_monitor&item=voltage',
  '/triggers/new?as=fault',
  '/components/navigation/triggers/trig_1',
  '/graph',
  '/graph/areas/autonomy',
  '/recordings',
  '/alarms',
  '/locks',
  '/executions',
  '/logs',
  '/scripts',
  '/updates',
  '/audit',
  '/notifications',
  '/peers',
  '/fleet',
  '/robots/amr-17',
  '/issues',
  '/issues/7',
  '/campaigns',
  '/campaigns/slower',
  '/queue',
  '/evidence',
  '/users',
  '/doctor',
  '/find?q=range',
  '/gateway-settings',
  '/settings',
  '/sign-in',
  '/apps/lidar_driver',
  '/apps/lidar_driver/data',
  '/apps/battery_monitor/data/voltage',
  '/apps/bt_navigator/operations',
  '/apps/bt_navigator/operations/navigate_to_pose',
  '/apps/lidar_driver/configurations',
  '/apps/bt_navigator/faults',
  '/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED',
  '/apps/bt_navigator/logs',
  '/apps/camera_driver/status',
  '/components/navigation/locks',
  '/no/such/page',
];

const HEIGHT = 844;

suite('every page', { skip: browserMissing, timeout: 400_000 }, () => {
  test('check 38, 39, 40: every page fits a phone, is accessible in all colours, shows texts of nodes as plain text, and is live in eight tabs', async () => {
    await using scene = await DemoScene.open([], { whole: true });
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate']);
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    const incident = await eventually('three faults of one incident', async () => {
      const { items } = (await scene.get('/x-medkit-incidents?state=open')).body;
      return items.find(({ fault_count }: { fault_count: number }) => fault_count >= 3);
    });
    await using browser = await openBrowser();
    const said = '</script><img src=x onerror="document.title=1">\u202Egnp.exe';
    const reported = ['HOSTILE', '/nav2_planner', '--description', said, '--domain', String(scene.domain)];
    const report = await scene.sandbox.run(['faults', 'report', ...reported], {
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    });
    assert.equal(report.code, 0, report.errors);
    const { page, troubles } = await openWatchedPage(browser.context, scene.url, { mayFail: /status of (?:404|501)/ });
    for (const path of [...PAGES, `/incidents/${incident.id}`]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${scene.url}${path}`);
      await untilLoaded(page);
      for (const scheme of ['light', 'dark', 'forced'] as const) {
        await page.emulateMedia(
          scheme === 'forced' ? { forcedColors: 'active' } : { colorScheme: scheme, forcedColors: 'none' },
        );
        await assertAccessible(page, `${path}, ${scheme}`, { coloursAlone: scheme !== 'light' });
      }
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
      assert.equal(await page.locator('h1').count(), 1, `${path} has one heading`);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: HEIGHT });
        await untilFits(page, path, width);
      }
    }
    await page.goto(`${scene.url}/apps/nav2_planner/faults/HOSTILE`);
    await page.getByText('<img src=x').first().waitFor(WAIT);
    assert.equal(await page.locator('img').count(), 0);
    assert.deepEqual(troubles, []);

    // After an upgrade the scripts that an open tab requests no longer exist: it reloads itself.
    await page.evaluate('window.isOld = true');
    let isMissing = true;
    page.on('request', (request) => {
      if (request.isNavigationRequest()) isMissing = false;
    });
    await page.route('**/assets/plot-page-*.js', (route) =>
      isMissing ? route.fulfill({ status: 404 }) : route.continue(),
    );
    await page.getByRole('navigation').getByRole('link', { name: 'Plot' }).click();
    await untilTrue(page, 'the tab reloads itself', 'window.isOld === undefined');
    await page.getByRole('heading', { level: 1, name: 'Plot' }).waitFor(WAIT);

    const tabs = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const tab = await browser.context.newPage();
        await tab.goto(`${scene.url}/apps/battery_monitor/data/voltage`);
        return tab;
      }),
    );
    await Promise.all(tabs.map(untilLive));
    const ninth = await browser.context.newPage();
    await ninth.goto(`${scene.url}/incidents`);
    await ninth
      .getByRole('link', { name: /stop distance/ })
      .first()
      .waitFor(WAIT);
    await untilLive(ninth);

    await ninth.goto(scene.url);
    process.kill(scene.medkit.processOf('island')!, 'SIGKILL');
    await ninth
      .getByRole('region', { name: 'safety_island' })
      .getByText(/no answer since/)
      .waitFor(WAIT);
    await ninth.locator('.tree-line.stale', { hasText: 'Safety gate' }).waitFor(WAIT);
  });

  test('check 37: a killed gateway and a killed robot are reported within moments, and return without a reload', async () => {
    const [sandbox, port] = [new Sandbox(), await freePort()];
    await using scene = new RestartScene(sandbox, await sandbox.domain(), { config: DEMO_CONFIG, port });
    await scene.startGateway();
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, scene.url, { mayFail: GONE });
    await page.getByText('No ROS 2 nodes found').waitFor(WAIT);
    await scene.startRobot();
    await page.getByRole('link', { name: 'lidar_driver' }).waitFor(WAIT);
    await eventually('nobody is missed', async () => (await page.getByText('No ROS 2 nodes found').count()) === 0);
    await page.evaluate('window.same = true');

    await scene.endGateway('killed');
    await page.getByText(/^offline since/).waitFor(WAIT);
    await scene.startGateway();
    await untilLive(page);

    await scene.endRobot('SIGKILL');
    await page.locator('.tree-line.stale').or(page.getByText('No ROS 2 nodes found')).first().waitFor(WAIT);
    await scene.startRobot();
    await eventually('everybody is back', async () => (await page.locator('.tree-line.stale').count()) === 0, 60_000);
    await page.getByRole('link', { name: 'lidar_driver' }).waitFor(WAIT);
    assert.equal(await page.evaluate('window.same'), true, 'it is the same page');
    const names = await page.locator('.tree-line a').allInnerTexts();
    assert.equal(new Set(names).size, names.length, `nothing is there twice: ${names}`);
    assert.deepEqual(troubles, []);
  });

  test('check 40: names, descriptions and texts from any source are shown as plain text', async () => {
    await using sandbox = new Sandbox();
    const hostile = '<img src=x onerror="document.title=1"></script><script>alert(1)</script>';
    const manifest = join(sandbox.folder, 'robot.yaml');
    const long = 'x'.repeat(4000);
    writeFileSync(
      manifest,
      `manifest_version: "1.0"
metadata: {name: ${JSON.stringify(hostile)}}
areas:
  - {id: hall, name: ${JSON.stringify(hostile)}, description: ${JSON.stringify(hostile)}}
components:
  - {id: arm, area: hall, name: "\\u202Egnp.exe", description: ${JSON.stringify(long)}}
apps:
  - {id: gripper, name: ${JSON.stringify(long)}, is_located_on: arm}
  - {id: other, name: "javascript:alert(1)", is_located_on: arm}
`,
    );
    const config = join(sandbox.folder, 'medkit.yaml');
    writeFileSync(
      config,
      `ros: {enabled: false}
server: {port: 0}
data_dir: ${sandbox.folder}/data
discovery: {mode: manifest_only, manifest_path: ${manifest}}
`,
    );
    const medkit = sandbox.start(['up', '--config', config]);
    const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, url);
    await page.setViewportSize({ width: 390, height: HEIGHT });
    await page.getByRole('link', { name: hostile }).first().waitFor(WAIT);
    for (const path of [
      '/',
      '/areas/hall',
      '/components/arm',
      '/apps/gripper',
      '/apps/other',
      '/find?q=img',
      '/doctor',
    ]) {
      await page.goto(`${url}${path}`);
      await untilLoaded(page);
      assert.equal(await page.locator('img, script:not([src])').count(), 0, path);
      await untilFits(page, path, 390);
    }
    assert.deepEqual(troubles, []);
  });
});
