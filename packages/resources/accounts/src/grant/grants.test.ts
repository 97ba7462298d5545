import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Principal } from '@medkit/core';
import { type Accounts, type Credential, isRefusal } from '../index.ts';
import { InvalidGrant, LastAdmin, UnknownRole } from '../refusals.ts';
import { accountStage, OTHER_PASSWORD } from '../testing/account-stage.ts';

const BERLIN = [{ site: 'berlin' }];

async function principalOf(accounts: Accounts, text: string): Promise<Principal> {
  const principal = accounts.principalOf((await accounts.identify(text)) as Credential);
  assert.ok(!isRefusal(principal));
  return principal;
}

async function withAlice(grants = BERLIN, role = 'operator') {
  const stage = await accountStage();
  await stage.accounts.users.add({ name: 'alice', role, password: OTHER_PASSWORD, grants });
  return stage;
}

const keyOf = async (accounts: Accounts, owner: string, grants?: typeof BERLIN): Promise<string> =>
  (await accounts.keys.add({ name: 'k', role: 'viewer', owner, ...(grants && { grants }) })).text;

describe('grants', () => {
  it('of a user and its keys are stored, and a key has those of its owner besides its own ones', async () => {
    const stage = await withAlice();
    const plain = await keyOf(stage.accounts, 'user:alice');
    const text = await keyOf(stage.accounts, 'user:alice', [{ site: 'ulm' }]);
    const { accounts } = await stage.reopen();
    assert.deepEqual(accounts.users.find('alice')?.grants, BERLIN);
    assert.deepEqual((await principalOf(accounts, plain)).scopes, [BERLIN]);
    assert.deepEqual((await principalOf(accounts, text)).scopes, [BERLIN, [{ site: 'ulm' }]]);
    assert.deepEqual((await principalOf(accounts, await keyOf(accounts, 'local'))).scopes, []);
    await accounts.users.change('alice', { grants: [] });
    assert.deepEqual((await principalOf(accounts, plain)).scopes, []);
    assert.equal(accounts.users.find('alice')?.grants, undefined);
  });

  it('apply to tokens that were issued before, and keep the same principal until they change', async () => {
    const stage = await withAlice();
    const granted = await stage.accounts.tokens.grant({ type: 'password', name: 'alice', password: OTHER_PASSWORD });
    assert.ok(!isRefusal(granted));
    const before = await principalOf(stage.accounts, granted.accessToken);
    assert.equal(await principalOf(stage.accounts, granted.accessToken), before);
    await stage.accounts.users.change('alice', { grants: [{ site: 'ulm' }] });
    assert.deepEqual((await principalOf(stage.accounts, granted.accessToken)).scopes, [[{ site: 'ulm' }]]);
  });

  it('with a role have its permissions; a role that no longer exists permits nothing', async () => {
    const stage = await withAlice([{ site: 'berlin', role: 'technician' } as never]);
    const text = await keyOf(stage.accounts, 'user:alice');
    const [[scope]] = (await principalOf(stage.accounts, text)).scopes as [[{ permissions: ReadonlySet<string> }]];
    assert.deepEqual([scope.permissions.has('operations.run'), scope.permissions.has('data.write')], [true, false]);
    const { rolesOf } = await import('../index.ts');
    const { accounts } = await stage.reopen({ roles: rolesOf() });
    const [[later]] = (await principalOf(accounts, text)).scopes as [[{ permissions: ReadonlySet<string> }]];
    assert.equal(later.permissions.size, 0);
  });

  it('take the permissions to manage accounts and to act for others, and the last admin cannot have any', async () => {
    const { accounts } = await withAlice(BERLIN, 'admin');
    const { permissions } = await principalOf(
      accounts,
      (await accounts.keys.add({ name: 'k', role: 'admin', owner: 'user:alice' })).text,
    );
    assert.deepEqual(
      ['accounts', 'impersonate', 'fleet.manage'].map((each) => permissions.has(each as never)),
      [false, false, true],
    );
    await assert.rejects(accounts.users.change('root', { grants: BERLIN }), LastAdmin);
    await assert.rejects(accounts.users.remove('root'), LastAdmin);
  });

  it('of a removed user or key are removed', async () => {
    const { accounts, store } = await withAlice();
    await keyOf(accounts, 'user:alice', BERLIN);
    assert.equal((await store.read('SELECT principal FROM account_grants')).length, 2);
    await accounts.users.remove('alice');
    assert.deepEqual(await store.read('SELECT principal FROM account_grants'), []);
  });

  it('need a place, once each, and a role that exists', async () => {
    const { accounts } = await accountStage();
    const add = (grants: readonly object[]) =>
      accounts.users.add({ name: 'bob', role: 'viewer', password: OTHER_PASSWORD, grants });
    await assert.rejects(add([{ role: 'viewer' }]), InvalidGrant);
    await assert.rejects(add([{ site: 'a' }, { site: 'a', role: 'viewer' }]), InvalidGrant);
    await assert.rejects(add(Array.from({ length: 33 }, (_, at) => ({ site: `s${at}` }))), InvalidGrant);
    await assert.rejects(add([{ site: 'a', role: 'vewer' }]), UnknownRole);
    assert.equal(accounts.users.find('bob'), undefined);
  });

  it('of a user of the users file can be changed here, and nothing else of it', async () => {
    const stage = await accountStage();
    const { accounts } = await stage.reopen({ declaredUsers: [{ name: 'image', role: 'viewer', hash: HASH }] });
    assert.deepEqual((await accounts.users.change('image', { grants: BERLIN })).grants, BERLIN);
    await accounts.reload();
    assert.deepEqual(accounts.users.find('image')?.grants, BERLIN);
    await assert.rejects(accounts.users.change('image', { grants: [], role: 'admin' }), /users_file/);
  });
});

const HASH = '$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE';
