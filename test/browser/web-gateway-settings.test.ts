import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };
const MARKER = 'canary0123456789abcdef';
const PASSWORD = 'tin roof, rain, Tuesday';
const HOSTILE = '<img src=x onerror="document.title=1"></script>';

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** Starts a gateway without a robot, with these further settings. */
async function startGateway(sandbox: Sandbox, settings: readonly string[]) {
  const config = join(sandbox.folder, 'medkit.yaml');
  const all = ['ros.enabled: false', 'server.port: 0', `data_dir: ${sandbox.folder}/data`, ...settings];
  writeFileSync(config, all.join('\n'));
  const medkit = sandbox.start(['up', '--config', config, '--set', 'audit.max_requests=0']);
  return { url: await medkit.printed(/^ +Page +(\S+)\/$/m), config };
}

suite('the page of the gateway settings', { skip: browserMissing, timeout: 300_000 }, () => {
  test('lists every setting with its value and source, filters them, and hides secrets', async () => {
    await using sandbox = new Sandbox();
    const { url, config } = await startGateway(sandbox, [
      `notify.heartbeat_url: http://127.0.0.1:9/${MARKER}`,
      `logs.sinks.loki.url: http://me:${MARKER}@127.0.0.1:9/`,
      `incidents.robot: ${JSON.stringify(HOSTILE)}`,
      'cors.allowed_origins: ["http://a.example", "http://a.example", "http://b.example"]',
      'server.prot: 1',
    ]);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/gateway-settings`);
    await page.getByRole('heading', { level: 1, name: 'Gateway settings' }).waitFor(WAIT);
    assert.match(await page.title(), /medkit$/);
    await page.getByText(config).first().waitFor(WAIT);
    await page.getByText('SIGHUP').waitFor(WAIT);
    await region(page, 'TLS').getByText('off: the gateway serves HTTP').waitFor(WAIT);
    await region(page, 'Logs').getByText('http://…@127.0.0.1:9/').waitFor(WAIT);
    const retention = region(page, 'Retention');
    await retention.getByText('Requests in the audit log').waitFor(WAIT);
    await retention.getByText('unlimited').first().waitFor(WAIT);
    await region(page, 'Remarks').getByText('Did you mean server.port?').waitFor(WAIT);
    await assertAccessible(page, 'all settings');

    await page.getByLabel('Show').selectOption('Changed only');
    await rowOf(page, 'audit.max_requests').getByText('--set audit.max_requests').waitFor(WAIT);
    await rowOf(page, 'incidents.robot').getByText(HOSTILE).waitFor(WAIT);
    await rowOf(page, 'notify.heartbeat_url').getByText('set, not shown').waitFor(WAIT);
    await rowOf(page, 'sse.max_clients').waitFor({ ...WAIT, state: 'detached' });
    assert.equal(await page.locator('main img').count(), 0);
    assert.ok(!(await page.content()).includes(MARKER));
    await page.getByLabel('Show').selectOption('All');
    await page.getByLabel('Search').fill('sse clients');
    await rowOf(page, 'sse.max_clients').getByText('default').waitFor(WAIT);
    await page.getByLabel('Search').fill('no such setting at all');
    await page.getByText('No setting matches these filters').waitFor(WAIT);

    await page.getByLabel('Search').fill('cors.allowed_origins');
    await rowOf(page, 'cors.allowed_origins').click();
    const dialog = page.getByRole('dialog', { name: 'cors.allowed_origins' });
    await dialog.getByText('http://b.example').waitFor(WAIT);
    assert.equal(await dialog.getByText('http://a.example').count(), 2);
    await assertAccessible(page, 'one setting');
    await page.keyboard.press('Escape');

    writeFileSync(config, 'server.port: 8099\n');
    await page.reload();
    await page.getByText('The configuration file was changed or removed after the start').waitFor(WAIT);
    await page.setViewportSize({ width: 360, height: 700 });
    await page.getByLabel('Search').fill('');
    await page.getByText(/^\d{3} settings$/).waitFor(WAIT);
    await page.getByText('Effect on faults').click();
    await page.getByText('Faults are stored in').waitFor(WAIT);
    await untilFits(page, 'the gateway settings', 360);
    await assertAccessible(page, 'on a phone');
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme, forcedColors: scheme === 'light' ? 'active' : 'none' });
      await assertAccessible(page, scheme);
    }
    assert.deepEqual(troubles, []);
  });

  test('shows the certificate and its expiry with HTTPS', async () => {
    await using sandbox = new Sandbox();
    const { url } = await startGateway(sandbox, ['server.tls: {enabled: true, self_signed: true}']);
    await using browser = await openBrowser('--ignore-certificate-errors');
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/gateway-settings`);
    const tls = region(page, 'TLS');
    await tls.getByText('generated by this gateway').waitFor(WAIT);
    await tls.getByText('Valid until').waitFor(WAIT);
    await region(page, 'Remarks').getByText('Every entry of the configuration takes effect as written').waitFor(WAIT);
    await assertAccessible(page, 'with HTTPS');
    assert.deepEqual(troubles, []);
  });

  test('shows no setting to a user who is not an administrator', async () => {
    await using sandbox = new Sandbox();
    const { url } = await startGateway(sandbox, [
      'auth: {enabled: true, require_auth_for: all}',
      `server.token: ${MARKER}`,
    ]);
    const reply = await fetch(`${url}/api/v1/auth/users`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${MARKER}` },
      body: JSON.stringify({ name: 'bob', role: 'configurator', password: PASSWORD }),
    });
    assert.equal(reply.status, 201, await reply.text());
    await using browser = await openBrowser();
    const address = `${url}/sign-in?next=/gateway-settings`;
    const { page, troubles } = await openWatchedPage(browser.context, address, { mayFail: /status of 4\d\d/ });
    const form = page.getByRole('form', { name: 'With a name' });
    await form.getByLabel('Name').fill('bob');
    await form.getByLabel('Password').fill(PASSWORD);
    await form.getByRole('button').click();
    await page.getByText('Only an administrator can see the settings of the gateway').waitFor(WAIT);
    assert.equal(await page.getByText('server.port').count(), 0);
    await assertAccessible(page, 'not an administrator');
    assert.deepEqual(troubles, []);
  });
});
