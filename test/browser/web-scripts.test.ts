import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browserMissing, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';
import { assertAccessible, openWatchedPage, type WatchedPage } from '../harness/watched-page.ts';
import { Sandbox } from '../scenes/medkit-process.ts';

const WAIT = { timeout: 30_000 };
const CHECK = join(import.meta.dirname, '..', '..', 'examples', 'scripts', 'check_lidar_health.sh');
const SCHEMA = '{"type": "object", "properties": {"min_free_mb": {"type": "integer", "minimum": 1}}}';
const HOSTILE = '<img src=x onerror="document.title=1"></script>\u202Egnp.sh';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

/** Starts a gateway without ROS that has an app and a component. */
async function startGateway(sandbox: Sandbox, settings = ''): Promise<string> {
  const manifest = join(sandbox.folder, 'robot.yaml');
  writeFileSync(
    manifest,
    `manifest_version: "1.0"
components:
  - {id: arm, name: Arm}
apps:
  - {id: lidar_driver, name: Scanner driver, is_located_on: arm}
`,
  );
  const config = join(sandbox.folder, 'medkit.yaml');
  const discovery = `discovery: {mode: manifest_only, manifest_path: ${manifest}}`;
  writeFileSync(
    config,
    `ros: {enabled: false}\nserver: {port: 0}\ndata_dir: ${sandbox.folder}/data\n${discovery}\n${settings}`,
  );
  return sandbox.start(['up', '--config', config]).printed(/^ +Page +(\S+)\/$/m);
}

