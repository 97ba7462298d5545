import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';

/** Numbers in test names are those of the checks in the design of the pages. */
const WAIT = { timeout: 30_000 };
const APP = '/apps/battery_monitor';
const TRY = 'Try on the recordings of the last 30 days';

/** Starts a webhook receiver on this machine; `types` are the types of the received events. */
async function startReceiver() {
  const types: string[] = [];
  const server: Server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    types.push(JSON.parse(text).type);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, types, close: () => server.close() };
}

suite('triggers and fault rules', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: DemoScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let watched: WatchedPage;
  let page: Page;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;

  before(async () => {
    receiver = await startReceiver();
    scene = await DemoScene.open();
    await scene.waitForApps(['battery_monitor']);
    browser = await openBrowser();
    // The gateway has no history of the voltage; a deleted trigger is no longer found.
    watched = await openWatchedPage(browser.context, `${scene.url}/triggers`, { mayFail: /status of (?:404|409)/ });
    page = watched.page;
  });
  after(async () => {
    receiver?.close();
    await browser?.[Symbol.asyncDispose]();
    await scene?.[Symbol.asyncDispose]();
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const chooseVoltage = async (): Promise<void> => {
    await page.getByLabel('Search for').fill('voltage');
    await page.getByRole('list', { name: 'Matching resources' }).getByRole('button', { name: 'voltage' }).click(WAIT);
    await page.locator('.trigger-now', { hasText: /^\d+\.\d+ V$/ }).waitFor(WAIT);
  };
  const verdict = (text: string) =>
    page.getByRole('region', { name: 'Preview' }).getByText(text, { exact: true }).waitFor(WAIT);

  test('check 31: a trigger on the voltage is created with a preview, tested, fires once, and its webhook is delivered', async () => {
    await page.goto(`${scene.url}/triggers?entity=apps/battery_monitor`);
    await page.getByText('No triggers yet').waitFor(WAIT);
    await page.getByRole('link', { name: 'Show all' }).click();
    await page.getByRole('grid', { name: 'Triggers' }).getByText('fault status').waitFor(WAIT);
    await page.getByRole('link', { name: 'New trigger' }).click();
    await button('Create trigger').click();
    await page.getByRole('alert').getByText('Choose what to observe').waitFor(WAIT);
    await chooseVoltage();
    await page.getByLabel('From (V)').fill('0');
    await page.getByLabel('To (V)').fill('22');
    await verdict('Not true now');
    await page.getByLabel('Webhook').check();
    await button('Create trigger').click();
    await page.getByText('Enter a value').waitFor(WAIT);
    await page.getByLabel('Address of the receiver').fill(receiver.url);
    await page.getByText(/When voltage of Battery monitor enters 0 … 22 V, every time/).waitFor(WAIT);
    await button('Create trigger').click();
    await page.getByRole('heading', { level: 1, name: 'voltage enters 0 … 22 V' }).waitFor(WAIT);

    const [trigger] = (await scene.get(`${APP}/triggers`)).body.items;
    assert.deepEqual(trigger.trigger_condition, { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 });
    assert.deepEqual([trigger.protocol, trigger.multishot, trigger.persistent], ['webhook', true, true]);
    assert.equal(new URL(page.url()).pathname, `${APP}/triggers/${trigger.id}`);

    await button('Send a test event').click();
    await page.getByText(/^Test event delivered in .*: HTTP 204$/).waitFor(WAIT);
    assert.deepEqual(receiver.types, ['medkit.trigger.test']);

    await page.getByText('No events yet').waitFor(WAIT);
    assert.equal((await scene.command('inject', 'battery')).code, 0);
    const events = page.getByRole('grid', { name: 'Events' });
    await events.getByText(/^2[01]\.\d+ V$/).waitFor({ timeout: 60_000 });
    await page.getByText('1 time', { exact: true }).waitFor(WAIT);
    assert.equal((await scene.get(`${APP}/triggers/${trigger.id}`)).body['x-medkit'].fired_total, 1);
    await verdictOfPage('True now');
    await eventually('the event is delivered', async () => receiver.types.includes('medkit.trigger.fired'));
    const deliveries = page.getByRole('region', { name: 'Webhook deliveries' });
    await deliveries.getByText('delivering').waitFor(WAIT);
    await eventually('the delivery is counted', async () => /Delivered\s*1/.test(await deliveries.innerText()));
    await events.getByText(/^2[01]\.\d+ V$/).click();
    await page
      .getByRole('dialog', { name: 'Event 1' })
      .getByText(/^2[01]\.\d+$/)
      .waitFor(WAIT);
    await button('Close').click();
  });

  const verdictOfPage = (text: string) =>
    page.getByRole('region', { name: 'Now' }).getByText(text, { exact: true }).waitFor(WAIT);

  test('a lock of another client disables the actions; then the lifetime is changed and the trigger is deleted', async () => {
    const [{ id }] = (await scene.get(`${APP}/triggers`)).body.items;
    const headers = { 'Content-Type': 'application/json', 'X-Client-Id': 'engineer-alice' };
    const locks = `${scene.url}/api/v1${APP}/locks`;
    const body = JSON.stringify({ lock_expiration: 300 });
    const lock = (await (await fetch(locks, { method: 'POST', headers, body })).json()) as { readonly id: string };
    await page
      .getByText(/engineer-alice/)
      .first()
      .waitFor(WAIT);
    await eventually('deleting is disabled', () => button('Delete…').isDisabled());
    assert.equal((await fetch(`${locks}/${lock.id}`, { method: 'DELETE', headers })).status, 204);

    await button('Change lifetime…').click(WAIT);
    await page.getByRole('dialog').getByLabel('Lifetime').selectOption('1 hour');
    await button('Save').click();
    await page.getByRole('dialog').waitFor({ ...WAIT, state: 'hidden' });
    assert.equal((await scene.get(`${APP}/triggers/${id}`)).body.lifetime, 3600);

    await button('Delete…').click();
    const dialog = page.getByRole('dialog', { name: `Delete ${id} of battery_monitor` });
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('grid', { name: 'Triggers' }).getByText('fault status').waitFor(WAIT);
    assert.deepEqual((await scene.get(`${APP}/triggers`)).body.items, []);
  });

  test('a fault rule is created with a preview, raises its fault, and is tried with another threshold', async () => {
    await page.getByRole('link', { name: /^Fault rules/ }).click();
    await page.getByText('No fault rules yet').waitFor(WAIT);
    await page.getByRole('link', { name: 'New fault rule' }).click();
    await chooseVoltage();
    await page.getByLabel('Threshold (V)').fill('50');
    await verdict('Not true now');
    await page.getByLabel('Raises the fault while the value is').selectOption('<');
    await verdict('True now');
    await page.getByLabel('Fault code').fill('a/b');
    await button('Create fault rule').click();
    await page.getByText('Use 1 to 128 letters').waitFor(WAIT);
    await page.getByLabel('Fault code').fill('VOLTAGE_RULE');
    await button('Create fault rule').click();
    const rules = page.getByRole('grid', { name: 'Fault rules' });
    await rules.getByText('fault active').waitFor(WAIT);
    await rules.getByText('< 50 V').waitFor(WAIT);
    await eventually('the fault is active', async () => (await scene.get(`${APP}/faults/VOLTAGE_RULE`)).status === 200);

    await eventually('a recording of the fault', async () => {
      const { body } = await scene.get(`${APP}/bulk-data/rosbags`);
      return body.items.some(({ id }: { readonly id: string }) => id.startsWith('fault_VOLTAGE_RULE'));
    });
    await rules.getByRole('button', { name: 'Try…' }).click();
    const trial = page.getByRole('dialog', { name: 'Try voltage < 50 V on recordings' });
    await trial.getByRole('button', { name: TRY }).click();
    await trial.getByText('Both at the same times.').waitFor(WAIT);
    await trial
      .getByText(/^fault_/)
      .first()
      .waitFor(WAIT);
    await trial.getByLabel('Threshold (V)').fill('1');
    await trial.getByText('Both at the same times.').waitFor({ ...WAIT, state: 'hidden' });
    await trial.getByRole('button', { name: TRY }).click();
    await trial.getByText('The rule would have fired 0 times.').waitFor(WAIT);
    await trial.getByText('The stored rule would have fired 1 time.').waitFor(WAIT);
    await trial.getByText('no longer', { exact: true }).waitFor(WAIT);
    await assertAccessible(page, 'the trial of a fault rule');
    await button('Close').click();
  });

  test('a new trigger and another condition of a stored one are tried on recordings; nothing is saved', async () => {
    await page.goto(`${scene.url}/triggers/new?entity=apps/battery_monitor&item=voltage`);
    const trial = page.getByRole('region', { name: 'Recordings' });
    await trial.getByText('Complete the rule to try it.').waitFor(WAIT);
    await page.getByLabel('Fires when the value').selectOption('changes');
    await trial.getByRole('button', { name: TRY }).click();
    await trial.getByText(/The rule would have fired [1-9]\d* times?\./).waitFor(WAIT);
    await trial.getByText(/[1-9]\d* recordings? from/).waitFor(WAIT);
    await assertAccessible(page, 'the trial of a new trigger');
    assert.deepEqual((await scene.get(`${APP}/triggers`)).body.items, []);

    const stored = {
      resource: `/api/v1${APP}/data/voltage`,
      trigger_condition: { condition_type: 'OnChange' },
      multishot: true,
    };
    const { body } = await scene.request('POST', `${APP}/triggers`, stored);
    await page.goto(`${scene.url}${APP}/triggers/${body.id}`);
    const now = page.getByRole('region', { name: 'Now' });
    await now.getByText('Try another condition on the recordings').click(WAIT);
    await page.getByLabel('Fires when the value').selectOption('becomes a value');
    await page.getByLabel('Value', { exact: true }).fill('-1');
    await now.getByRole('button', { name: TRY }).click();
    await now.getByText('The rule would have fired 0 times.').waitFor(WAIT);
    await now.getByText(/The stored rule would have fired [1-9]\d* times?\./).waitFor(WAIT);
    await page.setViewportSize({ width: 360, height: 740 });
    await untilFits(page, 'the trial of a condition', 360);
    await page.setViewportSize({ width: 1280, height: 720 });

    // Without a reply, the request lasts until the user leaves the page.
    await page.route('**/x-medkit-replay', () => undefined);
    await now.getByRole('button', { name: TRY }).click();
    await now.getByText('Running the recordings…').waitFor(WAIT);
    const ended = page.waitForEvent('requestfailed', {
      ...WAIT,
      predicate: (request) => request.url().endsWith('/x-medkit-replay'),
    });
    await page.getByRole('link', { name: 'Triggers' }).first().click();
    await ended;
    await page.unroute('**/x-medkit-replay');
    await scene.request('DELETE', `${APP}/triggers/${body.id}`);

    await page.goto(`${scene.url}/triggers/new?entity=apps/battery_monitor&resource=faults`);
    await trial.getByText(/Recordings contain values only/).waitFor(WAIT);
  });

  test('a fault rule is deleted with its fault', async () => {
    await page.goto(`${scene.url}/triggers?tab=rules`);
    const rules = page.getByRole('grid', { name: 'Fault rules' });
    await rules.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByText('VOLTAGE_RULE').waitFor(WAIT);
    await button('Delete').click();
    await page.getByText('No fault rules yet').waitFor(WAIT);
    assert.deepEqual((await scene.get(`${APP}/fault-triggers`)).body.items, []);
  });

  test('names and values from any client are shown as text and fit a phone', async () => {
    const hostile = '<img src=x onerror="document.title=1">\u202Egnp.exe';
    const conditions = [hostile, 'x'.repeat(4000)].map((target_value) => ({
      condition_type: 'OnChangeTo',
      target_value,
    }));
    for (const trigger_condition of conditions) {
      const resource = `/api/v1${APP}/faults/${encodeURIComponent(hostile)}`;
      const { status } = await scene.request('POST', `${APP}/triggers`, {
        resource,
        trigger_condition,
        path: '/status',
      });
      assert.equal(status, 201);
    }
    const [{ id }] = (await scene.get(`${APP}/triggers`)).body.items;
    await page.setViewportSize({ width: 360, height: 800 });
    const target = `/triggers/new?entity=apps/battery_monitor&resource=faults&item=${encodeURIComponent(hostile)}`;
    for (const path of ['/triggers', `${APP}/triggers/${id}`, target, '/triggers?entity=apps/battery_monitor']) {
      await page.goto(`${scene.url}${path}`);
      await page.getByText('<img src=x').or(page.locator('input[value*="<img"]')).first().waitFor(WAIT);
      assert.equal(await page.locator('img, script:not([src])').count(), 0, path);
      await untilFits(page, path, 360);
      await assertAccessible(page, path);
    }
    await page.getByLabel('Search').fill('gnp.exe');
    await page.waitForURL(/q=gnp/, WAIT);
    await page.getByText('2 triggers', { exact: true }).waitFor(WAIT);
    await page.getByLabel('Search').fill('nothing-like-this');
    await page.getByText('No trigger matches the filters.').waitFor(WAIT);
  });

  test('the pages caused no errors or requests to other hosts', () => {
    assert.deepEqual(watched.troubles, []);
  });
});
