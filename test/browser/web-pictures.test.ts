import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { PAGES, type PageName } from '../../packages/programs/web/src/routes/pages.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilLive, untilLoaded } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { PAGE_PATHS, pathOf } from '../harness/page-paths.ts';
import { PICTURES, pictureFile, takePicture, writesPictures } from '../harness/picture.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import type { DemoScene } from '../scenes/demo-scene.ts';
import { openEventfulScene } from '../scenes/eventful-scene.ts';
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
  /** Height of the window in pixels, enough for the content. */
  readonly height: number;
  /** Brings the page into the state to be shown. */
  readonly until?: (page: Page) => Promise<unknown>;
}

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
  'fleet',
  'fleet.robot',
  'issues',
  'issue',
  'campaigns',
  'campaign',
  'queue',
  'evidence',
] as const satisfies readonly PageName[];

type PicturedPage = Exclude<PageName, 'sign-in' | 'plot' | (typeof WITHOUT_PICTURE)[number]>;
/** One picture per page, by the name of its route. The sign-in page comes from a gateway with access control. */
const OF_PAGES: Readonly<Record<PicturedPage, Picture>> = {
  // First, before repeated messages of the stopped robot fill the list.
  logs: { height: 760 },
  home: { height: 900 },
  incidents: { height: 420 },
  incident: { height: 1120, until: untilRecorded },
  faults: { height: 520 },
  fault: { height: 1180 },
  entity: { height: 620 },
  'entity.data': { height: 620 },
  'entity.item': { height: 860 },
  'entity.operations': { height: 560 },
  'entity.operation': { height: 780 },
  'entity.configurations': { height: 850 },
  'entity.faults': { height: 560 },
  'entity.logs': { height: 700 },
  'entity.status': { height: 480 },
  'entity.locks': { height: 560 },
  triggers: { height: 500 },
  'triggers.new': { height: 880 },
  trigger: { height: 760 },
  audit: { height: 560 },
  peers: { height: 300 },
  doctor: { height: 760 },
  find: { height: 640 },
  settings: { height: 900 },
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
      await using scene = await openEventfulScene({ healed: true });
      const { items } = (await scene.get('/x-medkit-incidents?state=open')).body;
      const [{ id }] = items;
      await using browser = await openBrowser();
      const { page, troubles } = await openWatchedPage(browser.context, scene.url, {
        // Topics that no freeze frame needs have no history.
        mayFail: /status of 409/,
      });
      for (const [name, { height, until }] of Object.entries<Picture>(OF_PAGES)) {
        await page.setViewportSize({ width: WIDTH, height });
        await page.goto(`${scene.url}${pathOf(name as PicturedPage, id)}`);
        await untilLoaded(page);
        await untilLive(page);
        await until?.(page);
        await settled(page);
        await takePicture(page, name);
      }
      await page.goto(`${scene.url}${pathOf('incident', id)}`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: WIDTH, height: 1120 });
      await untilLoaded(page);
      await untilLive(page);
      await untilRecorded(page);
      await settled(page);
      await takePicture(page, 'incident.dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(PHONE);
      await page.goto(`${scene.url}${pathOf('incident', id)}`);
      await untilLoaded(page);
      await untilLive(page);
      await settled(page);
      await takePicture(page, 'incident.phone');
      await picturePlot(scene, page);
      assert.deepEqual(troubles, []);
    });
    test('the sign-in page is taken again', { skip: browserMissing, timeout: 120_000 }, pictureSignIn);
  }

  test('every page has a picture that the guide shows and describes, and no other picture exists', () => {
    const guide = readFileSync(GUIDE, 'utf8');
    const files = readdirSync(PICTURES).filter((file) => file.endsWith('.webp'));
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

/** Plots three values while the robot starts to drive again after the obstacle was removed. */
async function picturePlot(scene: DemoScene, page: Page): Promise<void> {
  await page.setViewportSize({ width: WIDTH, height: 860 });
  await page.goto(`${scene.url}${PAGE_PATHS.plot}`);
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

/** Waits for values and for the charts to be drawn. */
const settled = (page: Page) => page.waitForTimeout(1500);
