import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';

const root = join(import.meta.dirname, '..', '..');
const site = (path: string) => pathToFileURL(join(root, 'build', 'site', path)).href;
/** WCAG 2.2, 1.4.3: minimum contrast of text of normal size. */
const LEAST_CONTRAST = 4.5;

/** Opens a page and records errors and requests to other hosts, neither of which should occur. */
async function watchedPage(context: BrowserContext) {
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => troubles.push(message.text()));
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) troubles.push(`asked for ${request.url()}`);
  });
  return { page, troubles };
}

/** Returns texts of the page with too little contrast to their background. */
async function faintTexts(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: join(import.meta.dirname, 'faint-texts.js') });
  return page.evaluate(`faintTexts(${LEAST_CONTRAST})`);
}

/** Returns the background of the page. */
function paperOf(page: Page): Promise<string> {
  return page.evaluate('getComputedStyle(document.body).backgroundColor');
}

suite('the pages of the documentation, opened as files', { skip: browserMissing }, () => {
  before(() => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/site/main.ts')], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });

  test('link to each other, and from a search result to its section', { timeout: 240_000 }, async () => {
    await using browser = await openBrowser();
    const { page, troubles } = await watchedPage(browser.context);
    await page.goto(site('index.html'));
    await page.getByRole('navigation').getByRole('link', { name: 'Concepts' }).click();
    await page.getByRole('heading', { name: 'Concepts', level: 1 }).waitFor();
    assert.equal(await page.locator('nav [aria-current=page]').innerText(), 'Concepts');

    await page.keyboard.press('/');
    await page.keyboard.type('lock closes');
    const found = page.locator('#found a');
    // The results follow the letters: the first ones are of another text.
    await found
      .first()
      .filter({ hasText: /^Locks › What a lock closes/ })
      .waitFor();
    assert.deepEqual(
      await found
        .first()
        .locator('mark')
        .allInnerTexts()
        .then((marks) => marks.slice(0, 3)),
      ['Lock', 'lock', 'closes'],
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Locks', level: 1 }).waitFor();
    assert.match(page.url(), /guides\/locks\.html#what-a-lock-closes$/);

    await page.keyboard.press('/');
    await page.keyboard.type('xyzzyx');
    await page.getByText('Nothing is called so.').waitFor();
    assert.deepEqual(troubles, []);
  });

  test('are readable in light and dark, whatever the system prefers', { timeout: 240_000 }, async () => {
    await using browser = await openBrowser();
    const { page, troubles } = await watchedPage(browser.context);
    for (const path of ['index.html', 'guides/faults.html', 'api.html']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(site(path));
        assert.deepEqual(await faintTexts(page), [], `${path}, ${colorScheme}`);
      }
    }
    await page.getByRole('button', { name: 'Light' }).click();
    await eventually('white paper', async () => (await paperOf(page)) === 'rgb(255, 255, 255)');
    await page.goto(site('index.html'));
    assert.equal(await paperOf(page), 'rgb(255, 255, 255)', 'it is remembered');
    assert.deepEqual(troubles, []);
  });

  test('fit on a phone, with the contents behind one tap', { timeout: 240_000 }, async () => {
    await using browser = await openBrowser();
    const { page, troubles } = await watchedPage(browser.context);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['index.html', 'guides/locks.html', 'config.html', 'api.html']) {
      await page.goto(site(path));
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= 390, `${path} is ${width} px wide`);
    }
    const link = page.getByRole('link', { name: 'Triggers', exact: true }).first();
    assert.equal(await link.isVisible(), false);
    await page.getByRole('button', { name: 'Contents' }).click();
    await link.click();
    await page.getByRole('heading', { name: 'Triggers', level: 1 }).waitFor();
    assert.deepEqual(troubles, []);
  });

  test('have code blocks that one click copies', { timeout: 240_000 }, async () => {
    await using browser = await openBrowser();
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { page, troubles } = await watchedPage(browser.context);
    await page.goto(site('index.html'));
    await page.locator('.block').first().hover();
    await page.locator('.copy').first().click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'npm start');
    assert.deepEqual(troubles, []);
  });
});
