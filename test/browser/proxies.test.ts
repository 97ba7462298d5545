import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { type Certificate, makeCertificate } from '../harness/certificates.ts';
import { startDemo } from '../harness/demo.ts';
import { PROXIES, startProxy } from '../harness/reverse-proxy.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { openWatchedPage } from '../harness/watched-page.ts';

const WAIT = { timeout: 30_000 };
const LOCK = '/api/v1/apps/lidar_driver/locks';

suite('a gateway behind a proxy of the guide', {
  skip: browserMissing ?? missingSystemPackages('proxies'),
  timeout: 300_000,
}, () => {
  let folder: string;
  let certificate: Certificate;
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'medkit-proxy-'));
    certificate = makeCertificate({ folder, name: 'proxy', subject: 'DNS:localhost' });
    demo = await startDemo('--set', 'server.trusted_proxies=127.0.0.1');
    browser = await openBrowser('--ignore-certificate-errors');
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await demo?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const proxyOf = (name: (typeof PROXIES)[number], block = 0) =>
    startProxy({ name, block, folder, certificate, gateway: new URL(demo.url).host });

  test('nginx in its shortest form: the pages show the robot', async () => {
    await using proxy = await proxyOf('nginx', 1);
    const { page, troubles } = await openWatchedPage(browser.context, `${proxy.url}/incidents`);
    await page.getByRole('navigation').getByRole('link', { name: 'Home', exact: true }).first().click(WAIT);
    await page.getByRole('link', { name: 'Scanner driver' }).waitFor(WAIT);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  for (const name of PROXIES) {
    test(`${name} with a path: pages, live values, changes and Swagger UI work below it`, async () => {
      await using proxy = await proxyOf(name);
      const root = `${proxy.url}/robot-7`;
      const { page, troubles } = await openWatchedPage(browser.context, `${root}/incidents`);
      page.on('request', (request) => {
        if (!request.url().startsWith(`${root}/`)) troubles.push(`asked for ${request.url()}`);
      });
      const follow = (link: string) =>
        page.getByRole('navigation').getByRole('link', { name: link, exact: true }).first().click(WAIT);
      await follow('Home');
      await page.getByRole('link', { name: 'Scanner driver' }).click(WAIT);
      await page.waitForURL(`${root}/apps/lidar_driver`, WAIT);
      await page.getByRole('link', { name: /^Data/ }).click(WAIT);
      await page.locator('main td').first().waitFor(WAIT);
      await page.reload();
      await page.locator('main td').first().waitFor(WAIT);
      await page.goBack();
      await page.waitForURL(`${root}/apps/lidar_driver`, WAIT);

      const [status, location, found] = await page.evaluate(async (address) => {
        const headers = { 'content-type': 'application/json', 'x-client-id': 'proxy-test' };
        const made = await fetch(address, { method: 'POST', headers, body: '{"lock_expiration":60}' });
        const at = made.headers.get('location') ?? '';
        const fetched = await fetch(at);
        await fetch(at, { method: 'DELETE', headers });
        return [made.status, at, fetched.status] as const;
      }, `/robot-7${LOCK}`);
      assert.deepEqual([status, found], [201, 200], location);
      assert.ok(location.startsWith(`/robot-7${LOCK}/`), location);

      await page.goto(`${root}/docs`);
      await page.locator('.opblock').first().waitFor(WAIT);
      assert.equal(await page.locator('.servers option').first().getAttribute('value'), `${root}/api/v1`);
      assert.deepEqual(troubles, []);
      await page.close();
    });
  }
});
