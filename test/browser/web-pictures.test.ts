import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { PAGES, type PageName } from '../../packages/programs/web/src/routes/pages.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { PICTURES, pictureFile, takePicture, writesPictures } from '../harness/picture.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 60_000 };
const ROOT = join(import.meta.dirname, '..', '..');
const GUIDE = join(ROOT, 'docs', 'guides', 'web-ui.md');
const MAX_BYTES = 120_000;
const MAX_BYTES_OF_ALL = 1_300_000;
const WIDTH = 1280;
const PHONE = { width: 390, height: 844 };

/** How to take the picture of a page. */
interface Picture {
  /** Its address; `{incident}` is replaced by the incident of the scene. */
  readonly at: string;
  /** Height of the window in pixels, enough for the content. */
  readonly height: number;
  /** Brings the page into the state to be shown. */
  readonly until?: (page: Page) => Promise<unknown>;
}

const PLOTTED = [
  's=apps/collision_monitor/data/min_range_m',
  's=apps/controller_server/data/cmd_vel_nav:/linear/x',
  's=apps/wheel_odometry/data/odom:/twist/twist/linear/x',
];

/** Pages without a picture: they need accounts, receivers or scripts that the demo does not have. */
const WITHOUT_PICTURE = [
  'notifications',
  'users',
  'scripts',
  'script',
  'updates',
  'update',
  'graph',
  'graph.entity',
  'locks',
  'executions',
  'recordings',
  'alarms',
  'gateway-settings',
  'entity.findings',
] as const satisfies readonly PageName[];

/** One picture per page, by the name of its route. The sign-in page comes from a gateway with access control. */
const OF_PAGES: Readonly<Record<Exclude<PageName, 'sign-in' | 'plot' | (typeof WITHOUT_PICTURE)[number]>, Picture>> = {
  // First, before repeated messages of the stopped robot fill the list.
  logs: { at: '/logs', height: 760 },
  home: { at: '/', height: 900 },
  incidents: { at: '/incidents', height: 420 },
  incident: { at: '/incidents/{incident}', height: 1120, until: untilRecorded },
  faults: { at: '/faults?status=all', height: 520 },
  fault: { at: '/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED', height: 1180 },
  entity: { at: '/apps/collision_monitor', height: 620 },
  'entity.data': { at: '/apps/bt_navigator/data', height: 620 },
  'entity.item': { at: '/apps/battery_monitor/data/battery_state', height: 860 },
  'entity.operations': { at: '/components/navigation/operations', height: 560 },
  'entity.operation': { at: '/apps/bt_navigator/operations/navigate_to_pose', height: 780 },
  'entity.configurations': { at: '/apps/lidar_driver/configurations', height: 850 },
  'entity.faults': { at: '/apps/bt_navigator/faults', height: 560 },
  'entity.logs': { at: '/apps/bt_navigator/logs', height: 700 },
  'entity.status': { at: '/apps/map_server/status', height: 480 },
  'entity.locks': { at: '/components/navigation/locks', height: 560 },
  triggers: { at: '/triggers', height: 500 },
  'triggers.new': {
    at: '/triggers/new?entity=apps/battery_monitor&item=voltage',
    height: 720,
  },
  trigger: { at: '/components/navigation/triggers/trig_1', height: 760 },
  audit: { at: '/audit', height: 560 },
  peers: { at: '/peers', height: 300 },
  doctor: { at: '/doctor', height: 760 },
  find: { at: '/find?q=scan', height: 640 },
  settings: { at: '/settings', height: 900 },
};
/** Pages on a phone and in the dark theme. */
const VARIANTS = ['incident.phone', 'incident.dark'] as const;
const NAMES: readonly string[] = [
  ...Object.keys(PAGES).filter((name) => !WITHOUT_PICTURE.some((page) => page === name)),
  ...VARIANTS,
];

async function untilRecorded(page: Page): Promise<void> {
  await page.getByRole('img', { name: /range/i }).first().waitFor(WAIT);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press(']');
  await page.locator('.timeline-cursor:not([hidden])').waitFor(WAIT);
}

