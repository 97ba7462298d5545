import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { PageName } from '../../packages/programs/web/src/routes/pages.ts';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits, untilLive, untilLoaded } from '../harness/calm-page.ts';
import {
  openTileCanvas,
  SHEETS,
  SHEETS_FOLDER,
  type Sheet,
  type Tile,
  type TileCanvas,
} from '../harness/contact-sheet.ts';
import { eventually } from '../harness/eventually.ts';
import { PAGE_PATHS, pathOf } from '../harness/page-paths.ts';
import { writesPictures } from '../harness/picture.ts';
import { type Pixels, pictureDifference } from '../harness/picture-difference.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED } from '../harness/storm.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import { openEventfulScene } from '../scenes/eventful-scene.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GUIDE = join(ROOT, 'docs', 'guides', 'web-ui.md');
const MAX_BYTES = 150_000;
const NAMES = Object.keys(PAGE_PATHS) as readonly PageName[];
/** Sheets of the last run that failed. */
const FAILED = join(ROOT, 'build', 'sheets');
/** A busy machine draws a chart, or the rows of a list, this much later. */
const STILL_MS = 30_000;
/** Two pictures of a page that is complete differ less. */
const STILL = 0.02;

const fileOf = ({ name }: Sheet) => `${name}.webp`;

suite('contact sheets of the pages', () => {
  const all = writesPictures || IS_FULL_LENGTH;
  const sheets = all ? SHEETS : [SHEETS[STORM_SEED % SHEETS.length]!];
  test('every page looks as on its sheet, fits its window and splits no word', {
    skip: browserMissing,
    timeout: all ? 1_800_000 : 300_000,
  }, async (t) => {
    printSeed(t);
    t.diagnostic(`sheets: ${sheets.map(({ name }) => name).join(', ')}`);
    await using scene = await openEventfulScene();
    const [{ id }] = (await scene.get('/x-medkit-incidents?state=open')).body.items;
    await using browser = await openBrowser();
    const canvas = await openTileCanvas(browser.context);
    const { page, troubles } = await openWatchedPage(browser.context, scene.url, {
      // Topics that no freeze frame needs have no history; the demo has no script and no update, and is no fleet hub.
      mayFail: /status of (?:404|409|501)/,
    });
    const stored = writesPictures ? undefined : await readSheets(canvas, sheets);
    const taken = new Map<Sheet, Tile[]>(sheets.map((sheet) => [sheet, []]));
    const problems: string[] = [];
    let largest = { difference: 0, about: '' };
    for (const [at, name] of NAMES.entries()) {
      // Ten sheets take minutes: a run without output counts as stuck.
      if (all) console.log(name);
      await page.goto(`${scene.url}${pathOf(name, id)}`);
      await untilLoaded(page);
      if (name !== 'sign-in') await untilLive(page);
      for (const sheet of sheets) {
        const about = `${name} at ${sheet.name}`;
        await show(page, sheet);
        await untilFits(page, about, sheet.window.width).catch((error) => problems.push(error.message));
        for (const word of await findDivided(page)) problems.push(`${about} splits ${word}`);
        const expected = stored?.get(sheet)?.[at];
        const { pixels, difference } = await takeTile(canvas, page, sheet, expected);
        taken.get(sheet)!.push({ name, pixels });
        if (difference > largest.difference) largest = { difference, about };
        if (difference > sheet.maxDifference) problems.push(`${about} differs by ${difference.toFixed(2)}`);
      }
    }
    t.diagnostic(`largest difference: ${largest.difference.toFixed(2)}, ${largest.about}`);
    if (writesPictures || problems.length > 0)
      await writeSheets(canvas, taken, writesPictures ? SHEETS_FOLDER : FAILED);
    assert.deepEqual(problems, [], `MEDKIT_PICTURES=write takes the sheets again; the taken ones are in ${FAILED}`);
    assert.deepEqual(troubles, []);

    const [sheet] = sheets;
    await page.goto(`${scene.url}/`);
    await untilLoaded(page);
    await untilLive(page);
    const broken = await detectsBrokenPages(canvas, page, sheet!, taken.get(sheet!)![NAMES.indexOf('home')]!.pixels);
    t.diagnostic(`broken pages differ by ${broken.map((difference) => difference.toFixed(2)).join(', ')}`);
  });

  test('the guide links to every sheet, and each loads over a slow connection', () => {
    const guide = readFileSync(GUIDE, 'utf8');
    assert.deepEqual(readdirSync(SHEETS_FOLDER).toSorted(), SHEETS.map(fileOf).toSorted());
    for (const sheet of SHEETS) {
      assert.ok(guide.includes(`(../pictures/sheets/${fileOf(sheet)})`), sheet.name);
      assert.ok(readFileSync(join(SHEETS_FOLDER, fileOf(sheet))).length <= MAX_BYTES, sheet.name);
    }
  });
});

