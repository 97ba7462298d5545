import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { systemClock, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { type GatewayConfig, type RunningGateway, startGateway } from '@medkit/gateway';
import { enrolRobot, readInvitation } from '@medkit/gateway/enrol';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';

const root = mkdtempSync(join(tmpdir(), 'medkit-hub-'));
const lines: string[] = [];
const log = (level: string, line: string): void => void lines.push(`${level}: ${line}`);

/** Starts a gateway with a folder. */
async function start(name: string, changes: Parameters<typeof testConfig>[0], port = 0): Promise<RunningGateway> {
  const config = { ...(await configOf(name, changes)), server: { ...(await testConfig()).server, port } };
  return startGateway({ config, environment: {}, log });
}

async function configOf(name: string, changes: Parameters<typeof testConfig>[0] = {}): Promise<GatewayConfig> {
  return { ...(await testConfig({ ros: { enabled: false }, ...changes })), data_dir: join(root, name) };
}

const HUB = { fleet: { enabled: true } };
let hub: RunningGateway;
let robot: RunningGateway;

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(`${hub.url}${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: () => JSON.parse(text) };
}
const fleet = async (path: string) => (await ask('GET', `/api/v1/x-medkit-fleet${path}`)).json();
const presence = async (): Promise<string> => (await fleet('/robots/amr-17')).presence;

before(async () => {
  hub = await start('hub', HUB, await freePort());
  const invitation = await ask('POST', '/api/v1/x-medkit-fleet/invites', {
    robot: 'amr-17',
    site: 'berlin',
    role: 'configurator',
  });
  await enrolRobot({
    config: await configOf('robot'),
    files: { ...systemFiles, ...systemWritableFiles },
    clock: systemClock,
    invitation: readInvitation(invitation.json().link),
    machine: { name: 'robot', system: 'test' },
  });
  const approved = await ask('POST', '/api/v1/x-medkit-fleet/robots/amr-17/approve');
  assert.equal(approved.json().state, 'approved', approved.text);
  robot = await start('robot', {});
});
after(async () => {
  await robot.close();
  await hub.close();
  rmSync(root, { recursive: true });
});

suite('a hub and a robot, each a real gateway with its folder', { timeout: 240_000 }, () => {
  test('are connected, and the hub has read the log of the robot', async () => {
    await eventually('the robot', async () => (await presence()) === 'online');
    await eventually('its log', async () => {
      const { log: read } = await fleet('/robots/amr-17');
      return read?.seq > 0 && read.seq >= read.newest;
    });
    const { problems, site, versions } = await fleet('/robots/amr-17');
    assert.deepEqual([problems, site], [[], 'berlin']);
    assert.match(versions.medkit, /^\d/);
    const status = async () => (await fetch(`${robot.url}/api/v1/x-medkit-uplink`)).json();
    const { role, permissions } = (await status()) as { role: string; permissions: readonly string[] };
    assert.equal(role, 'configurator');
    assert.ok(permissions.includes('configurations.write'), `${permissions}`);
  });

  test('serve the API of the robot at the hub', async () => {
    const direct = await (await fetch(`${robot.url}/api/v1/components`)).text();
    const through = await ask('GET', '/fleet/amr-17/api/v1/components');
    assert.deepEqual(JSON.parse(through.text.replaceAll('/fleet/amr-17/api/v1/', '/api/v1/')), JSON.parse(direct));
    assert.equal((await ask('GET', '/fleet/amr-17/api/v1/version-info')).status, 200);
  });

  test('stay one fleet when the hub or the robot restarts', async () => {
    const port = Number(new URL(hub.url).port);
    await hub.close();
    hub = await start('hub', HUB, port);
    await eventually('the return of the robot', async () => (await presence()) === 'online');
    await robot.close();
    await eventually('its absence', async () => (await presence()) === 'offline');
    const away = await ask('GET', '/fleet/amr-17/api/v1/health');
    assert.deepEqual([away.status, away.json().error_code], [504, 'not-responding']);
    robot = await start('robot', {});
    await eventually('its return', async () => (await presence()) === 'online');
    const { problems } = await fleet('/robots/amr-17');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('error')),
      [],
    );
  });

  test('replace the key of the robot over its connection, and continue its log', async () => {
    const before = await fleet('/robots/amr-17');
    const requested = await ask('POST', '/api/v1/x-medkit-fleet/robots/amr-17/rotate');
    assert.equal(requested.status, 200, requested.text);
    await eventually('the new key', async () => (await fleet('/robots/amr-17')).rotation_requested_at === undefined);
    await eventually('the robot', async () => (await presence()) === 'online');
    const rotated = await fleet('/robots/amr-17');
    assert.notEqual(rotated.fingerprint, before.fingerprint);
    const status = async () =>
      (await fetch(`${robot.url}/api/v1/x-medkit-uplink`)).json() as Promise<{ fingerprint: string }>;
    // The robot stores the key after the hub.
    await eventually('the key at the robot', async () => (await status()).fingerprint === rotated.fingerprint);
    await robot.close();
    robot = await start('robot', {});
    await eventually('its return', async () => (await presence()) === 'online');
    await eventually('its log', async () => (await fleet('/robots/amr-17')).log.seq > before.log.seq);
    const { problems, log: read } = await fleet('/robots/amr-17');
    assert.deepEqual([problems, read.id], [[], before.log.id]);
  });

  test('end the uplink when the robot is revoked', async () => {
    assert.equal((await ask('POST', '/api/v1/x-medkit-fleet/robots/amr-17/revoke')).json().state, 'revoked');
    await eventually('the end', async () => (await presence()) === 'offline');
    await eventually('the reason at the robot', async () =>
      /revoked/.test(await (await fetch(`${robot.url}/api/v1/x-medkit-uplink`)).text()),
    );
  });
});