suite('pictures of the pages', () => {
  // Other tests check the content of the pages; this one takes two minutes and writes to the repository.
  if (writesPictures) {
    test('the pictures of all pages are taken again', { skip: browserMissing, timeout: 600_000 }, async () => {
      await using scene = await somethingHappened();
      const { items } = (await scene.get('/x-medkit-incidents?state=open')).body;
      const [{ id }] = items;
      await using browser = await openBrowser();
      const { page, troubles } = await openWatchedPage(browser.context, scene.url, {
        // Topics that no freeze frame needs have no history.
        mayFail: /status of 409/,
      });
      for (const [name, { at, height, until }] of Object.entries<Picture>(OF_PAGES)) {
        await page.setViewportSize({ width: WIDTH, height });
        await page.goto(`${scene.url}${at.replace('{incident}', encodeURIComponent(id))}`);
        await isCalm(page);
        await until?.(page);
        await settled(page);
        await takePicture(page, name);
      }
      await page.goto(`${scene.url}/incidents/${encodeURIComponent(id)}`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: WIDTH, height: 1120 });
      await isCalm(page);
      await untilRecorded(page);
      await settled(page);
      await takePicture(page, 'incident.dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(PHONE);
      await page.goto(`${scene.url}/incidents/${encodeURIComponent(id)}`);
      await isCalm(page);
      await settled(page);
      await takePicture(page, 'incident.phone');
      await picturePlot(scene, page);
      assert.deepEqual(troubles, []);
    });
    test('the sign-in page is taken again', { skip: browserMissing, timeout: 120_000 }, pictureSignIn);
  }

  test('every page has a picture that the guide shows and describes, and no other picture exists', () => {
    const guide = readFileSync(GUIDE, 'utf8');
    const files = readdirSync(PICTURES);
    assert.deepEqual(files.toSorted(), NAMES.map(pictureFile).toSorted());
    for (const name of NAMES) {
      const [, alternative] =
        new RegExp(`!\\[([^\\]]+)\\]\\(\\.\\./pictures/${pictureFile(name)}\\)`).exec(guide) ?? [];
      assert.ok(alternative && alternative.length > 20, `${name} is shown, and is told to who cannot see it`);
    }
  });

  test('all pictures are small enough to load over a slow connection', () => {
    const sizes = NAMES.map((name) => statSync(join(PICTURES, pictureFile(name))).size);
    assert.ok(Math.max(...sizes) <= MAX_BYTES, `${sizes}`);
    assert.ok(sizes.reduce((sum, size) => sum + size) <= MAX_BYTES_OF_ALL, `${sizes}`);
  });
});

/**
 * A robot whose battery was low, that continued, and now stops in front of a person; colleagues worked on it meanwhile.
 */
async function somethingHappened(): Promise<DemoScene> {
  const scene = await DemoScene.open([], { whole: true });
  await scene.waitForApps(['bt_navigator', 'lidar_driver', 'safety_gate', 'map_server']);
  await scene.untilDriving();
  const noneStands = async () => (await scene.get('/faults')).body.items.length === 0;
  await eventually('no fault', noneStands);
  await scene.command('inject', 'battery');
  await eventually('the battery is low', async () => (await scene.get('/faults')).body.items.length >= 2, WAIT.timeout);
  await scene.command('clear', 'battery');
  await eventually(
    'it has healed',
    async () => {
      const { items } = (await scene.get('/x-medkit-incidents?state=open')).body;
      return items.length === 0 && (await noneStands());
    },
    120_000,
  );
  await scene.untilDriving();
  await askAs(scene, 'engineer-bob', 'PUT', '/apps/lidar_driver/configurations/scan_rate_hz', { data: 8 });
  const locked = { lock_expiration: 1200, scopes: ['configurations'] };
  await askAs(scene, 'engineer-alice', 'POST', '/components/navigation/locks', locked);
  await scene.command('inject', 'obstacle');
  await eventually(
    'three faults and their recordings',
    async () => {
      const { items } = (await scene.get('/x-medkit-incidents?state=open')).body;
      const [incident] = items;
      if (incident === undefined || incident.fault_count < 3) return false;
      const { body } = await scene.get(`/x-medkit-incidents/${encodeURIComponent(incident.id)}`);
      return body.recordings.length >= 2;
    },
    WAIT.timeout,
  );
  await askAs(scene, 'engineer-bob', 'PUT', '/apps/nav2_planner/configurations/use_sim_time', { data: true });
  return scene;
}

/** Sends a request of a named colleague; a rejection is part of the picture. */
async function askAs(scene: DemoScene, client: string, method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Client-Id': client };
  await fetch(`${scene.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
}

/** Plots three values while the robot starts to drive again after the obstacle was removed. */
async function picturePlot(scene: DemoScene, page: Page): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: 860 });
  await page.goto(`${scene.url}/plot?${PLOTTED.join('&')}&t=0.8`);
  await scene.command('clear', 'obstacle');
  await scene.untilDriving();
  const samples = page.getByRole('table').last().locator('tbody tr td:nth-of-type(4)').first();
  await eventually('a while is seen', async () => Number(await samples.innerText()) > 90, 120_000);
  await settled(page);
  await takePicture(page, 'plot');
}

async function pictureSignIn(): Promise<void> {
  await using sandbox = new Sandbox();
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(
    config,
    `ros: {enabled: false}\nserver: {port: 0}\ndata_dir: ${sandbox.folder}/data\nauth: {enabled: true, require_auth_for: all}\n`,
  );
  const url = await sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
  assert.equal((await sandbox.run(['auth', 'init', '--config', config])).code, 0);
  await using browser = await openBrowser();
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: WIDTH, height: 460 });
  await page.goto(`${url}/sign-in`);
  await page.getByText('With a name').first().waitFor(WAIT);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('jan');
  await takePicture(page, 'sign-in');
}

/** Waits until nothing is loading and the page is live. */
async function isCalm(page: Page): Promise<void> {
  await page
    .locator('main h1')
    .first()
    .waitFor({ ...WAIT, state: 'attached' });
  await page.getByRole('status').filter({ hasText: 'live' }).first().waitFor(WAIT);
  await eventually(
    'nothing is loading',
    async () => (await page.locator('main .skeleton').count()) === 0,
    WAIT.timeout,
  );
}

/** Waits for values and for the charts to be drawn. */
const settled = (page: Page) => page.waitForTimeout(1500);