/** Shows the page in the window and theme of a sheet. */
async function show(page: Page, { window, theme }: Sheet): Promise<void> {
  await page.setViewportSize(window);
  await page.emulateMedia({ colorScheme: theme });
}

async function findDivided(page: Page): Promise<readonly string[]> {
  await page.evaluate(FINDER);
  return page.evaluate('findDivided()');
}
// Through the debugger: the page's content security policy forbids scripts.
const FINDER = readFileSync(join(import.meta.dirname, '..', 'harness', 'divided-words.js'), 'utf8');

async function readSheets(canvas: TileCanvas, sheets: readonly Sheet[]) {
  const stored = new Map<Sheet, readonly Pixels[]>();
  for (const sheet of sheets) {
    const tiles = await canvas.divide(sheet, readFileSync(join(SHEETS_FOLDER, fileOf(sheet))), NAMES.length);
    assert.ok(tiles, `${sheet.name} has another number of pages: take the sheets again with MEDKIT_PICTURES=write`);
    stored.set(sheet, tiles);
  }
  return stored;
}

async function writeSheets(canvas: TileCanvas, taken: ReadonlyMap<Sheet, readonly Tile[]>, folder: string) {
  mkdirSync(folder, { recursive: true });
  for (const [sheet, tiles] of taken) writeFileSync(join(folder, fileOf(sheet)), await canvas.join(sheet, tiles));
}

/**
 * Takes a thumbnail once it resembles `expected`, or without it, once the page no longer changes. After a while returns
 * the last one with its difference.
 */
async function takeTile(canvas: TileCanvas, page: Page, sheet: Sheet, expected: Pixels | undefined) {
  let pixels = await canvas.take(page, sheet);
  let difference = expected ? pictureDifference(expected, pixels) : 1;
  const isDone = () => difference <= (expected ? sheet.maxDifference : STILL);
  await eventually(
    'a still page',
    async () => {
      if (isDone()) return true;
      const last = expected ?? pixels;
      pixels = await canvas.take(page, sheet);
      difference = pictureDifference(last, pixels);
      return isDone();
    },
    STILL_MS,
  ).catch(() => undefined);
  return { pixels, difference: expected ? difference : 0 };
}

/** Breaks the home page in several ways, and asserts that each is detected. Returns the differences. */
async function detectsBrokenPages(
  canvas: TileCanvas,
  page: Page,
  sheet: Sheet,
  expected: Pixels,
): Promise<readonly number[]> {
  const found: number[] = [];
  const differs = async (about: string) => {
    const difference = pictureDifference(expected, await canvas.take(page, sheet));
    found.push(difference);
    assert.ok(difference > sheet.maxDifference, `${about} is detected on ${sheet.name}: ${difference}`);
  };
  await page.emulateMedia({ colorScheme: sheet.theme === 'light' ? 'dark' : 'light' });
  await differs('the other theme');
  await show(page, sheet);
  await page.evaluate('for (const sheet of document.styleSheets) sheet.disabled = true');
  await differs('a page without styles');
  await page.evaluate('for (const sheet of document.styleSheets) sheet.disabled = false');
  await page.evaluate(`document.querySelector('main').style.transform = 'translateX(45%)'`);
  await differs('shifted content');
  await page.evaluate(`document.querySelector('main').style.visibility = 'hidden'`);
  await differs('missing content');
  return found;
}
