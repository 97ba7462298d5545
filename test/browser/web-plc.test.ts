import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { PlcGateway } from '../opcua/plc-gateway.ts';

/** Generous for a busy machine. */
const SLOW_MS = 30_000;

let plc: PlcGateway;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
let watched: WatchedPage;

const open = (path: string) => page.goto(`${plc.url}${path}`);
const untilVisible = (locator: Locator) => locator.first().waitFor({ timeout: SLOW_MS });

suite('the pages of the entities of a PLC', { skip: browserMissing }, () => {
  before(async () => {
    plc = await PlcGateway.open();
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, plc.url);
    page = watched.page;
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await plc[Symbol.asyncDispose]();
  });

  test('show each value with the unit that the node map gives it: in the list, alone, and as a curve', async () => {
    await open('/apps/tank/data');
    await untilVisible(page.getByRole('row', { name: 'Level' }).getByText(/^\d+(\.\d+)? mm$/));
    await untilVisible(page.getByRole('row', { name: 'Pressure' }).getByText(/^\d+(\.\d+)? bar$/));
    await open('/apps/pump/data/speed');
    await untilVisible(page.getByText(/^\d+(\.\d+)? %$/));
    await open('/plot?s=apps/pump/data/speed');
    await untilVisible(page.getByText(/\d %/));
  });

  test('accept a setpoint within its range, and write it to the PLC', async () => {
    await open('/apps/pump/operations/set_speed_setpoint');
    const value = page.getByLabel('value');
    const execute = page.getByRole('button', { name: 'Execute…' });
    await untilVisible(page.getByText('In %'));
    await value.fill('180');
    await execute.click();
    await untilVisible(page.getByRole('alert').getByText('Must be 0 to 100'));
    await value.fill('62.5');
    await execute.click();
    const dialog = page.getByRole('dialog', { name: 'Execute Set Speed that is asked for of pump' });
    await dialog.getByRole('button', { name: 'Execute', exact: true }).click();
    await untilVisible(page.getByRole('status').getByText('62.5'));
    await eventually('the PLC has it', async () => {
      return (await plc.get('/apps/pump/data/speed_setpoint')).data === 62.5;
    });
  });

  test('caused no errors or foreign requests', () => {
    assert.deepEqual(watched.troubles, []);
  });
});
