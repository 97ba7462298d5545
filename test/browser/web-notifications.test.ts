import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };
const APP = '/apps/filling_station';
const PLUGIN = join(import.meta.dirname, '..', '..', 'examples', 'custom-plugin', 'plugin.ts');
const HOSTILE = '<img src=x onerror="document.title=1">\u202Egnp.exe';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** A receiver on loopback that rejects each event for good with a hostile text, until it accepts. */
async function openReceiver() {
  const taken: { readonly path: string; readonly id: string; readonly body: Json }[] = [];
  const state = { accepts: false };
  const server = createServer(async (request, reply) => {
    let text = '';
    for await (const part of request) text += part;
    const id = String(request.headers['webhook-id'] ?? '');
    if (state.accepts) taken.push({ path: request.url ?? '', id, body: JSON.parse(text) });
    reply.writeHead(state.accepts ? 200 : 410).end(state.accepts ? 'thank you' : HOSTILE);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, taken, state, [Symbol.dispose]: () => server.close() };
}

/** Starts a gateway without ROS whose tank runs low after 16 s, with these further settings. */
async function startStation(sandbox: Sandbox, settings: string) {
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(
    config,
    `ros.enabled: false
server.port: 0
data_dir: ${sandbox.folder}/data
plugins: [filling-station]
plugins.filling-station.path: ${PLUGIN}
plugins.filling-station.tank_l: 10
plugins.filling-station.low_l: 2
${settings}`,
  );
  const medkit = sandbox.start(['up', '--config', config]);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
  const ask = async (path: string, method = 'GET', body?: object): Promise<Json> => {
    const headers = { 'Content-Type': 'application/json' };
    const reply = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await reply.text();
    return text === '' ? {} : JSON.parse(text);
  };
  return { url, ask };
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

suite('the page of notifications', { skip: browserMissing, timeout: 300_000 }, () => {
  test('shows how to configure receivers and webhooks, and how to enable disabled webhooks', async () => {
    await using sandbox = new Sandbox();
    await using other = new Sandbox();
    const [{ url }, { url: disabled }] = await Promise.all([
      startStation(sandbox, ''),
      startStation(other, 'webhooks.enabled: false\n'),
    ]);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/notifications`);
    const targets = region(page, 'Webhook targets');
    await region(page, 'Receivers').getByText('notify.receivers:').waitFor(WAIT);
    await targets.getByText('webhooks.allowed_targets:').waitFor(WAIT);
    assert.equal(await region(page, 'Deliveries').count(), 0);
    await assertAccessible(page, 'without receivers');
    assert.deepEqual(troubles, []);
    await page.goto(`${disabled}/notifications`);
    await targets.getByText('webhooks.enabled: true').waitFor(WAIT);
    assert.equal(await page.getByRole('button', { name: 'Test a webhook' }).count(), 0);
  });

  test('tests receivers and webhooks, filters deliveries, and redelivers and deletes dead letters', async () => {
    using receiver = await openReceiver();
    await using sandbox = new Sandbox();
    const { url, ask } = await startStation(
      sandbox,
      `webhooks.allowed_targets: [127.0.0.1]
notify.receivers:
  - {name: oncall, type: webhook, url: "${receiver.url}/oncall", severity: info}
  - {name: office, type: slack, url: "http://127.0.0.1:9/secret", severity: critical, after_min: 15}
`,
    );
    await eventually('the app', async () =>
      (await ask('/apps')).items.some(({ id }: Json) => id === 'filling_station'),
    );
    const addTrigger = async () => {
      const { id } = await ask(`${APP}/triggers`, 'POST', {
        resource: `/api/v1${APP}/faults/TANK_LOW`,
        trigger_condition: { condition_type: 'OnChangeTo', target_value: 'CONFIRMED' },
        ...{ multishot: true, persistent: true, lifetime: 3600 },
        protocol: 'webhook',
        webhook: { url: `${receiver.url}/hook`, secret: 'sixteen letters!' },
      });
      return `/api/v1${APP}/triggers/${id}`;
    };
    const sources = [await addTrigger(), await addTrigger()];
    const dead = async () => (await ask('/x-medkit-webhooks/deliveries?status=dead')).items;
    const deadOf = async (source: string) => (await dead()).find((item: Json) => item.source === source);
    const deadOfReceiver = async () => (await dead()).filter(({ origin }: Json) => origin === 'receiver:oncall');
    const [letter, other] = await eventually('dead letters of triggers and receiver', async () => {
      const letters = await Promise.all(sources.map(deadOf));
      return letters.every(Boolean) && (await deadOfReceiver()).length > 0 && letters;
    });

    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/notifications`, {
      mayFail: /status of 40[04]/,
    });
    const receivers = region(page, 'Receivers');
    const oncall = receivers.getByRole('row', { name: /oncall/ });
    await oncall.getByText('Failing').waitFor(WAIT);
    assert.match(await receivers.getByRole('row', { name: /office/ }).innerText(), /slack.*Critical.*after 15 min/s);
    assert.equal(await page.locator('img').count(), 0);

    // A test message arrives, and its result is shown; a receiver that cannot be reached does not hide it.
    receiver.state.accepts = true;
    await receivers.getByRole('button', { name: 'Test all' }).click();
    const result = receivers.getByRole('status', { name: 'Result of the test' });
    await result.getByText('Delivered', { exact: true }).waitFor(WAIT);
    await result.getByText('thank you').waitFor(WAIT);
    await result.getByText('Not delivered').waitFor(WAIT);
    assert.equal(receiver.taken.filter(({ path }) => path === '/oncall').length > 0, true);
    assert.ok(!(await page.content()).includes('/secret'), 'the address of a receiver is secret');

    // A webhook is tested with its address.
    const targets = region(page, 'Webhook targets');
    await targets.getByRole('button', { name: `Test ${receiver.url}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill(`${receiver.url}/tested`);
    await dialog.getByLabel('Header').fill('no header');
    await dialog.getByRole('button', { name: 'Send test event' }).click();
    await dialog.getByText('Write the header as Name: value').waitFor(WAIT);
    await dialog.getByLabel('Header').fill('Authorization: Bearer abc');
    await dialog.getByRole('button', { name: 'Send test event' }).click();
    await dialog.getByText('HTTP 200').waitFor(WAIT);
    assert.equal(receiver.taken.find(({ path }) => path === '/tested')?.body.type, 'medkit.webhook.test');
    await dialog.getByLabel('Address').fill('http://10.0.0.1/forbidden');
    await dialog.getByRole('button', { name: 'Send test event' }).click();
    await dialog
      .locator('.failure, .severity-2')
      .getByText(/10\.0\.0\.1/)
      .first()
      .waitFor(WAIT);
    await dialog.getByRole('button', { name: 'Close' }).click();

    // The filter and the open delivery are in the address.
    await targets
      .getByRole('row', { name: new RegExp(receiver.url) })
      .getByText(receiver.url)
      .click();
    await page.waitForURL(/target=\d+/, WAIT);
    const deliveries = region(page, 'Deliveries');
    await deliveries.getByLabel('State').selectOption('dead');
    await page.waitForURL(/status=dead/, WAIT);
    await deliveries.getByText(sources[0]!.replace('/api/v1', '')).first().click();
    await page.waitForURL(/delivery=\d+/, WAIT);
    await page.reload();
    await dialog.getByText(letter.message_id).waitFor(WAIT);
    await dialog.getByText('<img src=x').first().waitFor(WAIT);
    await dialog.getByText('specversion', { exact: true }).waitFor(WAIT);
    assert.equal(await page.locator('img').count(), 0);
    await assertAccessible(page, 'a dead letter');
    await page.setViewportSize({ width: 360, height: 740 });
    await untilFits(page, 'a dead letter', 360);

    // It is delivered again under the same id.
    await dialog.getByRole('button', { name: 'Redeliver' }).click();
    await eventually('it arrives', async () => receiver.taken.some(({ id }) => id === letter.message_id));
    await page.setViewportSize({ width: 1280, height: 900 });

    // Another is deleted after a confirmation that names it.
    await page.goto(`${url}/notifications?delivery=${other.id}`);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    const confirm = page.getByRole('dialog', { name: `Delete delivery ${other.id}` });
    await confirm.getByRole('button', { name: 'Delete' }).click();
    await eventually('it is deleted', async () => !(await dead()).some(({ id }: Json) => id === other.id));
    await page.goto(`${url}/notifications?delivery=${other.id}`);
    await dialog.getByText('no longer stored').waitFor(WAIT);
    await dialog.getByRole('button', { name: 'Close' }).click();
    assert.ok(!receiver.taken.some(({ id }) => id === other.message_id), 'the deleted event never arrives');

    // The rest is redelivered together.
    await page.getByRole('button', { name: /Redeliver \d+ dead letter/ }).click();
    await dialog.getByRole('button', { name: /Redeliver \d+ dead letter/ }).click();
    await eventually('the rest arrives', async () => (await dead()).length === 0);
    await deliveries.getByText('No delivery is waiting, and none has failed.').waitFor(WAIT);
    assert.deepEqual(troubles, []);
  });

  test('shows a viewer neither receivers nor deliveries', async () => {
    await using sandbox = new Sandbox();
    const { url } = await startStation(sandbox, 'auth: {enabled: true, require_auth_for: write}\n');
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/notifications`);
    await page.getByText('The permission "webhooks" is required').waitFor(WAIT);
    assert.equal(await region(page, 'Receivers').count(), 0);
    await page.setViewportSize({ width: 360, height: 740 });
    await untilFits(page, 'notifications of a viewer', 360);
    assert.deepEqual(troubles, []);
  });
});
