import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { AUDIENCE, type TestIdentityProvider, testIdentityProvider } from '../harness/identity-provider.ts';
import { type AccountGateway, type AccountGatewayOptions, accountGateway, bearer } from './account-gateway.ts';

const ROLE_MAP = new Map([
  ['robot-operators', 'operator'],
  ['Leser:innen', 'viewer'],
  ['管理者', 'admin'],
]);

let provider: TestIdentityProvider;
const opened: AccountGateway[] = [];
before(async () => {
  provider = await testIdentityProvider();
});
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
});
after(() => provider.close());

async function open(options: AccountGatewayOptions = {}) {
  const { oidc: defaults } = (await testConfig()).auth;
  const oidc = { ...defaults, issuer: provider.issuer, audience: AUDIENCE };
  const auth = { require_auth_for: 'all', clients: ['fleet:its-secret:operator'], oidc };
  const gateway = await accountGateway({
    clock: new SimulatedClock({ epochMs: Date.now() }),
    ...options,
    changes: { auth, roleMap: ROLE_MAP },
  });
  opened.push(gateway);
  const whoami = async (token: string) => (await gateway.ask('GET', '/x-medkit-me', { headers: bearer(token) })).body;
  const status = async (token: string) => (await gateway.ask('GET', '/apps', { headers: bearer(token) })).status;
  return { ...gateway, whoami, status };
}

/** Minimum time between two requests for keys. */
const RETRY_MS = 30_000;

describe('a gateway with an identity provider', () => {
  it('identifies an account of the provider by its access token, with the role of its group', async () => {
    const gateway = await open();
    const token = await provider.tokenOf(['everybody', 'robot-operators']);
    const me = await gateway.whoami(token);
    const { host } = new URL(provider.issuer);
    assert.deepEqual(
      [me.principal, me.kind, me.role, me.method, me.must_change_password],
      [`oidc:${host}:service`, 'oidc', 'operator', 'oidc', undefined],
    );
    assert.ok(Date.parse(me.expires_at) > Date.now());
    assert.equal((await gateway.ask('DELETE', '/faults', { headers: bearer(token) })).status, 204);
    assert.equal((await gateway.ask('GET', '/auth/users', { headers: bearer(token) })).status, 403);
    assert.equal((await gateway.whoami(await provider.tokenOf('Leser:innen'))).role, 'viewer');
    assert.equal((await gateway.whoami(await provider.tokenOf(['Leser:innen', '管理者']))).role, 'admin');
  });

  it('names issuer and subject in the audit log, also of the first denied request', async () => {
    const gateway = await open();
    const token = await provider.tokenOf(['robot-operators']);
    await gateway.ask('DELETE', '/faults', { headers: bearer(token) });
    await gateway.ask('GET', '/auth/users', { headers: bearer(token) });
    const admin = bearer(await provider.tokenOf(['管理者']));
    const { body } = await gateway.ask('GET', '/x-medkit-audit', { headers: admin });
    const requests = body.items.flatMap(({ request }: { request?: object }) => request ?? []);
    assert.deepEqual(
      requests.map((request: Readonly<Record<string, never>>) => [request['operation_id'], request['notes']]),
      [
        ['listUsers', { oidc_issuer: provider.issuer, oidc_subject: 'service', permission: 'accounts' }],
        ['clearAllFaults', { oidc_issuer: provider.issuer, oidc_subject: 'service' }],
      ],
    );
  });

  it('refuses an account without a role, with the reason and the remedy', async () => {
    const gateway = await open();
    const { status, body } = await gateway.ask('GET', '/apps', { headers: bearer(await provider.tokenOf(['sales'])) });
    assert.equal(status, 401);
    assert.match(body.message, /none of its groups has a role here: ask an admin to add one to auth.oidc.role_map/);
    const overage = bearer(await provider.tokenOf(undefined));
    assert.equal((await gateway.ask('GET', '/apps', { headers: overage })).status, 401);
  });

  it('refuses a token for another service, and a damaged one', async () => {
    const gateway = await open();
    assert.equal(await gateway.status(await provider.tokenOf(['robot-operators'], 'urn:wiki')), 401);
    const token = await provider.tokenOf(['robot-operators']);
    const [header, claims, signature] = token.split('.');
    assert.equal(await gateway.status(`${header}.${claims}.${signature?.slice(0, -4)}AAAA`), 401);
    assert.equal(await gateway.status(`${header}.${claims}.`), 401);
    assert.equal(await gateway.status(token), 200);
  });

  it('still accepts its own tokens, and keys', async () => {
    const gateway = await open();
    const grant = { grant_type: 'client_credentials', client_id: 'fleet', client_secret: 'its-secret' };
    const { body } = await gateway.ask('POST', '/auth/authorize', { body: grant });
    assert.equal((await gateway.whoami(body.access_token)).principal, 'client:fleet');
    assert.equal(await gateway.status(await gateway.keyFor('viewer')), 200);
  });

  it('ends access when the token expires', async () => {
    const gateway = await open();
    const token = await provider.tokenOf(['robot-operators']);
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    assert.equal(await gateway.status(token), 200);
    gateway.clock.advance(exp * 1000 + 59_000 - gateway.clock.wallMs());
    assert.equal(await gateway.status(token), 200);
    gateway.clock.advance(1000);
    const reply = await gateway.ask('GET', '/apps', { headers: bearer(token) });
    assert.deepEqual(
      [reply.status, reply.body.message],
      [401, 'The credential of the request has expired: log in again, or create a new key'],
    );
  });

  it('reports a clock that is not set', async () => {
    const gateway = await open({ clock: new SimulatedClock({ epochMs: 0 }) });
    const { body } = await gateway.ask('GET', '/apps', { headers: bearer(await provider.tokenOf(['管理者'])) });
    assert.match(body.message, /clock of the gateway is not set/);
  });

  it('creates no key for an account of the provider, whose role it cannot follow', async () => {
    const gateway = await open();
    const headers = bearer(await provider.tokenOf(['管理者']));
    const { status, body } = await gateway.ask('POST', '/auth/keys', { headers, body: { name: 'x', role: 'viewer' } });
    assert.equal(status, 409);
    assert.match(body.message, /account of the identity provider cannot own keys: send its access token/);
  });
});

