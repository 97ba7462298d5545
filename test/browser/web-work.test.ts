import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { DemoScene } from '../scenes/demo-scene.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };

const askAs = (url: string, client: string, path: string, body: unknown) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Client-Id': client },
    body: JSON.stringify(body),
  });

const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

suite('locks and executions of the robot', { skip: browserMissing, timeout: 240_000 }, () => {
  test('a lock of a colleague is taken over after its name was typed, extended and released', async () => {
    await using scene = await DemoScene.open();
    await scene.waitForApps(['bt_navigator', 'lidar_driver']);
    await using browser = await openBrowser();
    const { page, troubles } = await openWatchedPage(browser.context, `${scene.url}/locks`);
    await page.getByText('Nothing is locked').waitFor(WAIT);
    await assertAccessible(page, 'no locks');

    const locksOf = async () => (await scene.get('/x-medkit-locks')).body.items;
    const alice = 'engineer-alice<img/src=x>';
    const lock = { lock_expiration: 300, scopes: ['configurations'] };
    assert.equal((await askAs(scene.url, alice, '/components/navigation/locks', lock)).status, 201);
    // The live stream reports it: nothing is reloaded.
    await rowOf(page, alice).getByText('configurations').waitFor(WAIT);
    assert.equal(await page.locator('main img').count(), 0);
    await assertAccessible(page, 'a lock');
    await page.getByLabel('Holder').selectOption('You');
    await page.getByText('No lock matches these filters').waitFor(WAIT);
    await page.getByLabel('Holder').selectOption('All');

    await page.getByRole('button', { name: 'Take over… Take over the lock of navigation' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${alice} loses the lock immediately`).waitFor(WAIT);
    const take = dialog.getByRole('button', { name: 'Take over' });
    assert.equal(await take.isDisabled(), true);
    await dialog.getByLabel('Type navigation to confirm').fill('navigation');
    await take.click();
    // The dialog is in the row, too, and says "You hold it".
    await rowOf(page, 'navigation').getByText('you', { exact: true }).waitFor(WAIT);
    const [taken] = await locksOf();
    assert.match(taken.holder, /^web-/);
    assert.deepEqual(taken.scopes, ['configurations']);

    await page.getByRole('button', { name: 'Release: Release the lock of navigation' }).click();
    await page.getByText('Nothing is locked').waitFor(WAIT);
    assert.deepEqual(await locksOf(), []);
    assert.deepEqual(troubles, []);

    const pose = { pose: { header: { frame_id: 'map' }, pose: { position: { x: 15, y: 7.5 } } } };
    const started = await askAs(scene.url, 'fleet', '/apps/bt_navigator/operations/navigate_to_pose/executions', {
      parameters: pose,
    });
    assert.equal(started.status, 202);
    const { id } = (await started.json()) as { id: string };
    await page.goto(`${scene.url}/executions?state=running`);
    const goal = rowOf(page, 'navigate_to_pose');
    await goal.getByText('running').waitFor(WAIT);
    await assertAccessible(page, 'an execution');
    await goal.getByRole('button', { name: /Cancel navigate_to_pose of bt_navigator/ }).click();
    await dialog.getByRole('heading', { name: 'Cancel navigate_to_pose of bt_navigator' }).waitFor(WAIT);
    await dialog.getByRole('button', { name: 'Cancel execution' }).click();
    await eventually('the goal is cancelled', async () => {
      const { body } = await scene.get(`/apps/bt_navigator/operations/navigate_to_pose/executions/${id}`);
      return body['x-medkit']?.ros2_status === 'canceled';
    });
    await page.getByLabel('State').selectOption('Ended');
    await rowOf(page, 'navigate_to_pose').getByText('cancelled').first().waitFor(WAIT);
    await page.getByLabel('Kind').selectOption('Scripts');
    await page.getByText('No execution matches these filters').waitFor(WAIT);
    assert.deepEqual(troubles, []);
  });

  test('a viewer sees locks, executions and files, but cannot end, take over or upload any', async () => {
    await using sandbox = new Sandbox();
    const { url, admin, viewer } = await guardedRobot(sandbox);
    const asAdmin = { Authorization: `Bearer ${admin}`, 'Content-Type': 'application/json', 'X-Client-Id': 'jan' };
    const api = `${url}/api/v1`;
    const post = (path: string, body: unknown) =>
      fetch(`${api}${path}`, { method: 'POST', headers: asAdmin, body: JSON.stringify(body) });
    assert.equal((await post('/apps/gripper/locks', { lock_expiration: 600 })).status, 201);

    await using browser = await openBrowser();
    // Before the sign-in every request is refused.
    const { page, troubles } = await openWatchedPage(browser.context, `${url}/sign-in?next=/locks`, {
      mayFail: /status of 401/,
    });
    const form = page.getByRole('form', { name: 'With a key or token' });
    await form.getByLabel('Key or token').fill(viewer);
    await form.getByRole('button').click();
    await rowOf(page, 'gripper').getByText('everything').waitFor(WAIT);
    assert.equal(
      await page
        .getByRole('main')
        .getByRole('button', { name: /Take over|Release|Extend/ })
        .count(),
      0,
    );
    await page.goto(`${url}/executions`);
    await page.getByText('No executions yet').waitFor(WAIT);
    await page.goto(`${url}/recordings?category=maps`);
    await page.getByText('No files in this category').waitFor(WAIT);
    assert.equal(await page.getByRole('main').getByRole('button', { name: 'Upload…' }).count(), 0);
    assert.deepEqual(troubles, []);
  });

  test('a gateway without locks says how to switch them on', async () => {
    await using sandbox = new Sandbox();
    const config = join(sandbox.folder, 'medkit.yaml');
    writeFileSync(
      config,
      `ros: {enabled: false}\nserver: {port: 0}\ndata_dir: ${sandbox.folder}/data\nlocking: {enabled: false}\n`,
    );
    const url = await sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
    await using browser = await openBrowser();
    const { page } = await openWatchedPage(browser.context, `${url}/locks`, { mayFail: /status of 501/ });
    await page.getByText('Locks are switched off').waitFor(WAIT);
    await page.getByText('locking.enabled: true').waitFor(WAIT);
  });
});

/** Starts a gateway with access control and one app; returns the keys of an admin and a viewer. */
async function guardedRobot(sandbox: Sandbox) {
  const manifest = join(sandbox.folder, 'robot.yaml');
  writeFileSync(manifest, 'manifest_version: "1.0"\napps:\n  - {id: gripper, name: Gripper}\n');
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(
    config,
    `ros: {enabled: false}
server: {port: 0}
data_dir: ${sandbox.folder}/data
discovery: {mode: manifest_only, manifest_path: ${manifest}}
bulk_data: {categories: [maps]}
auth: {enabled: true, require_auth_for: all}
`,
  );
  const url = await sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
  const made = await sandbox.run(['auth', 'init', '--config', config]);
  const [generated = ''] = /(?:[a-z0-9]{5}-){3}[a-z0-9]{5}/.exec(made.output) ?? [];
  const password = 'tin roof, rain, Tuesday';
  const login = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: generated, new_password: password }),
  });
  const [cookie = ''] = login.headers.get('set-cookie')?.split(';') ?? [];
  const keyOf = async (name: string, role: string): Promise<string> => {
    const reply = await fetch(`${url}/api/v1/auth/keys`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Cookie: cookie, Origin: url },
      body: JSON.stringify({ name, role, password }),
    });
    assert.equal(reply.status, 201, await reply.clone().text());
    return ((await reply.json()) as { key: string }).key;
  };
  return { url, admin: await keyOf('tool', 'admin'), viewer: await keyOf('tablet', 'viewer') };
}
