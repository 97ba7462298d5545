import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage } from '../harness/watched-page.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };
const PASSWORD = 'tin roof, rain, Tuesday';
const GENERATED = /(?:[a-z0-9]{5}-){3}[a-z0-9]{5}/;
/** As long as the name of a key may be. */
const HOSTILE = '<img src=x onerror="document.title=1"></script>'.padEnd(64, 'x');

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Starts a gateway without a robot, with these further settings. */
async function startGateway(sandbox: Sandbox, settings: string) {
  const config = join(sandbox.folder, 'medkit.yaml');
  writeFileSync(config, `ros.enabled: false\nserver.port: 0\ndata_dir: ${sandbox.folder}/data\n${settings}`);
  const medkit = sandbox.start(['up', '--config', config]);
  return { url: await medkit.printed(/^ +Page +(\S+)\/$/m), config };
}

/** Starts a gateway with accounts and its first user, ada. */
async function startGuarded(sandbox: Sandbox, settings = '') {
  const { url, config } = await startGateway(
    sandbox,
    `auth:
  enabled: true
  require_auth_for: all
  roles:
    technician: {extends: operator, allow: [configurations.write]}
${settings}`,
  );
  const file = join(sandbox.folder, 'password');
  writeFileSync(file, `${PASSWORD}\n`);
  const made = await sandbox.run(['auth', 'init', '--config', config, '--name', 'ada', '--password-file', file]);
  assert.equal(made.code, 0, made.errors);
  return { url };
}

/** A client of the API with a session, like another browser. */
async function logIn(
  url: string,
  name: string,
  password: string,
  { newPassword, agent = 'test' }: { readonly newPassword?: string; readonly agent?: string } = {},
) {
  const reply = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'User-Agent': agent },
    body: JSON.stringify({ name, password, ...(newPassword && { new_password: newPassword }) }),
  });
  const cookie = reply.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const send = async (
    path: string,
    body?: object,
    method = 'POST',
  ): Promise<{ readonly status: number; readonly body: Json }> => {
    const found = await fetch(`${url}/api/v1${path}`, {
      // A session is only for pages of the same origin.
      headers: { cookie, origin: url, 'Content-Type': 'application/json' },
      ...(body && { method, body: JSON.stringify(body) }),
    });
    return { status: found.status, body: JSON.parse((await found.text()) || '{}') };
  };
  return { status: reply.status, send };
}