describe('the keys of the identity provider', () => {
  it('are fetched again when the provider signs with a new key, at most each 30 seconds', async () => {
    const gateway = await open();
    const old = await provider.tokenOf(['robot-operators']);
    assert.equal(await gateway.status(old), 200);
    provider.rotateKey();
    const token = await provider.tokenOf(['robot-operators']);
    const before = provider.keyRequests();
    for (let count = 0; count < 10; count += 1) assert.equal(await gateway.status(token), 401);
    assert.equal(provider.keyRequests(), before);
    gateway.clock.advance(RETRY_MS);
    assert.equal(await gateway.status(token), 200);
    assert.equal(provider.keyRequests(), before + 1);
  });

  it('serve a robot without a network after a restart, until they are too old', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medkit-offline-'));
    const clock = new SimulatedClock({ epochMs: Date.now() });
    const token = await provider.tokenOf(['robot-operators']);
    try {
      const first = await open({ folder, clock });
      assert.equal(await first.status(token), 200);
      await first.close({ keep: true });
      opened.pop();
      await provider.suspend();
      const second = await open({ folder, clock });
      assert.equal(await second.status(token), 200);
      await second.close({ keep: true });
      opened.pop();
      const third = await open({ folder, clock: new SimulatedClock({ epochMs: Date.now() + 604_900_000 }) });
      const reply = await third.ask('GET', '/apps', { headers: bearer(token) });
      assert.equal(reply.status, 503);
      assert.match(reply.body.message, /identity provider cannot be reached.*try again later, or log in with a user/);
      const key = await third.keyFor('viewer');
      assert.equal(await third.status(key), 200);
    } finally {
      await provider.resume();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
