import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryAudit } from '../../packages/resources/audit/src/testing/memory-audit.ts';
import { eventually } from '../harness/eventually.ts';
import {
  type AccountGateway,
  type AccountGatewayOptions,
  accountGateway,
  bearer,
  EPOCH_MS,
  PASSWORD,
} from './account-gateway.ts';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

const opened: AccountGateway[] = [];
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});

async function open({ parts, ...options }: AccountGatewayOptions = {}) {
  const auditFile = memoryAudit(new SimulatedClock({ epochMs: EPOCH_MS }));
  const gateway = await accountGateway({ ...options, parts: { auditFile, ...parts } });
  opened.push(gateway);
  await gateway.accounts.users.add({ name: 'alice', role: 'admin', password: PASSWORD });
  const admin = bearer(await gateway.keyFor('admin'));
  const records = async (query = '') =>
    (await gateway.ask('GET', `/x-medkit-audit?${query}`, { headers: admin })).body.items;
  return { ...gateway, auditFile, admin, records };
}

describe('an unauthenticated client', () => {
  const attempts: readonly (readonly [method: string, path: string, body: unknown])[] = [
    ['POST', '/auth/login', {}],
    ['POST', '/auth/login', '{'],
    ['POST', '/auth/login', { name: 'alice', password: 'wrong wrong wrong' }],
    ['POST', '/auth/setup', { code: 'AAAAA-AAAAA', name: 'eve', password: PASSWORD }],
    ['POST', '/auth/authorize', { grant_type: 'password', username: 'alice', password: 'wrong wrong' }],
    ['POST', '/auth/authorize', { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' }],
    ['POST', '/auth/authorize', {}],
    ['POST', '/authorize', { grant_type: 'nothing' }],
    ['POST', '/auth/token', { grant_type: 'refresh_token', refresh_token: 'a.b.c' }],
    ['POST', '/token', {}],
    ['POST', '/auth/revoke', { token: 'a.b.c' }],
    ['POST', '/auth/revoke', {}],
    ['POST', '/x-medkit-notify/acknowledge/guessed', {}],
    ['PUT', '/apps/arm/data/pose', { data: 1 }],
    ['DELETE', '/faults', undefined],
    ['POST', '/nowhere', {}],
  ];

  it('leaves no separate record, whatever it sends: refused requests are in the summary', async () => {
    const gateway = await open();
    for (const [method, path, body] of attempts) await gateway.ask(method, path, { body });
    assert.deepEqual(await gateway.records('kind=request'), []);
    const denied = (await gateway.ask('GET', '/x-medkit-audit/denied', { headers: gateway.admin })).body;
    assert.equal(denied.reasons['wrong-login'], 4);
    assert.ok(denied.reasons['unauthenticated-request'] >= 6, JSON.stringify(denied.reasons));
    assert.equal(denied.refused, attempts.length - 1, 'all but the unknown token to revoke, which is no error');
  });

  it('has a record once it has logged in, or received or revoked a token', async () => {
    const gateway = await open();
    await gateway.logIn('alice');
    const body = { grant_type: 'password', username: 'alice', password: PASSWORD };
    const tokens = (await gateway.ask('POST', '/auth/authorize', { body })).body;
    const next = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const { refresh_token } = (await gateway.ask('POST', '/auth/token', { body: next })).body;
    await gateway.ask('POST', '/auth/revoke', { body: { token: refresh_token } });
    await gateway.ask('POST', '/auth/revoke', { body: { token: refresh_token } });
    const found: { request: { operation_id: string; notes: object } }[] = await gateway.records('kind=request');
    assert.deepEqual(
      found.map(({ request }) => [request.operation_id, request.notes]),
      [
        ['revokeToken', { subject: 'user:alice' }],
        ['getToken', { grant: 'refresh_token' }],
        ['authorize', { grant: 'password', subject: 'user:alice' }],
        ['logIn', { user: 'alice' }],
      ],
    );
  });
});

describe('refused requests of a known client', () => {
  it('have records that count towards a separate limit, and are found with all others', async () => {
    const gateway = await open({ changes: { audit: { max_requests: 1000 } } });
    const { admin: headers } = gateway;
    await gateway.ask('DELETE', '/faults', { headers });
    await gateway.ask('DELETE', '/apps/arm/faults/NONE', { headers });
    const rows = await (await gateway.auditFile.store()).read('SELECT transition, status FROM audit_log ORDER BY seq');
    assert.deepEqual(
      rows.map(({ transition, status }) => [transition, status]),
      [
        ['request', '204'],
        ['request_minor', '404'],
      ],
    );
    assert.equal((await gateway.records('kind=request')).length, 2);
    assert.equal((await gateway.records('outcome=refused')).length, 1);
    assert.equal((await gateway.records('kind=fault')).length, 0);
  });
});

describe('a stranger that keeps guessing', () => {
  const guess = (gateway: AccountGateway, headers: Readonly<Record<string, string>> = {}, password = 'not this one') =>
    gateway.ask('POST', '/auth/login', { body: { name: 'alice', password }, headers });

  it('does not lock out a browser that has logged in before, from the same address and across a restart', async () => {
    const first = await open();
    const { cookies } = await first.logIn('alice');
    const device = cookies.find((each) => each.includes('-device=')) ?? assert.fail('no mark of the device');
    opened.pop();
    await first.close({ keep: true });
    const gateway = await accountGateway({ folder: first.folder, seed: 5 });
    opened.push(gateway);
    let status = 0;
    for (let time = 0; time < 20 && status !== 429; time += 1) status = (await guess(gateway)).status;
    assert.equal(status, 429);
    assert.equal((await guess(gateway, {}, PASSWORD)).status, 429, 'a new device waits');
    assert.equal((await guess(gateway, { cookie: device }, PASSWORD)).status, 200);
    assert.equal((await guess(gateway, { cookie: device.replace(/.$/, '') }, PASSWORD)).status, 429);
    assert.equal((await guess(gateway)).status, 429, 'the stranger still waits');
  });

  it('does not prevent a user with a session from changing the password', async () => {
    const gateway = await open();
    const { cookie } = await gateway.logIn('alice');
    for (let time = 0; time < 8; time += 1) await guess(gateway);
    const body = { password: PASSWORD, new_password: 'seven green apples' };
    assert.equal(
      (await gateway.ask('PUT', '/auth/password', { headers: { cookie, ...SAME_ORIGIN }, body })).status,
      204,
    );
  });

  it('does not prevent the owner from the setup, and is rate-limited', async () => {
    const gateway = await open({ changes: { auth: { setup: true } } });
    const setUp = (code: string) =>
      gateway.ask('POST', '/auth/setup', { body: { code, name: 'owner', password: PASSWORD } });
    const file = join(gateway.folder, 'setup-code');
    // The gateway does not wait for this file when it starts.
    const code = (await eventually('the setup code', () => readFile(file, 'utf8'))).trim();
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const statuses = new Set<number>();
    for (let time = 0; time < 100; time += 1) statuses.add((await setUp(`AAAAA-${time}`)).status);
    assert.deepEqual([...statuses], [401, 429]);
    assert.equal((await setUp(code)).status, 200);
  });
});
