import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };
const PLUGIN = join(import.meta.dirname, '..', 'plugins', 'modules', 'findings.ts');

const region = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
const tabs = (page: Page) => page.getByRole('navigation', { name: 'Parts of this entity' });

async function startPress(sandbox: Sandbox): Promise<string> {
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(
    config,
    `ros.enabled: false
server.port: 0
data_dir: ${sandbox.folder}/data
plugins: [findings]
plugins.findings.path: ${PLUGIN}
`,
  );
  return sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
}

suite('the findings of plugins about an entity', { skip: browserMissing, timeout: 240_000 }, () => {
  test('are listed with their age, each with its error, and read again on request', async () => {
    await using sandbox = new Sandbox();
    const url = await startPress(sandbox);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/apps/press`, {
      mayFail: /status of (?:403|404|503)/,
    });
    await tabs(page).getByRole('link', { name: 'Findings' }).click();
    const report = region(page, 'x-press-report');
    await report.getByRole('row', { name: 'exact 4611686018427387904' }).waitFor(WAIT);
    await report.getByRole('row', { name: 'serial empty' }).waitFor(WAIT);
    await report.getByRole('row', { name: 'owners line 1, line 2' }).waitFor(WAIT);
    await report.getByRole('heading', { name: 'limits ▸ sensor' }).waitFor(WAIT);
    await report.getByText(/^Read/).waitFor(WAIT);
    await report.getByText('JSON').click();
    await report.getByText('"max_bar":6.5').waitFor(WAIT);
    assert.equal(await page.locator('main img').count(), 0);

    const reads = await report.getByRole('row', { name: /^reads/ }).innerText();
    await report.getByRole('button', { name: 'Refresh x-press-report' }).click();
    await report
      .getByRole('row', { name: /^reads/ })
      .filter({ hasNotText: reads.split('\t')[1]! })
      .waitFor(WAIT);

    await region(page, 'x-press-strokes').getByText('30 more rows are not listed.').scrollIntoViewIfNeeded(WAIT);
    await region(page, 'x-press-strokes').getByRole('columnheader', { name: 'stroke' }).waitFor(WAIT);
    await region(page, 'x-press-idle').getByText('This resource is empty.').waitFor(WAIT);
    for (const name of ['x-press-locked', 'x-press-busy', 'x-press-missing']) {
      const failed = region(page, name);
      await failed.scrollIntoViewIfNeeded(WAIT);
      await failed.getByRole('alert').waitFor(WAIT);
      await failed.getByRole('button', { name: 'Try again' }).waitFor(WAIT);
    }
    await region(page, 'x-press-busy').getByText('The press counts its strokes').waitFor(WAIT);
    await assertAccessible(page, 'findings of every kind');

    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 360, height: 740 });
    await assertAccessible(page, 'findings on a small phone in the dark', { coloursAlone: true });
    await untilFits(page, 'findings', 360);
    assert.deepEqual(troubles, []);

    await page.goto(`${url}/apps/lamp`);
    await tabs(page).waitFor(WAIT);
    assert.equal(await tabs(page).getByRole('link', { name: 'Findings' }).count(), 0);
    await page.goto(`${url}/apps/lamp/findings`);
    await page.getByText('No plugin publishes findings about this entity.').waitFor(WAIT);
    assert.deepEqual(troubles, []);
  });

  test('of a robot are its processes and beacons, with a link to the page of a pipeline', async () => {
    await using scene = await DemoScene.open();
    await scene.waitForApps(['lidar_driver', 'wheel_odometry']);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/apps/lidar_driver/findings`);
    const pid = (await scene.get('/apps/lidar_driver/x-medkit-procfs')).body.pid as number;
    await region(page, 'Process')
      .getByRole('row', { name: `pid ${pid}`, exact: true })
      .waitFor(WAIT);
    await page.goto(`${scene.url}/apps/wheel_odometry/findings`);
    await region(page, /^Beacon x-medkit-beacon/)
      .getByRole('row', { name: 'entity_id wheel_odometry' })
      .waitFor(WAIT);
    await page.goto(`${scene.url}/functions/protection/findings`);
    await region(page, 'Pipeline graph').getByRole('link', { name: 'Open the graph' }).click();
    await page.getByRole('heading', { level: 1, name: 'Pipeline of Stop for people' }).waitFor(WAIT);
    assert.deepEqual(troubles, []);
  });
});
