import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { startDemo } from '../harness/demo.ts';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage } from '../harness/watched-page.ts';

const WAIT = { timeout: 20_000 };

suite('the pages in a browser', { skip: browserMissing }, () => {
  test('the page at / shows live values and links to the others, and Swagger UI shows the operations', {
    timeout: 120_000,
  }, async () => {
    await using demo = await startDemo();
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, demo.url);
    await page.getByRole('banner').getByRole('status').getByText('live', { exact: true }).waitFor(WAIT);
    const navigation = page.getByRole('navigation', { name: 'Pages' });
    const home = navigation.getByRole('link', { name: 'Home' });
    assert.equal(await home.getAttribute('aria-current'), 'page');
    await page.getByRole('main').getByText('Scanner driver').first().waitFor(WAIT);

    await eventually('the title', async () => (await page.title()) === 'Home · warehouse-amr · medkit');

    await navigation.getByRole('button', { name: 'More' }).click();
    await navigation.getByRole('link', { name: 'Settings', exact: true }).click();
    const heading = page.getByRole('heading', { name: 'Settings', level: 1 });
    await heading.waitFor(WAIT);
    assert.equal(new URL(page.url()).pathname, '/settings');
    await eventually('its title', async () => (await page.title()) === 'Settings · warehouse-amr · medkit');
    await eventually('it has the focus', () => heading.evaluate((element) => element.matches(':focus')));
    // The menu is closed.
    await navigation.getByRole('link', { name: 'Settings', exact: true }).waitFor({ ...WAIT, state: 'hidden' });
    await page.goBack();
    await page.getByRole('main').getByText('Scanner driver').first().waitFor(WAIT);
    assert.equal(await home.getAttribute('aria-current'), 'page');

    for (const path of ['/docs', '/api/v1/swagger-ui']) {
      await page.goto(`${demo.url}${path}`);
      await page
        .getByText('listApps')
        .or(page.getByText('/apps', { exact: true }))
        .first()
        .waitFor(WAIT);
    }
    assert.deepEqual(troubles, []);
  });

  test('a page applies the settings that this browser stored for its address', { timeout: 120_000 }, async () => {
    await using demo = await startDemo();
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${demo.url}/settings`);
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await paper();
    await page.getByRole('radio', { name: 'Dark' }).check();
    await eventually('dark paper', async () => (await paper()) !== light);

    await page.getByRole('radio', { name: 'UTC' }).check();
    await page.getByText(/^It is .* UTC$/).waitFor(WAIT);
    await page.getByLabel('Name').fill('tablet 1é');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('known as tablet1', { exact: true }).waitFor(WAIT);

    // The choice loads the page again.
    await page.getByRole('radio', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Einstellungen', level: 1 }).waitFor(WAIT);
    assert.equal(await page.getByRole('radio', { name: 'Dunkel' }).isChecked(), true, 'it is remembered');
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    assert.equal(await page.getByLabel('Name').inputValue(), 'tablet1');
    assert.deepEqual(troubles, []);
  });
});
