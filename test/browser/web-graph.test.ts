import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const WAIT = { timeout: 30_000 };

/** Returns the texts of the cells in the row of a topic. */
const cellsOf = (page: Page, topic: string) =>
  page
    .getByRole('grid', { name: 'Edges' })
    .getByRole('row')
    .filter({ hasText: topic })
    .getByRole('gridcell')
    .allInnerTexts();

suite('the pipelines', { skip: browserMissing, timeout: 240_000 }, () => {
  test('check 35: the rate of /scan, and its edge in error when the scanner is off, in the picture and in the table', async () => {
    await using scene = await DemoScene.open();
    await scene.waitForApps(['lidar_driver', 'collision_monitor']);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/graph/functions/protection`);
    await page.getByRole('heading', { level: 1, name: 'Pipeline of Stop for people' }).waitFor(WAIT);

    await eventually('a rate of 9 to 11 Hz', async () => {
      const [, , from, to, rate = ''] = await cellsOf(page, '/scan');
      assert.deepEqual([from, to], ['Scanner driver', 'Collision monitor']);
      const hz = Number.parseFloat(rate);
      return hz >= 9 && hz <= 11;
    });
    const picture = page.getByRole('group', { name: 'Picture' });
    await picture.getByRole('button', { name: /\/scan\s+[\d.]+ Hz of 10 Hz$/ }).waitFor(WAIT);
    assert.equal(await page.locator('.graph-line-ok').count(), 2, 'the line and its legend');
    await assertAccessible(page, 'a healthy pipeline');

    assert.equal(
      (
        await scene.request('POST', '/apps/lidar_driver/operations/set_enabled/executions', {
          parameters: { data: false },
        })
      ).status,
      200,
    );
    const offMs = performance.now();
    await picture.locator('.graph-line-error').first().waitFor(WAIT);
    assert.ok(performance.now() - offMs < 10_000, `${performance.now() - offMs} ms until the edge was red`);
    assert.match((await cellsOf(page, '/scan'))[0] ?? '', /no messages/);
    const colour = await page.evaluate(
      "getComputedStyle(document.querySelector('.graph-picture .graph-line-error path')).stroke",
    );
    assert.equal(colour, 'rgb(180, 35, 24)', 'the colour of an error');
    await page.getByRole('navigation', { name: 'Pipelines, worst first' }).getByText('broken').waitFor(WAIT);
    await assertAccessible(page, 'a broken pipeline');

    await page.goto(`${scene.url}/graph`);
    await page.getByRole('heading', { level: 2, name: 'Stop for people' }).waitFor(WAIT);
    await picture.getByRole('button', { name: /\/scan/ }).press('Enter');
    await page.getByRole('region', { name: '/scan' }).getByText('no messages').waitFor(WAIT);
    assert.match(page.url(), /\?edge=edge%3Alidar_driver/);
    await page.getByLabel('Area or component').selectOption({ label: 'Autonomy · Area' });
    await page.getByText('Without a connection inside this pipeline').waitFor(WAIT);
    assert.match(page.url(), /\/graph\/areas\/autonomy$/);
    assert.deepEqual(troubles, []);
  });

  test('names from nodes are plain text, and without the plugin the page says how to switch it on', async () => {
    await using scene = await DemoScene.open(['--set', 'plugins=linux']);
    await scene.waitForApps(['lidar_driver']);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/graph`);
    await page.getByText('Pipeline graphs are switched off').waitFor(WAIT);
    await page.getByText('plugins: [graph-provider]').waitFor(WAIT);
    await assertAccessible(page, 'without the plugin');

    // The same page with the reply of a hostile gateway.
    const hostile = '</script><img src=x onerror="document.title=1">\u202Egnp.exe';
    const long = `/${'x'.repeat(4000)}`;
    const edge = (topic: string, target: string) => ({
      edge_id: `edge:lidar_driver:${topic}:${target}`,
      source: 'lidar_driver',
      target,
      topic_id: `topic:${topic}`,
      metrics: { metrics_status: 'active', frequency_hz: 4, expected_frequency_hz: 10 },
    });
    const topics = [hostile, long].map((name) => ({ topic_id: `topic:${name}`, name }));
    const graph = {
      pipeline_status: 'degraded',
      bottleneck_edge: edge(long, hostile).edge_id,
      topics,
      nodes: ['lidar_driver', hostile].map((entity_id) => ({ entity_id, node_status: 'unreachable' })),
      edges: [edge(hostile, hostile), edge(long, hostile), null, { metrics: 7 }],
    };
    await page.route('**/x-medkit-graph', (route) => route.fulfill({ json: { 'x-medkit-graph': graph } }));
    await page.goto(`${scene.url}/graph/functions/protection`);
    await page.getByText('bottleneck').first().waitFor(WAIT);
    assert.equal(await page.locator('main img').count(), 0);
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 844 });
      await untilFits(page, 'hostile names', width);
      await assertAccessible(page, `hostile names, ${width} px`);
    }
    assert.deepEqual(troubles, []);
  });
});