/** Signs in with the form of the page. */
async function signIn(page: Page, url: string, name: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in?next=/users`);
  const form = page.getByRole('form', { name: 'With a name' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Password').fill(password);
  await form.getByRole('button').click();
}

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const fits = async (page: Page) =>
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= 360, 'it fits a small phone');

suite('the page of users', { skip: browserMissing, timeout: 300_000 }, () => {
  const sandbox = new Sandbox();
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let url: string;

  before(async () => {
    browser = await openBrowser();
    ({ url } = await startGuarded(sandbox));
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  /** Opens the page in a window without cookies of other tests. */
  const openUsers = async (mayFail: RegExp) => {
    await browser.context.clearCookies();
    return openWatchedPage(browser.context, `${url}/users`, { mayFail });
  };

  test('shows how to create the first user if the gateway has no accounts', async () => {
    await using open = new Sandbox();
    const { url: address } = await startGateway(open, '');
    const { page, troubles } = await openWatchedPage(browser.context, `${address}/users`);
    await page.getByText('medkit auth init').waitFor(WAIT);
    await region(page, 'Refused access').getByText('No request was refused').waitFor(WAIT);
    assert.equal(await region(page, 'Users').count(), 0);
    await assertAccessible(page, 'without accounts');
    assert.deepEqual(troubles, []);
    await page.close();
  });

  test('adds, changes, disables and deletes users, and shows generated passwords once', async () => {
    const { page, troubles } = await openUsers(/status of 4\d\d/);
    for (const path of ['/audit', '/notifications', '/users']) {
      await page.goto(`${url}${path}`);
      await page.getByRole('main').getByText('Sign in to see this').waitFor(WAIT);
    }
    await page.getByRole('main').getByText('Sign in to see').first().waitFor(WAIT);
    await signIn(page, url, 'ada', PASSWORD);
    const users = region(page, 'Users');
    const dialog = page.getByRole('dialog');
    const admin = await logIn(url, 'ada', PASSWORD);
    const user = async (name: string) => (await admin.send(`/auth/users/${name}`)).body;

    await users.getByRole('button', { name: 'Add user' }).click();
    await dialog.getByLabel('Name', { exact: false }).first().fill('Bob!');
    await dialog.getByRole('button', { name: 'Add user' }).click();
    await dialog.getByRole('alert').first().waitFor(WAIT);
    await dialog.getByLabel('Name', { exact: false }).first().fill('bob');
    await dialog.getByLabel('Role').selectOption({ label: 'Other role…' });
    await dialog.getByLabel('Name of the role').fill('technician');
    await dialog.getByRole('button', { name: 'Add user' }).click();
    const notice = users.getByRole('alert');
    const [first = ''] = GENERATED.exec(await notice.innerText()) ?? [];
    assert.equal((await user('bob')).role, 'technician');
    assert.equal((await logIn(url, 'bob', first)).status, 200, 'the generated password works');
    await notice.getByRole('button', { name: 'Done' }).click();
    assert.equal(await page.getByText(first).count(), 0);

    const bob = users.getByRole('row', { name: /bob/ });
    await bob.getByText('Must change password').waitFor(WAIT);
    await bob.getByText('bob').click();
    await page.waitForURL(/user=bob/, WAIT);
    await page.reload();
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Change role' }).click();
    await eventually('the role', async () => (await user('bob')).role === 'viewer');
    await assertAccessible(page, 'a user');
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(page);
    await page.setViewportSize({ width: 1280, height: 900 });

    await dialog.getByRole('button', { name: 'Reset password' }).click();
    await page
      .getByRole('dialog', { name: 'Reset the password of bob' })
      .getByRole('button', { name: 'Reset password' })
      .click();
    const [second = ''] = GENERATED.exec(await notice.innerText()) ?? [];
    assert.notEqual(second, first);
    assert.equal((await logIn(url, 'bob', first)).status, 401);
    assert.equal((await logIn(url, 'bob', second)).status, 200);

    await bob.getByText('bob').click();
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog', { name: 'Disable bob' }).getByRole('button', { name: 'Disable' }).click();
    await eventually('bob is disabled', async () => (await user('bob')).disabled);
    await dialog.getByRole('button', { name: 'Enable' }).click();
    await eventually('bob is enabled', async () => !(await user('bob')).disabled);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete bob' }).getByRole('button', { name: 'Delete' }).click();
    await eventually('bob is deleted', async () => (await admin.send('/auth/users/bob')).status === 404);
    await eventually('the row disappears', async () => (await bob.count()) === 0);

    // The gateway refuses to delete the last administrator, and the page shows its reason.
    await page.goto(`${url}/users?user=ada`);
    await dialog.getByRole('button', { name: 'Delete' }).click();
    const last = page.getByRole('dialog', { name: 'Delete ada' });
    await last.getByRole('button', { name: 'Delete' }).click();
    await last.getByText(/last admin/).waitFor(WAIT);
    assert.equal((await user('ada')).name, 'ada');
    await page.goto(`${url}/users?user=eve`);
    await dialog.getByText('There is no user eve.').waitFor(WAIT);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  test('limits a user to groups of a fleet hub, and removes the limits', async () => {
    await using hub = new Sandbox();
    const { url: address } = await startGuarded(hub, 'fleet.enabled: true\n');
    const admin = await logIn(address, 'ada', PASSWORD);
    for (const id of ['day', 'night']) await admin.send('/x-medkit-fleet/groups', { id, labels: [`shift=${id}`] });
    // As long as the id of a site may be.
    const site = 'Straße-'.padEnd(128, 'x');
    const schedule = { zone: 'Europe/Berlin', maintenance: [] };
    const created = await admin.send(`/x-medkit-fleet/sites/${encodeURIComponent(site)}`, schedule, 'PUT');
    assert.equal(created.status, 200, JSON.stringify(created.body));
    await admin.send('/auth/users', { name: 'eva', role: 'operator' });
    await admin.send('/auth/users', { name: 'tom', role: 'technician' });
    const limits = async () => (await admin.send('/auth/users/eva')).body.grants;
    await browser.context.clearCookies();
    const { page, troubles } = await openWatchedPage(browser.context, `${address}/users`, {
      mayFail: /status of 4\d\d/,
    });
    await signIn(page, address, 'ada', PASSWORD);
    const dialog = page.getByRole('dialog');
    await region(page, 'Users').getByRole('row', { name: /eva/ }).getByText('eva').click();
    const form = dialog.getByRole('group', { name: 'Limited to' });
    await form.getByText('the user has the whole fleet').waitFor(WAIT);
    const save = dialog.getByRole('button', { name: 'Save limits' });
    assert.equal(await save.isDisabled(), true);
    await form.getByRole('checkbox', { name: /night/ }).check();
    await save.click();
    await eventually('the limit', async () => JSON.stringify(await limits()) === '[{"group":"night"}]');
    await form.getByText('Robots outside these sites and groups do not exist').waitFor(WAIT);
    await assertAccessible(page, 'the limits of a user');
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.reload();
    await form.getByRole('checkbox', { name: /day/ }).check();
    await form.getByRole('checkbox', { name: /night/ }).uncheck();
    await save.click();
    await eventually('the other limit', async () => JSON.stringify(await limits()) === '[{"group":"day"}]');

    // Each limit can have a role, which the dialog and the table show. Works with the keyboard alone.
    await form.getByRole('checkbox', { name: `Site ${site}` }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    const role = form.getByRole('combobox', { name: `Role for Site ${site}` });
    assert.equal(await role.inputValue(), '', 'the role of the user');
    await page.keyboard.type('technician');
    await form.getByRole('combobox', { name: 'Role for Group day' }).selectOption('viewer');
    await assertAccessible(page, 'the roles of limits');
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(page);
    await role.scrollIntoViewIfNeeded();
    const isClipped = "(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('dialog'))";
    assert.equal(await page.evaluate<boolean>(isClipped), false, 'the dialog needs no horizontal scrolling');
    await assertAccessible(page, 'the roles of limits on a phone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await save.focus();
    await page.keyboard.press('Enter');
    const withRoles = JSON.stringify([
      { group: 'day', role: 'viewer' },
      { site, role: 'technician' },
    ]);
    await eventually('the limits with roles', async () => JSON.stringify(await limits()) === withRoles);
    const text = `Group day (viewer) · Site ${site} (technician)`;
    await dialog.getByText(text).waitFor(WAIT);
    await page.getByRole('grid', { name: 'Users' }).getByText(text).waitFor(WAIT);
    await page.reload();
    assert.equal(await role.inputValue(), 'technician');
    await form.getByRole('combobox', { name: 'Role for Group day' }).selectOption('Role of the user');
    await form.getByRole('checkbox', { name: `Site ${site}` }).uncheck();
    await save.click();
    await eventually('the earlier limit', async () => JSON.stringify(await limits()) === '[{"group":"day"}]');

    // The last administrator cannot be limited, and the page shows the reason.
    await page.goto(`${address}/users?user=ada`);
    await form.getByRole('checkbox', { name: /day/ }).check();
    await save.click();
    await dialog.getByText(/last admin/).waitFor(WAIT);
    await page.goto(`${address}/users?user=eva`);
    await form.getByRole('checkbox', { name: /day/ }).uncheck();
    await save.click();
    await eventually('no limit', async () => (await limits()) === undefined);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  test('creates and revokes keys, ends sessions, and lists refused access', async () => {
    const other = await logIn(url, 'ada', PASSWORD, { agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' });
    await fetch(`${url}/api/v1/apps`, { headers: { authorization: 'Bearer wrong' } });
    const { page, troubles } = await openUsers(/status of 40[013]/);
    await signIn(page, url, 'ada', PASSWORD);
    const dialog = page.getByRole('dialog');

    const keys = region(page, 'API keys');
    await keys.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByLabel('Name', { exact: false }).first().fill(HOSTILE);
    await dialog.getByText('Limit the permissions').click();
    await dialog.getByRole('checkbox', { name: 'read', exact: true }).check();
    await dialog.getByLabel('Your password').fill('not the password');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByRole('alert').first().waitFor(WAIT);
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const notice = keys.getByRole('alert');
    const [key = ''] = /mdk_\S+/.exec(await notice.innerText()) ?? [];
    const headers = { authorization: `Bearer ${key}` };
    assert.equal((await fetch(`${url}/api/v1/apps`, { headers })).status, 200);
    assert.equal((await fetch(`${url}/api/v1/faults`, { method: 'DELETE', headers })).status, 403);
    const [created] = (await other.send('/auth/keys')).body.items;
    assert.deepEqual([created.name, created.role, created.permissions], [HOSTILE, 'viewer', ['read']]);
    assert.equal(await page.locator('img').count(), 0);
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(page);
    await assertAccessible(page, 'a new key on a phone');
    await page.setViewportSize({ width: 1280, height: 900 });
    await notice.getByRole('button', { name: 'Done' }).click();
    await keys.getByText('1 permission').waitFor(WAIT);
    await keys.getByRole('button', { name: `Revoke the key ${HOSTILE}` }).click();
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await eventually('it is revoked', async () => (await fetch(`${url}/api/v1/apps`, { headers })).status === 401);

    const sessions = region(page, 'Sessions');
    await sessions.getByText('this session', { exact: true }).waitFor(WAIT);
    await sessions.getByLabel('Only mine').check();
    await page.waitForURL(/sessions=mine/, WAIT);
    await sessions.getByRole('button', { name: 'End the session of ada: Firefox · Linux' }).click();
    await dialog.getByRole('button', { name: 'End', exact: true }).click();
    await eventually('it has ended', async () => (await other.send('/apps')).status === 401);
    const [one, two] = [await logIn(url, 'ada', PASSWORD), await logIn(url, 'ada', PASSWORD)];
    await sessions.getByRole('button', { name: 'End my other sessions' }).click();
    await dialog.getByRole('button', { name: 'End my other sessions' }).click();
    await eventually('both have ended', async () => {
      return (await one.send('/apps')).status === 401 && (await two.send('/apps')).status === 401;
    });
    await sessions.getByText('this session', { exact: true }).waitFor(WAIT);

    const denied = region(page, 'Refused access');
    await denied.getByText('Invalid key or token').first().waitFor(WAIT);
    await denied.getByText('Wrong password').first().waitFor(WAIT);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  test('shows a viewer only the sessions and keys of the viewer', async () => {
    const admin = await logIn(url, 'ada', PASSWORD);
    const added = await admin.send('/auth/users', { name: 'vera', role: 'viewer' });
    assert.equal(added.status, 201, JSON.stringify(added.body));
    assert.equal((await logIn(url, 'vera', added.body.password, { newPassword: PASSWORD })).status, 200);
    const { page, troubles } = await openUsers(/status of 40[13]/);
    await signIn(page, url, 'vera', PASSWORD);
    await region(page, 'Your sessions').getByText('this session', { exact: true }).waitFor(WAIT);
    await region(page, 'Your API keys').getByText('There is no API key').waitFor(WAIT);
    for (const name of ['Users', 'Sessions', 'Refused access']) assert.equal(await region(page, name).count(), 0, name);
    assert.equal(await page.getByText('ada').count(), 0);
    // A key never has more permissions than its creator.
    await page.getByRole('button', { name: 'Create key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: false }).first().fill('more');
    await dialog.getByLabel('Role').selectOption('admin');
    await dialog.getByLabel('Your password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByRole('alert').first().waitFor(WAIT);
    assert.deepEqual(troubles, []);
  });
});