suite('the pages of scripts', { skip: browserMissing, timeout: 300_000 }, () => {
  const sandbox = new Sandbox();
  let url: string;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let watched: WatchedPage;

  const ask = async (method: string, path: string, body?: unknown, client = 'test'): Promise<Json> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'X-Client-Id': client, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const confirm = (action: string) =>
    page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  /** Runs the script of the page, with the dialog that names it. */
  const run = async (title: string) => {
    await button('Run…').click();
    await page.getByRole('dialog', { name: title }).waitFor(WAIT);
    await confirm('Run script');
  };
  const upload = async (name: string, content: string) => {
    await button('Upload script').click();
    await page.getByLabel('File').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
    await page.getByRole('dialog').getByLabel('Entity').selectOption({ label: 'Scanner driver' });
  };

  before(async () => {
    url = await startGateway(sandbox);
    browser = await openBrowser();
    watched = await openWatchedPage(browser.context, `${url}/scripts`, { mayFail: /status of 4(?:04|09)/ });
    page = watched.page;
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  test('without scripts the page names the command that uploads one', async () => {
    await page.getByText('No scripts yet').waitFor(WAIT);
    await page.getByText('medkit run lidar_driver ./check_lidar_health.sh').waitFor(WAIT);
  });

  test('check 32: a script is uploaded and run from a form, with its progress, live output, exit code and digest', async () => {
    const content = readFileSync(CHECK, 'utf8');
    await upload('check_lidar_health.sh', content);
    await page.getByText(/· sh$/).waitFor(WAIT);
    await page.getByLabel('Description').fill('Memory of the LiDAR driver');
    await page.getByLabel('Parameters as JSON Schema').fill('[]');
    await page.getByText('Not a JSON object').waitFor(WAIT);
    assert.equal(await button('Upload').isDisabled(), true);
    await assertAccessible(page, 'the form of an upload');
    await page.getByLabel('Parameters as JSON Schema').fill(SCHEMA);
    await button('Upload').click();
    await page.getByRole('heading', { level: 1, name: 'check_lidar_health.sh' }).waitFor(WAIT);
    assert.equal(new URL(page.url()).pathname, '/apps/lidar_driver/scripts/check_lidar_health');
    const digest = createHash('sha256').update(content).digest('hex');
    const { items } = await ask('GET', '/x-medkit-scripts');
    assert.equal(items[0]['x-medkit'].sha256, digest);
    assert.deepEqual(items[0].parameters_schema, JSON.parse(SCHEMA));
    await page.getByText(digest.slice(0, 12)).first().waitFor(WAIT);
    const runner = items[0]['x-medkit'].runner === 'plain' ? 'unconfined' : 'confined';
    await page.getByText(runner, { exact: true }).first().waitFor(WAIT);

    await page.getByLabel('min_free_mb').fill('0');
    await button('Run…').click();
    await page.getByRole('alert').getByText('Must be at least 1').waitFor(WAIT);
    await page.getByLabel('min_free_mb').fill('99999999');
    await run('Run check_lidar_health.sh on lidar_driver');
    const view = page.getByRole('region', { name: /^exec_001/ });
    await view.getByText('failed', { exact: true }).waitFor(WAIT);
    assert.equal(new URL(page.url()).searchParams.get('x'), 'exec_001');
    await view.getByText('The script reported a failure.').waitFor(WAIT);
    await view.getByRole('log', { name: 'Errors' }).getByText('99999999 are needed').waitFor(WAIT);
    await assertAccessible(page, 'a script with a run');
    await view.getByRole('region', { name: 'Result' }).getByText('healthy').waitFor(WAIT);
    assert.match(
      await view.locator('dl').first().innerText(),
      new RegExp(`Exit code\\s+1[\\s\\S]+${digest.slice(0, 12)}`),
    );
  });

  test('check 32: a running script shows its lines as they come, and is stopped', async () => {
    await page.goto(`${url}/scripts`);
    await upload('long.sh', 'echo begin; echo 30 >&3; sleep 2; printf "\\033[31mred\\033[0m\\n"; sleep 60\n');
    await button('Upload').click();
    await run('Run long.sh on lidar_driver');
    const view = page.getByRole('region', { name: /^exec_001/ });
    const output = view.getByRole('log', { name: 'Output' });
    await output.getByText('begin').waitFor(WAIT);
    await view.getByText('running', { exact: true }).waitFor(WAIT);
    await view.getByText('30 %').waitFor(WAIT);
    await eventually('the next line without colours', async () => (await output.innerText()) === 'begin\nred\n');
    await page.goto(`${url}/scripts`);
    await page
      .getByRole('row', { name: /long\.sh/ })
      .getByText('running')
      .waitFor(WAIT);
    await page.getByRole('link', { name: 'long.sh' }).click();
    await view.getByRole('button', { name: 'Stop', exact: true }).click();
    await view.getByText('terminated', { exact: true }).waitFor(WAIT);
    await view.getByText('A user stopped it.').waitFor(WAIT);
    const path = '/apps/lidar_driver/scripts/long/executions';
    assert.equal((await ask('GET', `${path}/exec_001`)).error.reason, 'stopped');

    await run('Run long.sh on lidar_driver');
    const second = page.getByRole('region', { name: /^exec_002/ });
    await second.getByRole('log', { name: 'Output' }).getByText('begin').waitFor(WAIT);
    await second.getByRole('button', { name: 'Force stop…' }).click();
    await confirm('Force stop');
    await second.getByText('terminated', { exact: true }).waitFor(WAIT);
    await page.getByRole('grid', { name: 'All runs' }).getByRole('link', { name: 'exec_001' }).click();
    await view.getByRole('button', { name: 'Remove…' }).click();
    await confirm('Remove run');
    await second.waitFor(WAIT);
    const { items } = await ask('GET', path);
    assert.deepEqual(
      items.map(({ id }: Json) => id),
      ['exec_002'],
    );
  });

  test('a lock of another client disables running and deleting, and names its holder', async () => {
    const lock = { lock_expiration: 600, scopes: ['scripts'] };
    const { id } = await ask('POST', '/apps/lidar_driver/locks', lock, 'alice');
    await page.goto(`${url}/apps/lidar_driver/scripts/long`);
    await page
      .getByText(/^Locked by alice until/)
      .first()
      .waitFor(WAIT);
    assert.equal(await button('Run…').isDisabled(), true);
    assert.equal(await button('Delete…').isDisabled(), true);
    await ask('DELETE', `/apps/lidar_driver/locks/${id}`, undefined, 'alice');
    await eventually('running is possible again', () => button('Run…').isEnabled());
    await button('Delete…').click();
    await page.getByRole('dialog', { name: 'Delete long.sh of lidar_driver' }).waitFor(WAIT);
    await confirm('Delete script');
    await page.getByRole('heading', { level: 1, name: 'Scripts' }).waitFor(WAIT);
    const { items } = await ask('GET', '/x-medkit-scripts');
    assert.deepEqual(
      items.map((script: Json) => script.id),
      ['check_lidar_health'],
    );
  });

  test('names and output from a script are shown as plain text and fit a phone', async () => {
    const form = new FormData();
    form.append('file', new Blob([`cat <<'E'\n${HOSTILE}\nE\nprintf '%04000d' 1\n`]), 'hostile.sh');
    form.append('metadata', JSON.stringify({ name: HOSTILE, description: 'x'.repeat(4000) }));
    await fetch(`${url}/api/v1/components/arm/scripts`, { method: 'POST', body: form });
    const path = '/components/arm/scripts/hostile';
    await ask('POST', `${path}/executions`, { execution_type: 'now' });
    await page.setViewportSize({ width: 390, height: 844 });
    for (const address of ['/scripts', path]) {
      await page.goto(`${url}${address}`);
      await page.getByText(HOSTILE).first().waitFor(WAIT);
      assert.equal(await page.locator('img, script:not([src])').count(), 0, address);
      await eventually(
        `${address} fits`,
        async () => (await page.evaluate<number>('document.documentElement.scrollWidth')) <= 390,
      );
    }
    await page.getByRole('log', { name: 'Output' }).getByText(HOSTILE).waitFor(WAIT);
    assert.deepEqual(watched.troubles, []);
  });

  test('if scripts are off, the page names the setting', async () => {
    await using off = new Sandbox();
    const address = await startGateway(off, 'scripts: {scripts_dir: ""}\n');
    await page.goto(`${address}/scripts`);
    await page.getByText('Scripts are off').waitFor(WAIT);
    await page.getByText('scripts.scripts_dir is empty').first().waitFor(WAIT);
    assert.equal(await button('Upload script').count(), 0);
  });
});
