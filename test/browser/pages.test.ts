import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { startDemo } from '../harness/demo.ts';

suite('what a browser shows', { skip: browserMissing }, () => {
  test('the page at / shows the live tree, and Swagger UI the operations', { timeout: 120_000 }, async () => {
    await using demo = await startDemo();
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));

    await page.goto(demo.url);
    await page.getByText('Scanner driver').first().waitFor({ timeout: 20_000 });
    await page.getByText('See the surroundings').first().waitFor({ timeout: 20_000 });
    assert.match(await page.innerText('body'), /curl /, 'the next things to try are shown');

    for (const path of ['/docs', '/api/v1/swagger-ui']) {
      await page.goto(`${demo.url}${path}`);
      await page
        .getByText('listApps')
        .or(page.getByText('/apps', { exact: true }))
        .first()
        .waitFor({ timeout: 20_000 });
    }
    assert.deepEqual(troubles, []);
  });
});
