import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const PASSWORD = 'tin roof, rain, Tuesday';
const OTHER_PASSWORD = 'seven green apples';

/** A robot of one app that says who may see it; its page and its log. */
async function guardedRobot(sandbox: Sandbox, words: readonly string[] = []) {
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
  const medkit = sandbox.start(['up', '--config', config, ...words]);
  const url = await medkit.printed(/^ +Page +(\S+)\/$/m);
  return { medkit, config, url };
}

const fill = async (page: Page, form: string, values: Readonly<Record<string, string>>) => {
  for (const [label, value] of Object.entries(values)) await page.locator(form).getByLabel(label).fill(value);
  await page.locator(form).getByRole('button').click();
};
const shows = (page: Page, place: string, text: string) =>
  page.locator(place).getByText(text).first().waitFor({ timeout: 20_000 });

suite('who sits at the page', { skip: browserMissing }, () => {
  test('is asked for name and password, sees the robot, and nobody does after that', { timeout: 120_000 }, async () => {
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
    await page.goto(url);
    await shows(page, '#state', 'log in to see the robot');
    assert.equal(await page.locator('#tree').isVisible(), false);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 390, `it is ${width} px wide`);

    await fill(page, '#by-name', { Name: 'admin', Password: 'a wrong password' });
    await shows(page, '#by-name', 'Wrong name or password');

    await fill(page, '#by-name', { Name: 'admin', Password: madeUp });
    await shows(page, '#password', 'has to be changed');
    await fill(page, '#new-password', { 'Password as it is': madeUp, 'New password': 'short' });
    await shows(page, '#new-password', '12 are the least');
    await fill(page, '#new-password', { 'Password as it is': madeUp, 'New password': PASSWORD });
    await shows(page, '#tree', 'Gripper');
    await shows(page, '#who', 'admin · admin');

    await page.reload();
    await shows(page, '#tree', 'Gripper');
    await page.getByRole('button', { name: 'Log out' }).click();
    await shows(page, '#state', 'log in to see the robot');
    assert.equal(await page.getByText('Gripper').count(), 0);

    const login = await sandbox.run(['login', '--url', url, '--user', 'admin', '--password-file', file(sandbox)]);
    assert.equal(login.code, 0, login.errors);
    const key = await sandbox.run(['auth', 'keys', 'create', 'tablet', '--url', url]);
    await fill(page, '#by-token', { 'A key or token': `${key.output.trim()}x` });
    await page.locator('#by-token .problem:not(:empty)').waitFor({ timeout: 20_000 });
    await fill(page, '#by-token', { 'A key or token': key.output.trim() });
    await shows(page, '#tree', 'Gripper');
    await shows(page, '#who', 'viewer');
    assert.deepEqual(thrown, []);
  });

  test('makes the first user with the code that the gateway told', { timeout: 120_000 }, async () => {
    await using sandbox = new Sandbox();
    const { url, medkit } = await guardedRobot(sandbox, ['--setup']);
    const [, code = ''] = /with the code (\S+),/.exec(medkit.errors) ?? [];
    await using browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(url);
    await shows(page, '#state', 'this gateway has no user yet');
    await fill(page, '#first-user', { Code: 'ABCDE-FGH23', Name: 'ada', Password: OTHER_PASSWORD });
    await shows(page, '#first-user', 'This is not the code');
    await fill(page, '#first-user', { Code: code, Name: 'ada', Password: OTHER_PASSWORD });
    await shows(page, '#tree', 'Gripper');
    await shows(page, '#who', 'ada · admin');
  });
});

function file({ folder }: Sandbox): string {
  const path = join(folder, 'password');
  writeFileSync(path, `${PASSWORD}\n`);
  return path;
}
