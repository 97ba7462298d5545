import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const PASSWORD = 'tin roof, rain, Tuesday';
const OTHER_PASSWORD = 'seven green apples';

/** Starts a robot of one app with access control; returns its page and its log. */
async function guardedRobot(sandbox: Sandbox, args: readonly string[] = []) {
  const manifest = join(sandbox.folder, 'robot.yaml');
  writeFileSync(manifest, 'manifest_version: "1.0"\napps:\n  - {id: gripper, name: Gripper}\n');
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(
    config,
    `ros: {enabled: false}
server: {port: 0}
data_dir: ${sandbox.folder}/data
discovery: {mode: manifest_only, manifest_path: ${manifest}}
auth: {enabled: true, require_auth_for: all}
`,
  );
  const medkit = sandbox.start(['up', '--config', config, ...args]);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
  return { medkit, config, url };
}

/** Fills in the form of this name and submits it. */
async function fill(page: Page, form: string, values: Readonly<Record<string, string>>): Promise<void> {
  const locator = page.getByRole('form', { name: form });
  for (const [label, value] of Object.entries(values)) await locator.getByLabel(label).fill(value);
  await locator.getByRole('button').click();
}
/** Waits for the gateway's error message on the form of this name. */
const refuses = (page: Page, form: string, text: string) =>
  page.getByRole('form', { name: form }).getByRole('alert').getByText(text).waitFor({ timeout: 20_000 });
/** Waits until this text is somewhere on the page. */
const shows = (page: Page, text: string) => page.getByText(text).first().waitFor({ timeout: 20_000 });
/** The name of the robot's app: a text that does not occur in the address. */
const robot = (page: Page) => page.getByRole('main').getByText(/Gripper/);
const showsRobot = (page: Page) => robot(page).first().waitFor({ timeout: 20_000 });

const APP = '/apps/gripper';

suite('the sign-in page', { skip: browserMissing }, () => {
  test('asks for name and password, shows the robot, and hides it again after signing out', {
    timeout: 120_000,
  }, async () => {
    await using sandbox = new Sandbox();
    const { url, config } = await guardedRobot(sandbox);
    const made = await sandbox.run(['auth', 'init', '--config', config]);
    assert.equal(made.code, 0, made.errors);
    const [madeUp = ''] = /(?:[a-z0-9]{5}-){3}[a-z0-9]{5}/.exec(made.output) ?? [];
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    const thrown: string[] = [];
    page.on('pageerror', (error) => thrown.push(error.message));
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${url}${APP}`);
    await page.getByRole('main').getByText('Sign in to see this').first().waitFor({ timeout: 20_000 });
    assert.equal(await robot(page).count(), 0);
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).first().click();
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor({ timeout: 20_000 });
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 390, `it is ${width} px wide`);

    await fill(page, 'With a name', { Name: 'admin', Password: 'a wrong password' });
    await refuses(page, 'With a name', 'Wrong name or password');

    await fill(page, 'With a name', { Name: 'admin', Password: madeUp });
    await shows(page, 'has to be changed');
    await page.goto(`${url}${APP}`);
    await page.getByRole('banner').getByRole('link', { name: 'Change the password' }).click();
    await fill(page, 'Change the password', { 'Current password': madeUp, 'New password': 'short' });
    await refuses(page, 'Change the password', 'the minimum is 12');
    await fill(page, 'Change the password', { 'Current password': madeUp, 'New password': PASSWORD });
    await showsRobot(page);
    assert.equal(new URL(page.url()).pathname, APP, 'it goes on where one was');
    await shows(page, 'admin · admin');
    await page.getByRole('status').getByText('live', { exact: true }).waitFor({ timeout: 20_000 });

    await page.reload();
    await showsRobot(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await shows(page, 'Sign in to see this');
    await robot(page).first().waitFor({ state: 'detached', timeout: 20_000 });

    const login = await sandbox.run(['login', '--url', url, '--user', 'admin', '--password-file', file(sandbox)]);
    assert.equal(login.code, 0, login.errors);
    const key = await sandbox.run(['auth', 'keys', 'create', 'tablet', '--url', url]);
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
    await fill(page, 'With a key or token', { 'Key or token': `${key.output.trim()}x` });
    await page
      .getByRole('form', { name: 'With a key' })
      .locator('[role=alert]:not(:empty)')
      .waitFor({ timeout: 20_000 });
    await fill(page, 'With a key or token', { 'Key or token': key.output.trim() });
    await showsRobot(page);
    await page.getByRole('banner').getByText('viewer').waitFor({ timeout: 20_000 });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click();
    await fill(page, 'With a name', { Name: 'admin', Password: PASSWORD });
    await showsRobot(page);
    await page.goto(`${url}/sign-in`);
    await shows(page, ', tablet (');
    await page.getByLabel('Revoke all my API keys').check();
    await fill(page, 'Change the password', { 'Current password': PASSWORD, 'New password': `${PASSWORD} again` });
    await shows(page, 'The password was changed');
    const headers = { authorization: `Bearer ${key.output.trim()}` };
    assert.equal((await fetch(`${url}/api/v1/apps`, { headers })).status, 401);
    assert.deepEqual(thrown, []);
  });

  test('creates the first user with the code that the gateway printed', { timeout: 120_000 }, async () => {
    await using sandbox = new Sandbox();
    const { url, medkit } = await guardedRobot(sandbox, ['--setup']);
    // Its standard error may arrive later than the address on its standard output.
    const code = await eventually('the code', async () => /with the code (\S+),/.exec(medkit.errors)?.[1]);
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(`${url}/sign-in?next=${encodeURIComponent('//evil.example/')}`);
    await page.getByRole('heading', { name: 'This gateway has no user yet', level: 1 }).waitFor({ timeout: 20_000 });
    await fill(page, 'First user', { Code: 'ABCDE-FGH23', Name: 'ada', Password: OTHER_PASSWORD });
    await refuses(page, 'First user', 'The code is wrong');
    await fill(page, 'First user', { Code: code, Name: 'ada', Password: OTHER_PASSWORD });
    await shows(page, 'ada · admin');
    // A forged address leads nowhere else. The page leaves the form after it knows the user.
    await page.waitForURL(`${url}/`, { timeout: 20_000 });
  });
});

function file({ folder }: Sandbox): string {
  const path = join(folder, 'password');
  writeFileSync(path, `${PASSWORD}\n`);
  return path;
}
