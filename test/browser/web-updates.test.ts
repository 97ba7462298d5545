import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { untilFits } from '../harness/calm-page.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 60_000 };
/** Long enough to inject a fault on a busy machine while the update is at its gate. */
const GATE_SEC = 20;

suite('the pages of updates', { skip: browserMissing, timeout: 300_000 }, () => {
  let scene: DemoScene;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let watched: WatchedPage;
  /** Folder for artifacts of the demo. */
  let incoming: string;

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const state = (text: string) => page.locator('.update-head').getByText(text, { exact: true });
  const perform = async (action: string, confirmed: string, title: string) => {
    await button(action).click();
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByRole('button', { name: confirmed, exact: true }).click();
    await dialog.waitFor({ state: 'hidden', ...WAIT });
  };
  const inUse = async () => (await scene.get('/health')).body['x-medkit-updates'].in_use;
  /** The page knows the state a moment earlier than `/health`, which reuses its result for a while. */
  const untilInUse = (id: string) => eventually(`${id} in use`, async () => (await inUse()) === id);
  /** Packs and signs an update with one program. */
  const pack = async (id: string, version: string) => {
    const folder = join(incoming, id);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', 'run'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    const key = join(dirname(incoming), 'signing-key.pem');
    const args = ['--id', id, '--version', version, '--target', 'amr', '--key', key];
    const { code, errors } = await scene.sandbox.run(['update', 'pack', folder, ...args]);
    assert.equal(code, 0, errors);
    return folder;
  };
  const registerArtifact = async (id: string) => {
    await page.goto(`${scene.url}/updates`);
    await button(`Register ${id}`).click();
  };

  before(async () => {
    scene = await DemoScene.open([], { environment: { MEDKIT_UPDATES_GATE_SEC: String(GATE_SEC) } });
    incoming = await scene.medkit.printed(/^ +Updates +(\S+)$/m);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${scene.url}/updates`, { mayFail: /status of 400/ });
    page = watched.page;
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  test('check 33: a signed artifact is registered, prepared and executed, with a countdown at its gate', async () => {
    await page.getByText('No updates are registered').waitFor(WAIT);
    await button('Register navigation-2.1.0').click();
    const dialog = page.getByRole('dialog', { name: 'Register navigation-2.1.0' });
    assert.equal(await dialog.getByLabel('Version').inputValue(), '2.1.0');
    await assertAccessible(page, 'the form of an update');
    await dialog.getByLabel('Updated entities').selectOption({ label: 'Navigation' });
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'navigation-2.1.0' }).waitFor(WAIT);
    const { body } = await scene.get('/updates/navigation-2.1.0');
    assert.deepEqual([body.version, body.updated_components], ['2.1.0', ['navigation']]);

    await button('Prepare').click();
    await state('prepared').waitFor(WAIT);
    const prepared = page.getByRole('region', { name: 'Prepare' }).getByRole('listitem');
    for (const name of ['Signature', 'Digest of every file']) {
      await prepared.filter({ hasText: name }).getByText('done', { exact: true }).waitFor(WAIT);
    }
    assert.equal(await inUse(), undefined);

    await perform('Execute…', 'Execute update', 'Execute navigation-2.1.0');
    const left = page.getByText(/^\d+ s left: no fault so far$/);
    const first = Number.parseInt(await left.innerText(WAIT), 10);
    assert.ok(first <= GATE_SEC, `${first} s left`);
    await eventually('the seconds fall', async () => Number.parseInt(await left.innerText(), 10) < first);
    await state('in use').waitFor(WAIT);
    await untilInUse('navigation-2.1.0');
    await page.getByText('The release in use cannot be deleted.').waitFor(WAIT);
    await assertAccessible(page, 'an update in use');
  });

  test('check 33: an artifact with a changed file is refused by its digest, and nothing else changes', async () => {
    appendFileSync(join(await pack('navigation-2.1.1', '2.1.1'), 'bin', 'run'), 'rm -rf /\n');
    await registerArtifact('navigation-2.1.1');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Id', { exact: true }).fill('navigation-2.1.0');
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    await dialog
      .getByRole('alert')
      .getByText(/already exists: /)
      .waitFor(WAIT);
    await dialog.getByLabel('Id', { exact: true }).fill('navigation-2.1.1');
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    await button('Prepare').click();
    await state('refused').waitFor(WAIT);
    const problem = page.getByRole('region', { name: 'Refused. Nothing on the robot has changed.' });
    await problem.getByText('digest', { exact: true }).waitFor(WAIT);
    await problem.getByText(/bin\/run/).waitFor(WAIT);
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Digest of every file' })
      .getByText('failed')
      .first()
      .waitFor(WAIT);
    assert.equal(await inUse(), 'navigation-2.1.0');
    await perform('Delete…', 'Delete update', 'Delete navigation-2.1.1');
    await page.getByRole('row', { name: /navigation-2\.1\.0.*in use.*signature.*digest/ }).waitFor(WAIT);
    assert.equal((await scene.get('/updates/navigation-2.1.1')).status, 404);
  });

  test('a user returns to an earlier release; a fault at its gate changes back, with a link to the incident', async () => {
    await pack('navigation-2.2.0', '2.2.0');
    await registerArtifact('navigation-2.2.0');
    await page.getByLabel('Allow preparing and executing in one step').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Register', exact: true }).click();
    await perform('Prepare and execute…', 'Prepare and execute', 'Prepare and execute navigation-2.2.0');
    await state('in use').waitFor(WAIT);
    await scene.waitForApps(['lidar_driver', 'bt_navigator']);
    await scene.untilDriving();

    await page.goto(`${scene.url}/updates/navigation-2.1.0`);
    await state('installed earlier').waitFor(WAIT);
    await perform('Roll back to this release…', 'Roll back', 'Roll back to navigation-2.1.0');
    await page.getByText(/s left: no fault so far/).waitFor(WAIT);
    assert.equal((await scene.command('inject', 'obstacle')).code, 0);
    await state('rolled back').waitFor(WAIT);
    const problem = page.getByRole('region', { name: 'Rolled back to navigation-2.2.0' });
    await problem.getByText('A fault was confirmed at the gate.').waitFor(WAIT);
    await untilInUse('navigation-2.2.0');
    await assertAccessible(page, 'a rolled back update');
    await page.setViewportSize({ width: 390, height: 844 });
    const hostile = '<img src=x onerror="document.title=1">\u202Egnp.exe';
    const names = { update_name: hostile, version: 'x'.repeat(4000), updated_components: [hostile] };
    assert.equal((await scene.request('POST', '/updates', { id: 'hostile', ...names })).status, 201);
    for (const path of ['/updates/navigation-2.1.0', '/updates', '/updates/hostile']) {
      await page.goto(`${scene.url}${path}`);
      await page
        .getByText(path === '/updates/navigation-2.1.0' ? 'rolled back' : hostile)
        .first()
        .waitFor(WAIT);
      assert.equal(await page.locator('img').count(), 0);
      await untilFits(page, path, 390);
    }
    await page.goto(`${scene.url}/updates/navigation-2.1.0`);
    assert.deepEqual(watched.troubles, []);
    await problem
      .getByRole('link', { name: /^Incident of / })
      .first()
      .click();
    await page.waitForURL(/\/incidents\/inc_/, WAIT);
  });

  test('a viewer sees the empty list and cannot register; without settings the page names them', async () => {
    await using sandbox = new Sandbox();
    const open = async (name: string, settings: string) => {
      const config = join(sandbox.folder, `${name}.yaml`);
      writeFileSync(
        config,
        `ros: {enabled: false}\nserver: {port: 0}\ndata_dir: ${sandbox.folder}/${name}\n${settings}`,
      );
      return sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
    };
    const secret = 'a-secret-of-the-dashboard';
    const auth = `auth: {enabled: true, require_auth_for: all, clients: ["dashboard:${secret}:viewer"]}`;
    const updates = `updates: {dir: ${sandbox.folder}}`;
    const [off, guarded] = await Promise.all([open('off', ''), open('guarded', `${auth}\n${updates}\n`)]);
    await page.goto(`${off}/updates`);
    await page.getByText('Updates are off').waitFor(WAIT);
    await page.getByText(/set updates\.dir and updates\.trusted_keys/).waitFor(WAIT);

    const reply = await fetch(`${guarded}/api/v1/auth/authorize`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'dashboard', client_secret: secret }),
    });
    const { access_token } = (await reply.json()) as { access_token: string };
    const viewer = await browser.context.newPage();
    await viewer.addInitScript(`sessionStorage.setItem('medkit.token', ${JSON.stringify(access_token)})`);
    await viewer.goto(`${guarded}/updates`);
    await viewer.getByText('No updates yet').waitFor(WAIT);
    await viewer.getByText('Your role does not allow this').waitFor(WAIT);
    assert.equal(await viewer.getByRole('button', { name: 'Register update' }).isDisabled(), true);
    await viewer.getByText('Every update is refused').waitFor(WAIT);
  });
});
