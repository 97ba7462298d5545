import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import { zipEntries } from '../harness/zip-entries.ts';
import { FILES, fileUri, UNREADABLE } from '../hostile/faults.ts';
import { HostileScene } from '../hostile/scene.ts';
import { MARKUP } from '../hostile/texts.ts';
import { UnharmedPage } from '../hostile/unharmed-page.ts';

const WAIT = { timeout: 30_000 };
const REFUSED = /status of (?:4\d\d|502|503|504)/;

/** Folds or unfolds its table of topics. */
const press = (button: unknown) => (button as { click(): void }).click();

suite('hostile files', { skip: browserMissing, timeout: 200_000 }, () => {
  let scene: HostileScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let checkedPage: UnharmedPage;
  const open = (id: string) =>
    checkedPage.page
      .getByRole('region', { name: 'Recordings' })
      .locator('.stack')
      .filter({ hasText: `${id} ../../x` })
      .locator('details')
      .first();

  const choose = (details: Locator, topic: string) =>
    details.locator('.recording-choose').getByText(topic, { exact: true }).first().evaluate(press);

  before(async () => {
    [scene, browser] = await Promise.all([HostileScene.open(), openBrowser()]);
    checkedPage = await UnharmedPage.open(browser.context, scene.url, { mayFail: REFUSED });
    await checkedPage.visit('/apps/evil/faults/HOSTILE_PEER');
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  for (const [id, topics] of Object.entries<readonly string[] | undefined>({ ...UNREADABLE, topics: undefined })) {
    test(`a recording (${id}) is read as far as possible, and the unreadable part is reported`, async () => {
      const details = open(id);
      const said = details.locator('.recording-fields').getByText(MARKUP.slice(0, 20)).first();
      const unread = details.getByText(/^This cannot be read: /).first();
      await details.locator('summary').first().click();
      if (topics?.length === 0) await unread.waitFor(WAIT);
      else {
        await details.locator('.recording-columns').waitFor(WAIT);
        await choose(details, topics ? '/text' : '/__proto__');
        await said.waitFor(WAIT);
      }
      for (const topic of topics ?? []) {
        await choose(details, topic);
        await unread.waitFor(WAIT);
        await choose(details, '/text');
        await unread.waitFor({ ...WAIT, state: 'detached' });
        await said.waitFor(WAIT);
      }
      if (topics === undefined) {
        for (const button of await details.locator('.recording-choose').all()) {
          await button.evaluate(press);
          await checkedPage.settled(`a topic of ${id}`);
        }
      }
      await checkedPage.settled(id);
      await details.locator('summary').first().click();
    });
  }

  test('are each saved under a name that the page made, from its own origin', async () => {
    const names = await checkedPage.page
      .locator('a[download]')
      .evaluateAll((links) => links.map((link) => [link.getAttribute('download'), link.getAttribute('href')] as const));
    assert.ok(names.length >= FILES.length);
    for (const [name, href] of names) {
      assert.match(name!, /^[\w.-]+$/);
      assert.match(href!, /^\/api\/v1\/apps\/evil\/bulk-data\/rosbags\/\w+$/);
    }
  });

  test('are never shown as a page of the gateway, whatever type they claim', async () => {
    const { page, troubles } = await openWatchedPage(browser.context, scene.url, { mayFail: REFUSED });
    for (const path of [...['page', 'picture', 'database', 'untyped', 'plain'].map(fileUri), '/apps/evil/data/page']) {
      await page.goto('about:blank');
      const saved = page.waitForEvent('download', { timeout: 30_000 }).catch(() => undefined);
      const isLeft = await page.goto(`${scene.url}/api/v1${path}`).then(
        () => false,
        () => true,
      );
      // A file that the browser treats as plain text may be displayed.
      assert.equal(isLeft, !/untyped|plain/.test(path), path);
      if (isLeft) assert.match((await saved)?.suggestedFilename() ?? '', /^[^<>/\\]+$/, path);
      assert.doesNotMatch(await page.title(), /harmed|page/, path);
      assert.equal(await page.locator('img, script, image').count(), 0, path);
    }
    assert.deepEqual(troubles, []);
  });

  test('are exported with an incident under safe names, with a report that is plain text', async () => {
    const { items } = (await (await fetch(`${scene.url}/api/v1/x-medkit-incidents?limit=100`)).json()) as {
      readonly items: readonly { readonly id: string }[];
    };
    const folder = mkdtempSync(join(tmpdir(), 'medkit-report-'));
    const page = await browser.context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    for (const { id } of items) {
      const reply = await fetch(`${scene.url}/api/v1/x-medkit-incidents/${encodeURIComponent(id)}/export`);
      assert.equal(reply.status, 200, id);
      const files = zipEntries(Buffer.from(await reply.arrayBuffer()));
      for (const name of files.keys()) assert.match(name, /^(?!\/)(?!.*\.\.)[\w.@+/ -]+$/, name);
      const report = join(folder, 'report.html');
      writeFileSync(report, files.get('report.html')!);
      await page.goto(`file://${report}`);
      assert.equal(await page.locator('img, script, iframe, a').count(), 0, id);
      assert.doesNotMatch(await page.title(), /^harmed/, id);
      assert.ok(readFileSync(report).length > 0);
    }
    rmSync(folder, { recursive: true });
    assert.deepEqual(
      requests.filter((url) => !url.startsWith('file:')),
      [],
    );
  });
});
