import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { app, component } from '@medkit/core/testing';
import { realGateway } from '../federation/real-gateway.ts';
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
    assert.equal(await page.locator('#tree').getByText('Scanner driver', { exact: true }).count(), 1);

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

  test('the page at / tells of faults, is green only without any, and fits a phone', { timeout: 120_000 }, async () => {
    await using demo = await startDemo();
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.setViewportSize({ width: 390, height: 844 });
    const width = () => page.evaluate<number>('document.documentElement.scrollWidth');
    await page.goto(demo.url);
    await page.locator('#state.live').getByText('no fault known').waitFor({ timeout: 20_000 });
    assert.equal(await page.locator('#faults').isVisible(), false);
    assert.ok((await width()) <= 390, `it is ${await width()} px wide`);

    const rule = { data_name: '/voltage', operator: '>', threshold: 0, fault_code: 'DEMO_FAULT', severity: 'ERROR' };
    const made = await fetch(`${demo.url}/api/v1/apps/battery_monitor/fault-triggers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    });
    assert.equal(made.status, 201, await made.text());
    await page.locator('#state.faulty').getByText('1 confirmed fault').waitFor({ timeout: 20_000 });
    assert.equal(await page.locator('#state.live').count(), 0);
    await page.locator('#faults').getByText('DEMO_FAULT', { exact: true }).click();
    await page.getByText('/api/v1/apps/battery_monitor/faults/DEMO_FAULT').waitFor({ timeout: 20_000 });
    assert.ok((await width()) <= 390, `with a fault it is ${await width()} px wide`);

    await page.route('**/api/v1/**', (route) => route.abort());
    await page.locator('#state.lost').getByText('what is shown is old').waitFor({ timeout: 20_000 });
  });

  test('the page at / shows whose the entities of another gateway are, and that it has gone', {
    timeout: 120_000,
  }, async () => {
    const declared = { source: 'manifest' } as const;
    const robot = {
      components: [component('base', declared)],
      apps: [app('gripper', { componentId: 'base', ...declared })],
    };
    const arm = await realGateway({ instance: 'arm', robot });
    await using cell = await realGateway({
      instance: 'cell',
      robot: { apps: [app('planner')] },
      peers: { arm: arm.url },
    });
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(cell.url);
    await page
      .locator('#gateways .online')
      .getByText('arm', { exact: true })
      .waitFor({ timeout: 20_000 })
      .finally(arm.close);
    await page.locator('#gateways .offline').getByText('not heard since').waitFor({ timeout: 20_000 });
    await page.locator('#tree .offline').getByText('gripper · arm').waitFor({ timeout: 20_000 });
  });
});
