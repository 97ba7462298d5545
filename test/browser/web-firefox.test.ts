import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { untilFits, untilLive, untilLoaded, untilTrue } from '../harness/calm-page.ts';
import { firefoxMissing, openFirefox } from '../harness/firefox.ts';
import { type FirefoxPage, openFirefoxPage } from '../harness/firefox-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

const HEIGHT = 844;
/** Widths of a phone and a laptop, CSS pixels. */
const WIDTHS = [390, 1440];
const FAULT = 'LIDAR_DRIVER_PROTECTIVE_FIELD';

const untilText = (page: FirefoxPage, text: string) =>
  untilTrue(page, `"${text}" on the page`, `document.body.innerText.includes(${JSON.stringify(text)})`);
/** The title begins with the number of open incidents. */
const untilTitle = (page: FirefoxPage, title: string) =>
  untilTrue(page, title, `document.title.endsWith(${JSON.stringify(`${title} · warehouse-amr · medkit`)})`);

suite('the pages in Firefox', { skip: firefoxMissing, timeout: 180_000 }, () => {
  test('are live, fit a phone and a laptop, and show a new fault without a reload', async () => {
    await using scene = await DemoScene.open();
    await scene.waitForApps(['bt_navigator', 'lidar_driver', 'collision_monitor', 'battery_monitor']);
    await scene.untilDriving();
    await using browser = await openFirefox();
    const page = await openFirefoxPage(browser.session, scene.url);
    await page.setWindow(1440, HEIGHT);
    await untilLive(page);
    await untilText(page, 'Scanner driver');

    await page.evaluate('window.same = true');
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    await untilTrue(page, 'a live incident', `document.querySelector('.incident-card') !== null`);
    await page.type('gf');
    await untilTitle(page, 'Faults');
    await untilText(page, FAULT);
    await page.click('nav a[href="/"]');
    await untilTitle(page, 'Home');
    await page.click('.incident-card');
    await untilTrue(
      page,
      'a chart',
      `[...document.querySelectorAll('[role=img]')].some((img) => /range/i.test(img.ariaLabel))`,
    );
    assert.equal(await page.evaluate('window.same'), true, 'it is the same page');

    const incident = await page.evaluate<string>('location.pathname');
    assert.match(incident, /^\/incidents\/./);
    for (const path of [
      '/',
      incident,
      '/faults?status=all',
      `/apps/lidar_driver/faults/${FAULT}`,
      '/logs',
      '/apps/battery_monitor/data/battery_state',
      '/apps/lidar_driver/data/scan',
      '/plot?s=apps/battery_monitor/data/voltage',
      '/triggers',
      '/settings',
    ]) {
      await page.goto(`${scene.url}${path}`);
      await untilLoaded(page);
      await untilLive(page);
      assert.equal(await page.evaluate(`document.querySelectorAll('h1').length`), 1, `${path} has one heading`);
      for (const width of WIDTHS) {
        await page.setWindow(width, HEIGHT);
        await untilFits(page, path, width);
      }
    }

    // Firefox itself uses the key for its address bar.
    await page.type('{Control+k}');
    await untilTrue(page, 'the search', `document.activeElement.matches('dialog [role=combobox]')`);
    await page.type('voltage');
    await untilTrue(page, 'a result', `document.querySelector('dialog [role=option]') !== null`);
    await page.type('{Enter}');
    await untilTrue(page, 'the page of the result', `/voltage/.test(location.href)`);
    await untilLoaded(page);
    assert.deepEqual(page.troubles, []);
    assert.deepEqual(browser.foreignHosts, [], 'Firefox contacts no other machine');
  });
});
