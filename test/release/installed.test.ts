import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startProgram } from '../harness/program.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';
import { startPeer } from '../interop/peer.ts';
import { peerPrograms, peersMissing } from '../interop/peer-programs.ts';
import { OFFERS, typeEveryCommand } from './every-command.ts';
import { type Installation, installFromTarball, plainEnvironment } from './installation.ts';
import { readService, sandboxed, sandboxMissing } from './service-unit.ts';

const UNIT = join(import.meta.dirname, '..', '..', 'packaging/systemd/medkit.service');
const DEMO_DOMAIN = await reserveDomain();
const PEER_DOMAIN = await reserveDomain();
const IDLE_DOMAIN = await reserveDomain();
const UNIT_DOMAIN = await reserveDomain();
const RECORDER = pathToFileURL(join(import.meta.dirname, '..', 'harness', 'record-modules.ts'));
/** Maximum files loaded by an idle gateway, most of them of its libraries, and by its store threads. */
const MOST_FILES = { main: 335, worker: 20 };
/** Maximum exposure that systemd assigns to the unit's hardening, from 0 (locked down) to 10. */
const MOST_EXPOSED = 2;
const URL_PRINTED = /(?<=Page +)http:\/\/127\.0\.0\.1:\d+/;

/** Stores something: a lock on the machine itself. */
async function lockHost(api: string): Promise<void> {
  const { items } = (await (await fetch(`${api}/components`)).json()) as { items: { id: string }[] };
  const { status } = await fetch(`${api}/components/${items[0]?.id}/locks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-client-id': 'release-test' },
    body: JSON.stringify({ lock_expiration: 60 }),
  });
  assert.equal(status, 201);
}

const systemdMissing = missingSystemPackages('systemd');

suite('medkit installed from its tarball', { timeout: 900_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-release-'));
  let installation: Installation;
  const place = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  before(
    async () => {
      installation = await installFromTarball();
    },
    { timeout: 400_000 },
  );
  after(() => {
    installation.clear();
    rmSync(folder, { recursive: true, force: true });
  });
  /** Starts the command like a logged-in user, outside the repository. */
  const start = (args: readonly string[], home: string, environment: Readonly<Record<string, string>> = {}) =>
    startProgram(args, {
      command: [installation.medkit],
      cwd: home,
      env: { ...plainEnvironment(home), ...environment },
    });

  test('runs under the Node of the machine or the bundled one, and serves the demo robot', {
    timeout: 60_000,
  }, async () => {
    const home = place('demo');
    const printed = execFileSync(installation.medkit, ['--version'], { env: plainEnvironment(home), encoding: 'utf8' });
    assert.match(printed, /^\d+\.\d+\.\d+\n$/);
    // The demo's robot runs DDS in its main thread, so this covers both variants.
    const args = ['demo', '--port', '0', '--domain', String(DEMO_DOMAIN), '--set', 'ros.own_thread=true'];
    const gateway = start(args, home);
    try {
      const [url] = await gateway.printed(URL_PRINTED);
      const scan = await eventually('a scan', async () => {
        const response = await fetch(`${url}/api/v1/apps/lidar_driver/data/scan`);
        const body = (await response.json()) as { data?: { ranges?: readonly number[] } };
        return body.data?.ranges;
      });
      assert.ok(scan.length > 0);
      assert.equal((await fetch(`${url}/docs`)).status, 200, 'Swagger UI came with the tarball');
      const page = await fetch(url, { headers: { accept: 'text/html' } });
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/, 'the pages came with the tarball');
      const [, script = ''] = /src="\.(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
      const loaded = await fetch(`${url}${script}`, { headers: { 'accept-encoding': 'br' } });
      assert.deepEqual([loaded.status, loaded.headers.get('content-encoding')], [200, 'br'], script);
    } finally {
      await gateway.end('SIGINT');
    }
  });

  test('shows the nodes of Cyclone DDS and Fast DDS, and every command works', {
    timeout: 300_000,
    skip: peersMissing,
  }, async () => {
    await peerPrograms();
    const home = place('robot');
    await using _cyclone = await startPeer({ vendor: 'cyclone', domainId: PEER_DOMAIN, commands: OFFERS.talker });
    await using _fast = await startPeer({ vendor: 'fastdds', domainId: PEER_DOMAIN, commands: OFFERS.listener });
    const gateway = start(['up', '--port', '0', '--domain', String(PEER_DOMAIN)], home, {
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    });
    try {
      const [url] = await gateway.printed(URL_PRINTED);
      await eventually('both nodes', async () => {
        const { items } = (await (await fetch(`${url}/api/v1/apps`)).json()) as { items: { id: string }[] };
        const ids = items.map(({ id }) => id);
        return ids.includes('talker') && ids.includes('listener');
      });
      const environment = {
        ...plainEnvironment(home),
        ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
        ROS_DOMAIN_ID: String(PEER_DOMAIN),
        MEDKIT_URL: url,
      };
      await typeEveryCommand(installation.medkit, { home, environment });
    } finally {
      assert.equal(await gateway.end('SIGTERM'), 0, gateway.output());
    }
  });

  test('loads only few files while it is idle', { timeout: 60_000 }, async () => {
    const home = place('idle');
    const record = join(home, 'modules.txt');
    const gateway = start(['up', '--port', '0', '--domain', String(IDLE_DOMAIN)], home, {
      NODE_OPTIONS: `--import=${RECORDER.href}`,
      MEDKIT_TEST_LOADED_MODULES: record,
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    });
    try {
      const [url] = await gateway.printed(URL_PRINTED);
      assert.equal((await fetch(`${url}/api/v1/faults`)).status, 200);
      await gateway.printed(/No node discovered yet/);
      const loaded = readFileSync(record, 'utf8').split('\n');
      for (const [thread, max] of Object.entries(MOST_FILES)) {
        const files = loaded.filter((line) => line.startsWith(`${thread} file:`));
        assert.ok(files.length > 0 && files.length <= max, `${files.length} files\n${files.join('\n')}`);
      }
    } finally {
      await gateway.end('SIGINT');
    }
  });

  test('has a unit in which systemd finds no error, and few open permissions', { skip: systemdMissing }, () => {
    const verified = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' });
    const complaints = verified.stderr
      .split('\n')
      // Ignores the missing program: this test installs it in another folder.
      .filter((line) => line !== '' && !line.includes('Command /opt/medkit/bin/medkit is not executable'));
    assert.deepEqual(complaints, []);
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', UNIT], { encoding: 'utf8' });
    const exposure = Number(/Overall exposure level for medkit\.service: ([\d.]+)/.exec(stdout)?.[1]);
    assert.ok(exposure <= MOST_EXPOSED, `exposure ${exposure}\n${stdout}`);
  });

  test('the command of the unit runs as a user that may only write to its own folders', {
    timeout: 60_000,
    skip: sandboxMissing,
  }, async () => {
    const sandbox = place('unit');
    const command = sandboxed({
      service: readService(UNIT),
      folder: sandbox,
      prefix: installation.prefix,
      environment: {
        ROS_DOMAIN_ID: String(UNIT_DOMAIN),
        ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
        MEDKIT_SERVER_PORT: '0',
      },
    });
    const gateway = startProgram([], { command, cwd: '/' });
    try {
      const [url] = await gateway.printed(URL_PRINTED);
      const health = (await (await fetch(`${url}/api/v1/health`)).json()) as { status: string };
      assert.equal(health.status, 'healthy');
      await lockHost(`${url}/api/v1`);
      const status = spawnSync('cat', [`/proc/${gateway.pid}/status`], { encoding: 'utf8' }).stdout;
      assert.match(status, /^Name:\s+(?:node|MainThread)$/m, 'no other process stands before it');
      assert.match(status, /^Uid:\s+61184\s+61184\s+61184\s+61184$/m);
      assert.match(status, /^CapEff:\s+0+$/m);
      assert.match(status, /^NoNewPrivs:\s+1$/m);
    } finally {
      assert.equal(await gateway.end('SIGTERM'), 0, gateway.output());
    }
    const stored = readdirSync(join(sandbox, 'state'));
    assert.ok(stored.length > 0, 'it keeps its data where the unit says');
    for (const name of stored)
      assert.equal(statSync(join(sandbox, 'state', name)).mode & 0o077, 0, `${name} is its own`);
    assert.ok(existsSync(join(sandbox, 'cache', 'compiled')));
  });

  test('nothing but its data is left when it is uninstalled', { timeout: 60_000 }, async () => {
    const home = place('leaving');
    const data = join(home, 'data');
    const gateway = start(['up', '--port', '0', '--domain', String(UNIT_DOMAIN)], home, {
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
      XDG_DATA_HOME: data,
      XDG_CACHE_HOME: join(home, 'cache'),
    });
    const [url] = await gateway.printed(URL_PRINTED);
    await lockHost(`${url}/api/v1`);
    assert.equal(await gateway.end('SIGTERM'), 0, gateway.output());
    installation.uninstall();
    const remaining = readdirSync(installation.prefix, { recursive: true, withFileTypes: true });
    assert.deepEqual(
      remaining.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
      [],
    );
    assert.deepEqual(readdirSync(home).sort(), ['cache', 'data']);
    assert.deepEqual(readdirSync(data), ['medkit']);
  });
});
