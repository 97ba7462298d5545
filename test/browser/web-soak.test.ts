import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { ofStorm, STORM_SEED, tellSeed } from '../harness/storm.ts';
import { openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const WAIT = { timeout: 30_000 };
/** What may be kept of so many visits: what was asked for lately, texts of pages. */
const MAX_GROWTH_BYTES = 10 * 1024 * 1024;
/** Half an hour of somebody who is in a hurry. */
const VISITS = 800;
/** So many until every page was there and all that is kept once is kept. */
const WARM_UP = 20;

const LINKS = ['Home', 'Incidents', 'Faults', 'Plot', 'Logs', 'Audit', 'Peers', 'Doctor', 'Settings'];

suite('a tab that stays open', { skip: browserMissing, timeout: 3_600_000 }, () => {
  test('keeps no more memory, however long somebody looks around in it', async (t) => {
    tellSeed(t);
    const random = seededRandom(STORM_SEED);
    await using scene = await DemoScene.open();
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, scene.url);
    const session = await browser.context.newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize;
    };
    const visit = async (): Promise<void> => {
      const at = Math.floor(random.float() * (LINKS.length + 1));
      if (at === LINKS.length) {
        await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
        await page.getByRole('link', { name: 'Scanner driver' }).click(WAIT);
        await page.getByRole('link', { name: /^Data/ }).click(WAIT);
      } else await page.getByRole('navigation').getByRole('link', { name: LINKS[at]! }).first().click();
      await page
        .locator('main h1')
        .first()
        .waitFor({ ...WAIT, state: 'attached' });
    };
    for (let count = 0; count < WARM_UP; count += 1) await visit();
    const before = await heap();
    for (let count = 0; count < ofStorm(VISITS, WARM_UP); count += 1) await visit();
    const grown = (await heap()) - before;
    t.diagnostic(
      `${(before / 1e6).toFixed(1)} MB, ${(grown / 1e6).toFixed(1)} MB more after ${ofStorm(VISITS, WARM_UP)} visits`,
    );
    assert.ok(grown <= MAX_GROWTH_BYTES, `${grown} octets more`);
    assert.deepEqual(troubles, []);
  });
});
