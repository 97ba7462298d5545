import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const WAIT = { timeout: 60_000 };
const HOSTILE = '<img src=x onerror="document.title=1">\u202Egnp.pgm';

suite('the recordings and files', { skip: browserMissing, timeout: 240_000 }, () => {
  test('a recording appears, is viewed and downloaded; a file is uploaded and deleted', async () => {
    await using scene = await DemoScene.open(['--set', 'bulk_data.categories=maps']);
    await scene.waitForApps(['bt_navigator', 'lidar_driver']);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/recordings`);
    await page.getByText('No recordings yet').waitFor(WAIT);
    await page.getByText('snapshots.rosbag.enabled: true').waitFor(WAIT);
    await assertAccessible(page, 'no recordings');

    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    const row = page.getByRole('row').filter({ hasText: 'NAVIGATION_GOAL_ABORTED' }).first();
    await row.waitFor(WAIT);
    const incident = row.getByRole('link', { name: /^inc_/ });
    await incident.waitFor(WAIT);
    const downloading = page.waitForEvent('download');
    await row.getByRole('link', { name: /Download/ }).click();
    const download = await downloading;
    const { items } = (await scene.get('/areas/autonomy/bulk-data/rosbags')).body;
    const sizes = items.map(({ size }: { size: number }) => size);
    assert.ok(sizes.includes(statSync(await download.path()).size), `${sizes}`);
    assert.match(download.suggestedFilename(), /^fault_.*\.mcap$/);

    // Faults that are reported together share a recording, and its cell lists both.
    await row.getByText('NAVIGATION_GOAL_ABORTED').first().click();
    const panel = page.getByRole('region', { name: /NAVIGATION_GOAL_ABORTED/ });
    await panel.getByText(/^\d+ messages, /).waitFor(WAIT);
    await panel.getByRole('link', { name: /Incident inc_/ }).waitFor(WAIT);
    assert.match(page.url(), /\?file=fault_/);
    await assertAccessible(page, 'a recording');
    await page.getByLabel('Search').fill('no such fault');
    await page.getByText('No file matches these filters').waitFor(WAIT);

    const mapsOf = async () => (await scene.get('/apps/lidar_driver/bulk-data/maps')).body.items;
    await page.goto(`${scene.url}/recordings?category=maps`);
    await page.getByText('No files in this category').waitFor(WAIT);
    await page.getByText('Uploads use 0 B of').waitFor(WAIT);
    await page.getByRole('button', { name: 'Upload…' }).click();
    const dialog = page.getByRole('dialog');
    const buffer = Buffer.alloc(300_000, 'x');
    await dialog.getByLabel('File').setInputFiles({ name: HOSTILE, mimeType: 'image/x-portable-graymap', buffer });
    await dialog.getByLabel('Entity').selectOption({ value: 'app lidar_driver' });
    await dialog.getByLabel('Description').fill('Hall 3');
    await assertAccessible(page, 'an upload');
    await dialog.getByRole('button', { name: 'Upload' }).click();
    const uploaded = page.getByRole('row').filter({ hasText: 'Hall 3' });
    await uploaded.getByText('300 kB').waitFor(WAIT);
    assert.equal(await page.locator('main img').count(), 0);
    assert.equal((await mapsOf())[0].size, 300_000);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 844 });
      await untilFits(page, 'a file', width);
    }

    await uploaded.getByRole('button', { name: /Delete/ }).click();
    await dialog.getByText('The file of lidar_driver is deleted for all users').waitFor(WAIT);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No files in this category').waitFor(WAIT);
    await eventually('it is deleted', async () => (await mapsOf()).length === 0);
    assert.deepEqual(troubles, []);
  });

  test('a gateway without categories says how to allow uploads', async () => {
    await using scene = await DemoScene.open();
    await using browser = await openBrowser();
    const { page } = await openWatchedPage(browser.context, `${scene.url}/recordings`);
    await page.getByText('bulk_data.categories: [maps]').waitFor(WAIT);
    assert.equal(await page.getByRole('button', { name: 'Upload…' }).count(), 0);
    await page.getByLabel('Category').selectOption('Freeze frames');
    await page.getByText('No freeze frames yet').waitFor(WAIT);
  });
});
