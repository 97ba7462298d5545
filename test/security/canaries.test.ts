import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Program, startProgram } from '../harness/program.ts';

// biome-ignore lint/suspicious/noExplicitAny: replies may have any shape.
type Json = any;

const DOMAIN = await reserveDomain();
const TOKEN = 'canary-server-token-0123456789';
const JWT = 'canary-jwt-secret-0123456789-0123456789';
const CLIENT = 'canary-client-secret';
const PASSWORD = 'canary password of alice';
const NEW_PASSWORD = 'canary second password';
const WRONG = 'canary wrong password';
const WEBHOOK = 'canary-webhook-secret-0123456789';

const MEDKIT = join(import.meta.dirname, '..', '..', 'packages', 'programs', 'cli', 'src', 'main.ts');

/** Searches for each secret in every output and stored file that must not contain it. */
describe('no secret of a gateway', () => {
  /** Names of the secrets, by their values. */
  const canaries = new Map<string, string>(
    Object.entries({ TOKEN, JWT, CLIENT, PASSWORD, NEW_PASSWORD, WRONG, WEBHOOK }),
  );
  /** Answers, except those that return a secret to its owner. */
  const answers: string[] = [];
  let folder = '';
  let data = '';
  let config = '';
  let program: Program;
  let api = '';

  const found = (text: string): readonly string[] =>
    [...canaries].filter(([, secret]) => text.includes(secret)).map(([name]) => name);

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Json> {
    const reply = await fetch(`${api}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    const json = reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    return { status: reply.status, text, body: json, cookies: reply.headers.getSetCookie() };
  }

  /** Sends a request whose answer must not contain a secret. */
  const askRecorded = async (...request: Parameters<typeof ask>) => {
    const reply = await ask(...request);
    answers.push(reply.text);
    return reply;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medkit-canary-'));
    [data, config] = [join(folder, 'data'), join(folder, 'medkit.yaml')];
    const text = [
      'scripts.runner: plain',
      `server: {port: 0, token: ${TOKEN}}`,
      `auth: {enabled: true, jwt_secret: ${JWT}, clients: ["fleet:${CLIENT}:operator"]}`,
      'webhooks.allowed_targets: [127.0.0.1]',
      // Files that are attached to a bug report.
      `record: {file: ${join(data, 'robot.pcap')}}`,
    ];
    await writeFile(config, `${text.join('\n')}\n`, { mode: 0o600 });
    program = startProgram(['up', '--config', config, '--data-dir', data, '--domain', String(DOMAIN)], {
      env: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
    });
    const [url] = await program.printed(/http:\/\/127\.0\.0\.1:\d+/);
    api = `${url}/api/v1`;
  });
  after(async () => {
    await program.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  });

  it('is sent in the answer to a failed request, wherever it was in the request', async () => {
    const root = { authorization: `Bearer ${TOKEN}` };
    assert.equal(
      (await ask('POST', '/auth/users', { name: 'alice', role: 'admin', password: PASSWORD }, root)).status,
      201,
    );
    const made = await ask('POST', '/auth/users', { name: 'bob', role: 'viewer' }, root);
    canaries.set('made-up password', made.body.password);
    const logIn = await ask('POST', '/auth/login', { name: 'alice', password: PASSWORD });
    assert.equal(logIn.status, 200, logIn.text);
    for (const [n, cookie] of logIn.cookies.entries()) canaries.set(`cookie ${n}`, cookie.split(';')[0].split('=')[1]);
    const cookie = logIn.cookies[0].split(';')[0];
    const page = { cookie, 'sec-fetch-site': 'same-origin' };
    const key = (await ask('POST', '/auth/keys', { name: 'ci', password: PASSWORD }, page)).body.key as string;
    canaries.set('key', key.split('_')[2] as string);
    const keyed = { authorization: `Bearer ${key}` };
    const credentials = { grant_type: 'client_credentials', client_id: 'fleet', client_secret: CLIENT };
    const tokens = (await ask('POST', '/auth/authorize', credentials)).body;
    canaries
      .set('access token', tokens.access_token.split('.')[2])
      .set('refresh token', tokens.refresh_token.split('.')[2]);
    const path = '/api/v1/faults/stream';
    const { ticket } = (await ask('POST', '/auth/stream-ticket', { path }, keyed)).body;
    canaries.set('ticket', ticket);
    const closing = new AbortController();
    assert.equal((await fetch(`${api}/faults/stream?ticket=${ticket}`, { signal: closing.signal })).status, 200);
    closing.abort();

    // People type passwords into the name field.
    await askRecorded('POST', '/auth/login', { name: PASSWORD, password: 'alice' });
    await askRecorded('POST', '/auth/login', { name: 'alice', password: WRONG });
    await askRecorded('POST', '/auth/login', `{"name":"alice","password":"${WRONG}"`);
    await askRecorded('POST', '/auth/login', { name: 'alice', password: [WRONG] });
    await askRecorded('POST', '/auth/authorize', { ...credentials, client_id: CLIENT, client_secret: WRONG });
    await askRecorded('POST', '/auth/authorize', { ...credentials, grant_type: CLIENT.repeat(2) });
    await askRecorded('POST', '/auth/token', { grant_type: 'refresh_token', refresh_token: tokens.access_token });
    await askRecorded('GET', `/faults/stream?ticket=${ticket}`);
    await askRecorded('GET', `/apps?access_token=${key}&token=${TOKEN}`);
    await askRecorded('PUT', `/apps/nobody/data/x?key=${key}`, { data: 1 }, keyed);
    await askRecorded('DELETE', `/faults?token=${TOKEN}`, undefined, page);
    for (const text of [`${TOKEN}x`, `${key}x`, `${tokens.access_token}x`, WRONG]) {
      await askRecorded('GET', '/apps', undefined, { authorization: `Bearer ${text}` });
      await askRecorded('GET', '/apps', undefined, { authorization: text, cookie: `${cookie}x` });
    }
    await askRecorded('PUT', '/auth/password', { password: WRONG, new_password: NEW_PASSWORD }, page);
    assert.equal(
      (await askRecorded('PUT', '/auth/password', { password: PASSWORD, new_password: NEW_PASSWORD }, page)).status,
      204,
    );
    await askRecorded('PUT', '/auth/users/bob', { password: WRONG }, root);
    const [{ id: component }] = (await askRecorded('GET', '/components', undefined, root)).body.items;
    const trigger = {
      resource: `/api/v1/components/${component}/faults`,
      trigger_condition: { condition_type: 'OnChange' },
      protocol: 'webhook',
      webhook: { url: 'http://127.0.0.1:9/hook', secret: WEBHOOK },
    };
    const created = await askRecorded('POST', `/components/${component}/triggers`, trigger, root);
    assert.equal(created.status, 201, created.text);
    for (const each of [
      '/auth/users',
      '/auth/keys',
      '/auth/sessions',
      '/x-medkit-me',
      `/components/${component}/triggers`,
    ]) {
      await askRecorded('GET', each, undefined, root);
    }
    await askRecorded('GET', '/x-medkit-me', undefined, page);
    assert.deepEqual(answers.flatMap(found), []);
  });

  it('is in the gateway’s health, its audit log, its documents or its description', async () => {
    const root = { authorization: `Bearer ${TOKEN}` };
    for (const path of [
      '/health',
      '/x-medkit-audit',
      '/',
      '/docs',
      '/version-info',
      '/x-medkit-webhooks',
      '/x-medkit-settings',
    ]) {
      const { text } = await ask('GET', path, undefined, root);
      assert.deepEqual([path, ...found(text)], [path]);
    }
    const { items } = (await ask('GET', '/x-medkit-audit', undefined, root)).body;
    assert.ok(items.length > 5, 'what happened is in the log');
  });

  it('is printed for its operator, or readable by other programs of the machine', async () => {
    assert.deepEqual(found(program.output()), []);
    for (const file of ['cmdline', 'environ']) {
      assert.deepEqual(found(await readFile(`/proc/${program.pid}/${file}`, 'utf8')), [], file);
    }
    for (const args of [
      ['config', 'explain', config, '--all', '--json'],
      ['doctor', '--json', '--config', config, '--domain', String(DOMAIN)],
    ]) {
      const { stdout, stderr } = spawnSync(process.execPath, [MEDKIT, ...args], { encoding: 'utf8', timeout: 30_000 });
      assert.equal(typeof JSON.parse(stdout), 'object', stderr);
      assert.deepEqual(found(stdout + stderr), [], args.join(' '));
    }
  });

  it('is stored in clear, except webhook secrets; accounts are in a separate file that only the owner can read', async () => {
    // The time of last use is written some seconds later.
    await eventually('the accounts on disk', async () => (await readdir(data)).includes('auth.db'));
    const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
    for (const { name, parentPath } of files) {
      const text = (await readFile(join(parentPath, name))).toString('latin1');
      // A webhook is signed with its secret, also after a restart, so the secret is stored.
      const leaked = found(text).filter((each) => !(each === 'WEBHOOK' && name.startsWith('gateway.db')));
      assert.deepEqual([name, ...leaked], [name]);
    }
    assert.ok(files.some(({ name }) => name === 'robot.pcap'));
    const { mode } = await stat(join(data, 'auth.db'));
    assert.equal(mode & 0o077, 0);
  });
});
