import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoreFull } from '@medkit/store';
import type { Accounts } from './accounts.ts';
import { type Credential, isRefusal } from './index.ts';
import { TooMany } from './refusals.ts';
import { rolesOf } from './role/configured-roles.ts';
import { accountStage, OTHER_PASSWORD, PASSWORD } from './testing/account-stage.ts';

const FROM = { userAgent: 'Firefox', address: '10.0.0.7' };

/** Lists all users, keys and sessions. */
const all = ({ users, keys, sessions }: Accounts) => [users.list(), keys.list(), sessions.list()];

describe('accounts', () => {
  it('stay unchanged if a write fails, which is reported', async () => {
    const { accounts, store } = await accountStage();
    await accounts.users.add({ name: 'alice', role: 'operator', password: OTHER_PASSWORD });
    const { key } = await accounts.keys.add({ name: 'ci', role: 'viewer', owner: 'local' });
    const { session, cookie } = await accounts.sessions.begin('alice', FROM);
    const granted = await accounts.tokens.grant({ type: 'password', name: 'alice', password: OTHER_PASSWORD });
    assert.ok(!isRefusal(granted));
    const token = (await accounts.identify(granted.accessToken)) as Credential;
    const before = all(accounts);
    let changes = 0;
    accounts.onChange(() => {
      changes += 1;
    });
    store.write = () => Promise.reject(new StoreFull('accounts.db is full'));
    const tries: readonly (() => Promise<unknown>)[] = [
      () => accounts.users.add({ name: 'bob', role: 'viewer', password: PASSWORD }),
      () => accounts.users.change('alice', { role: 'viewer' }),
      () => accounts.users.remove('alice'),
      () => accounts.keys.add({ name: 'other', role: 'viewer', owner: 'local' }),
      () => accounts.keys.remove(key.id),
      () => accounts.sessions.begin('alice', FROM),
      () => accounts.sessions.end(session.id),
      () => accounts.sessions.endOthers('alice'),
      () => accounts.tokens.grant({ type: 'password', name: 'alice', password: OTHER_PASSWORD }),
      () => accounts.tokens.grant({ type: 'refresh_token', refreshToken: granted.refreshToken }),
      () => accounts.tokens.revoke(granted.refreshToken),
      () => accounts.tokens.revoke(granted.accessToken),
    ];
    for (const attempt of tries) await assert.rejects(attempt(), StoreFull, attempt.toString());
    assert.deepEqual(all(accounts), before);
    assert.equal(changes, 0);
    for (const credential of [accounts.identifySession(cookie), token]) {
      assert.ok(!isRefusal(accounts.principalOf(credential as Credential)));
    }
  });

  it('whose last use cannot be written stay valid, with one log line', async () => {
    const { accounts, store, clock, lines } = await accountStage();
    const { cookie } = await accounts.sessions.begin('root', FROM);
    clock.advance(60_000);
    store.write = () => Promise.reject(new StoreFull('accounts.db is full'));
    accounts.touch(accounts.identifySession(cookie) as Credential);
    await clock.advanceAsync(5000, 1000);
    assert.deepEqual(lines, [
      'warn: The times of last use of keys and sessions could not be written: accounts.db is full',
    ]);
  });

  it('are reloaded after another process has written them', async () => {
    const stage = await accountStage();
    const { accounts } = stage;
    const { cookie } = await accounts.sessions.begin('root', FROM);
    const credential = accounts.identifySession(cookie) as Credential;
    const { accounts: command } = await stage.reopen();
    await command.users.add({ name: 'alice', role: 'admin', password: OTHER_PASSWORD });
    await command.users.remove('root');
    assert.ok(!isRefusal(accounts.principalOf(credential)));
    const before = stage.changes();
    await accounts.reload();
    assert.equal(stage.changes(), before + 1);
    assert.deepEqual(accounts.principalOf(credential), { refused: 'revoked' });
    assert.deepEqual(all(accounts), all(command));
  });

  it('stay unchanged if a reload fails', async () => {
    const { accounts, store } = await accountStage();
    const before = all(accounts);
    store.read = () => Promise.reject(new StoreFull('accounts.db is gone'));
    await assert.rejects(accounts.reload(), StoreFull);
    assert.deepEqual(all(accounts), before);
  });

  it('with a role that the configuration lacks have no rights, until the role is configured again', async () => {
    const stage = await accountStage();
    await stage.accounts.users.add({ name: 'tom', role: 'technician', password: OTHER_PASSWORD });
    const { cookie } = await stage.accounts.sessions.begin('tom', FROM);
    const without = await stage.reopen({ roles: rolesOf() });
    const principalOf = ({ accounts }: typeof stage) =>
      accounts.principalOf(accounts.identifySession(cookie) as Credential);
    assert.deepEqual(principalOf(without), { refused: 'role-gone' });
    assert.ok(!isRefusal(principalOf(await without.reopen({ roles: stage.accounts.roles }))));
  });

  it('have at most a thousand waiting writes, and more are rejected', async () => {
    const { accounts, store } = await accountStage();
    const disk = Promise.withResolvers<never>();
    store.write = () => disk.promise;
    const ended = Array.from({ length: 1001 }, () => accounts.sessions.endOthers('root'));
    await assert.rejects(ended[1000], TooMany);
    await Promise.all(ended.slice(0, 1000));
    const begun = accounts.sessions.begin('root', FROM);
    disk.reject(new StoreFull('accounts.db is full'));
    await assert.rejects(begun, StoreFull);
  });

  it('leave no timer after they are closed, and call no removed listener', async () => {
    const { accounts, clock } = await accountStage();
    let changes = 0;
    const stop = accounts.onChange(() => {
      changes += 1;
    });
    stop();
    const { cookie, session } = await accounts.sessions.begin('root', FROM);
    clock.advance(60_000);
    accounts.touch(accounts.identifySession(cookie) as Credential);
    await accounts.sessions.end(session.id);
    await accounts.close();
    assert.deepEqual([changes, clock.timers], [0, 0]);
  });
});
