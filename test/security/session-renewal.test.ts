import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { type TestIdentityProvider, testIdentityProvider } from '../harness/identity-provider.ts';
import type { AccountGateway } from './account-gateway.ts';
import { ALICE, Browser, CALLBACK, providerGateway } from './provider-gateway.ts';

const MINUTE_MS = 60_000;

let provider: TestIdentityProvider;
const opened: Pick<AccountGateway, 'close'>[] = [];
beforeEach(async () => {
  provider = await testIdentityProvider(CALLBACK);
});
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway.close();
  await provider.close();
});

/** A gateway with a session of alice in a browser. */
async function withSession(oidc: object = { refresh: true }) {
  const gateway = await providerGateway(provider, { oidc });
  opened.push(gateway);
  const browser = new Browser();
  provider.logIn(ALICE);
  const { reply } = await gateway.logIn(browser);
  assert.equal(reply.status, 303, reply.text);
  const roleNow = async (): Promise<string> => {
    const { status, body } = await gateway.request(browser, '/x-medkit-me');
    return status === 401 ? 'none' : body.role;
  };
  const role = (wanted: string) => eventually(`the role ${wanted}`, async () => (await roleNow()) === wanted);
  const pass = (minutes: number) => gateway.clock.advanceAsync(minutes * MINUTE_MS, MINUTE_MS);
  return { ...gateway, browser, role, roleNow, pass };
}

const withGroups = (...groups: readonly string[]) => ({ ...ALICE, groups });

/** The refresh tokens in the database, as stored. */
function storedTokens(folder: string): readonly unknown[] {
  const database = new DatabaseSync(join(folder, 'auth.db'), { readOnly: true });
  const rows = database.prepare('SELECT renewal FROM account_sessions').all();
  database.close();
  return rows.map(({ renewal }) => renewal);
}

describe('the groups of a session', () => {
  it('are read again each 15 minutes, and change its role', async () => {
    const { pass, role, roleNow, browser, request } = await withSession();
    provider.logIn(withGroups('robot-readers'));
    await pass(14);
    assert.equal(await roleNow(), 'operator');
    await pass(2);
    await role('viewer');
    assert.equal((await request(browser, '/faults', 'DELETE')).status, 403);
    // With the refresh token that the renewal returned.
    provider.logIn(ALICE);
    await pass(16);
    await role('operator');
    assert.equal(new Set(provider.refreshTokens()).size, 3);
  });

  it('end it if none of them has a role', async () => {
    const { pass, role, lines } = await withSession();
    provider.logIn(withGroups('sales'));
    await pass(16);
    await role('none');
    await eventually('the reason', async () => /a session of oidc:\S+:alice has ended: no-role/.test(lines.join('\n')));
  });

  it('end it if the account was removed at the provider', async () => {
    const { pass, role, lines } = await withSession();
    provider.remove('alice');
    await pass(16);
    await role('none');
    const reason = /a session of oidc:\S+:alice has ended: status 400, invalid_grant/;
    await eventually('the reason', async () => reason.test(lines.join('\n')));
  });

  it('stay while the provider is away, until offline_max, and are read again when it returns', async () => {
    const first = await withSession({ refresh: true, offline_max_sec: 3600 });
    provider.logIn(withGroups('robot-readers'));
    await provider.suspend();
    await first.pass(40);
    assert.equal(await first.roleNow(), 'operator');
    await eventually('the warning', async () => /cannot be read again from/.test(first.lines.join()));
    await provider.resume();
    await first.pass(2);
    await first.role('viewer');
    await provider.suspend();
    await first.pass(50);
    assert.equal(await first.roleNow(), 'viewer');
    await first.pass(15);
    await first.role('none');
  });

  it('are those of the login unless configured', async () => {
    const { pass, roleNow, folder } = await withSession({});
    provider.logIn(withGroups('sales'));
    await pass(30);
    assert.deepEqual([await roleNow(), storedTokens(folder)], ['operator', [null]]);
  });

  it('need a refresh token, which is stored only encrypted, and used after a restart', async () => {
    const { browser, close, clock, folder, lines } = await withSession();
    const [stored] = storedTokens(folder);
    const [token = ''] = provider.refreshTokens();
    assert.equal(typeof stored, 'string');
    assert.ok(token.length > 20 && !Buffer.from(String(stored), 'base64url').includes(token));
    assert.ok(!lines.join().includes(token));
    await close({ keep: true });
    opened.length = 0;
    const later = await providerGateway(provider, { oidc: { refresh: true }, folder, clock });
    opened.push(later);
    provider.logIn(withGroups('robot-readers'));
    await clock.advanceAsync(16 * MINUTE_MS, MINUTE_MS);
    await eventually(
      'the other role',
      async () => (await later.request(browser, '/x-medkit-me')).body.role === 'viewer',
    );
  });
});
