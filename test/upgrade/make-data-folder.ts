import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { eventsAfter, REQUESTED_PATHS } from './requested-paths.ts';
import { startMotor } from './robot.ts';

/**
 * Makes an archive with a data folder of a version of medkit, and with the answers of that version: `tools/with-node
 * test/upgrade/make-data-folder.ts <path of that version's main.ts> <archive>`. Run once per version; the archive is
 * committed.
 */
const [, , program = '', archive = ''] = process.argv;
assert.ok(program !== '' && archive !== '', 'usage: make-data-folder.ts <main.ts of a version> <archive.tar.gz>');

const work = mkdtempSync(join(tmpdir(), 'medkit-upgrade-'));
const staging = join(work, 'kept');
mkdirSync(staging);
copyFileSync(join(import.meta.dirname, 'medkit.yaml'), join(staging, 'medkit.yaml'));
const domainId = await reserveDomain();

/** A receiver that accepts no event: its deliveries become dead letters. */
const receiver = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const { port } = receiver.address() as { readonly port: number };

const args = ['up', '--port', '0', '--config', join(staging, 'medkit.yaml'), '--data-dir', join(staging, 'data')];
const gateway = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', resolve(program), ...args], {
  env: { ...process.env, ROS_DOMAIN_ID: String(domainId), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(gateway, 'exit');
let printed = '';
gateway.stdout.on('data', (chunk: Buffer) => {
  printed += chunk;
});
const url = await eventually('the gateway', async () => /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0]);

async function ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const isForm = body instanceof FormData;
  const json = body !== undefined && !isForm;
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(json && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const robot = await startMotor(domainId);
const app = '/apps/motor';
await eventually('the motor has a value', async () => {
  const { items } = await ask('GET', `${app}/data`);
  return items.length >= 2 && (await ask('GET', `${app}/data/motor%2Fcurrent`)).data?.data === 1;
});

const resource = `/api/v1${app}/data/motor%2Fcurrent`;
const changed = { resource, trigger_condition: { condition_type: 'OnChange' }, persistent: true, multishot: true };
for (const more of [
  {},
  { trigger_condition: { condition_type: 'OnChangeTo', target_value: { data: 5 } } },
  { protocol: 'webhook', webhook: { url: `http://127.0.0.1:${port}/hook`, secret: 'a secret of many letters' } },
]) {
  await ask('POST', `${app}/triggers`, { ...changed, ...more });
}
await ask('POST', `${app}/fault-triggers`, {
  data_name: '/motor/current',
  operator: '>',
  threshold: 100,
  fault_code: 'MOTOR_OVERLOAD',
  severity: 'ERROR',
});

const map = new FormData();
map.set('file', new File(['a map of the hall'], 'hall.pgm'));
await ask('POST', `${app}/bulk-data/maps`, map);
const script = new FormData();
script.set('file', new File(['echo hello\n'], 'hello.sh'));
script.set('metadata', JSON.stringify({ description: 'Says hello' }));
await ask('POST', `${app}/scripts`, script);
await ask('POST', `${app}/scripts/hello/executions`, { execution_type: 'now' });
await eventually('the script has ended', async () => {
  const { items } = await ask('GET', `${app}/scripts/hello/executions`);
  const { status } = await ask('GET', `${app}/scripts/hello/executions/${items[0].id}`);
  return status === 'completed';
});
await ask('POST', `${app}/locks`, { lock_expiration: 3600, scopes: ['configurations'] }, { 'X-Client-Id': 'alice' });

robot.current(5);
await delay(500);
await robot.report('PENDING', 'failed', 1);
await robot.report('NEAR', 'failed', 2);
await robot.report('NEAR', 'passed', 3);
for (const code of ['CONFIRMED', 'HEALING', 'HEALED', 'CLEARED']) {
  await robot.report(code, 'failed', 3);
  await delay(1500);
}
await robot.report('HEALING', 'passed', 4);
await robot.report('HEALED', 'passed', 10);
await ask('DELETE', `${app}/faults/CLEARED`);
await eventually('the hook is given up', async () => {
  const { items } = await ask('GET', '/x-medkit-webhooks/deliveries?state=dead');
  return items.length > 0;
});
// Nothing changes any more during the requests.
await delay(3000);
const answers: Record<string, unknown> = {};
for (const path of REQUESTED_PATHS) answers[path] = await ask('GET', path);
const events = await eventsAfter(`${url}/api/v1`, 1);
writeFileSync(join(staging, 'answers.json'), JSON.stringify({ answers, events }, undefined, 1));

// A capture that was in progress at a power failure: it waits for the temperature, which is never published.
await robot.report('CUT', 'failed', 3);
gateway.kill('SIGKILL');
await ended;
receiver.close();
await robot[Symbol.asyncDispose]();

// A lock lasts an hour, but this folder is used for years.
const database = new DatabaseSync(join(staging, 'data', 'gateway.db'));
database.exec(`UPDATE locks SET expires_ms = ${Date.UTC(2100, 0)}`);
database.close();
// Reserved space for a full disk, and shared memory of processes: neither is data.
const excluded = ['--exclude=*.reserve', '--exclude=*-shm'];
const { status } = spawnSync('tar', ['-C', staging, ...excluded, '-czf', resolve(archive), '.'], { stdio: 'inherit' });
assert.equal(status, 0);
rmSync(work, { recursive: true });
