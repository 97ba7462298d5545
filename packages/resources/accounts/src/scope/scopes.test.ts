import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Principal } from '@medkit/core';
import { type Accounts, type Credential, isRefusal, rolesOf } from '../index.ts';
import { InvalidScope, LastAdmin, UnknownPermission } from '../refusals.ts';
import { accountStage, OTHER_PASSWORD } from '../testing/account-stage.ts';

const ARM = [{ entities: ['components/arm/**'], collections: ['faults'], permissions: ['read'] }];
const LINE = [{ entities: ['areas/line-2/**'] }];

async function principalOf(accounts: Accounts, text: string): Promise<Principal> {
  const principal = accounts.principalOf((await accounts.identify(text)) as Credential);
  assert.ok(!isRefusal(principal));
  return principal;
}

const keyOf = async (accounts: Accounts, owner: string, scopes?: typeof LINE, role = 'viewer'): Promise<string> =>
  (await accounts.keys.add({ name: 'k', role, owner, ...(scopes && { scopes }) })).text;

async function withAlice(scopes: typeof LINE = LINE, role = 'operator') {
  const stage = await accountStage();
  await stage.accounts.users.add({ name: 'alice', role, password: OTHER_PASSWORD, scopes });
  return stage;
}

describe('scopes', () => {
  it('of users and keys are stored; a key has those of its owner besides its separate ones', async () => {
    const stage = await withAlice();
    const [plain, limited] = [
      await keyOf(stage.accounts, 'user:alice'),
      await keyOf(stage.accounts, 'user:alice', ARM),
    ];
    const ofKey = await keyOf(stage.accounts, `key:${limited.split('_')[1]}`);
    const { accounts } = await stage.reopen();
    assert.deepEqual(accounts.users.find('alice')?.scopes, LINE);
    assert.deepEqual((await principalOf(accounts, plain)).entityScopes, [LINE]);
    assert.deepEqual((await principalOf(accounts, limited)).entityScopes, [LINE, ARM]);
    assert.deepEqual((await principalOf(accounts, ofKey)).entityScopes, [LINE, ARM]);
    assert.equal('entityScopes' in (await principalOf(accounts, await keyOf(accounts, 'local'))), false);
    await accounts.users.change('alice', { scopes: [] });
    assert.deepEqual((await principalOf(accounts, limited)).entityScopes, [ARM]);
    assert.equal('entityScopes' in (await principalOf(accounts, plain)), false);
  });

  it('keep the same principal until they change, and apply to tokens that were issued before', async () => {
    const { accounts } = await withAlice();
    const granted = await accounts.tokens.grant({ type: 'password', name: 'alice', password: OTHER_PASSWORD });
    assert.ok(!isRefusal(granted));
    const before = await principalOf(accounts, granted.accessToken);
    assert.deepEqual(before.entityScopes, [LINE]);
    assert.equal(await principalOf(accounts, granted.accessToken), before);
    const key = await keyOf(accounts, 'user:alice');
    assert.equal(await principalOf(accounts, key), await principalOf(accounts, key));
    await accounts.users.change('alice', { scopes: ARM });
    assert.deepEqual((await principalOf(accounts, granted.accessToken)).entityScopes, [ARM]);
  });

  it('of a role limit its users, clients and keys, besides those of the role that it extends', async () => {
    const roles = rolesOf({
      line: { extends: 'operator', scopes: LINE },
      arm: { extends: 'line', scopes: ARM },
      plain: { extends: 'arm' },
    });
    assert.deepEqual(
      [roles.scopesOf('arm'), roles.scopesOf('plain')],
      [
        [LINE, ARM],
        [LINE, ARM],
      ],
    );
    assert.deepEqual(roles.scopesOf('operator'), []);
    const { accounts } = await accountStage({ roles });
    await accounts.users.add({ name: 'alice', role: 'line', password: OTHER_PASSWORD, scopes: ARM });
    assert.deepEqual((await principalOf(accounts, await keyOf(accounts, 'user:alice'))).entityScopes, [LINE, ARM]);
    assert.deepEqual((await principalOf(accounts, await keyOf(accounts, 'local', undefined, 'line'))).entityScopes, [
      LINE,
    ]);
  });

  it('take the permissions to manage accounts and to act for others, and the last admin cannot have any', async () => {
    const { accounts } = await withAlice(LINE, 'admin');
    const { permissions } = await principalOf(accounts, await keyOf(accounts, 'user:alice', undefined, 'admin'));
    assert.deepEqual(
      ['accounts', 'impersonate', 'data.write'].map((each) => permissions.has(each as never)),
      [false, false, true],
    );
    await assert.rejects(accounts.users.change('root', { scopes: LINE }), LastAdmin);
    await assert.rejects(accounts.users.remove('root'), LastAdmin);
  });

  it('of a removed user or key are removed', async () => {
    const { accounts, store } = await withAlice();
    await keyOf(accounts, 'user:alice', ARM);
    assert.equal((await store.read('SELECT principal FROM account_scopes')).length, 2);
    await accounts.users.remove('alice');
    assert.deepEqual(await store.read('SELECT principal FROM account_scopes'), []);
  });

  it('that this version cannot read permit nothing', async () => {
    const stage = await withAlice();
    const key = await keyOf(stage.accounts, 'user:alice');
    await stage.store.write([{ sql: `UPDATE account_scopes SET scope = '{"entities": "all"}'` }]);
    const { accounts } = await stage.reopen();
    assert.deepEqual((await principalOf(accounts, key)).entityScopes, [
      [{ entities: [], collections: [], permissions: [] }],
    ]);
  });

  it('are those of an owner now, always the same object while they do not change', async () => {
    const { accounts } = await withAlice([]);
    assert.deepEqual(accounts.entityLimitsOf('user:alice'), []);
    await accounts.users.change('alice', { scopes: LINE });
    assert.deepEqual(accounts.entityLimitsOf('user:alice'), [LINE]);
    assert.equal(accounts.entityLimitsOf('user:alice'), accounts.entityLimitsOf('user:alice'));
    assert.equal(accounts.ownerProblem('user:alice'), undefined, 'the scopes decide which triggers are suspended');
    assert.equal(accounts.entityLimitsOf('oidc:example.com:alice'), undefined);
  });

  it('are bounded, name entities and permissions that exist, and do not mix with limits to sites', async () => {
    const { accounts } = await accountStage();
    const add = (scopes: readonly object[], more: object = {}) =>
      accounts.users.add({ name: 'bob', role: 'viewer', password: OTHER_PASSWORD, scopes: scopes as never, ...more });
    const many = (count: number) => Array.from({ length: count }, (_, at) => `apps/a${at}`);
    for (const scopes of [
      [{ entities: [] }],
      [{ entities: ['robots/a'] }],
      [{ entities: many(65) }],
      many(17).map((entity) => ({ entities: [entity] })),
      [{ entities: [`tag:${'x'.repeat(300)}`] }],
      [{ entities: ['**'], collections: [] }],
      [{ entities: ['**'], permissions: [] }],
      [{ entities: ['**'], collections: many(33).map((_, at) => `c${at}`) }],
      [{ entities: ['**'], collections: ['a/b'] }],
    ]) {
      await assert.rejects(add(scopes), InvalidScope, JSON.stringify(scopes).slice(0, 200));
    }
    await assert.rejects(add([{ entities: ['**'], permissions: ['raed'] }]), UnknownPermission);
    await assert.rejects(add(LINE, { grants: [{ site: 'berlin' }] }), /choose one/);
    assert.equal(accounts.users.find('bob'), undefined);
    assert.throws(() => rolesOf({ r: { scopes: [{ entities: ['x'] }] } }), /the scopes of the role r: "x" names no/);
  });
});
