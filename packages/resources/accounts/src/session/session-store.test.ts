import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRefusal, type ProviderTokens } from '../index.ts';
import { type AccountStage, accountStage, OTHER_PASSWORD } from '../testing/account-stage.ts';

const HOUR_MS = 3600_000;
const FROM = { userAgent: 'Firefox', address: '10.0.0.7' };

const ISSUER = 'https://login.example';
const PROVIDER: ProviderTokens = { issuer: ISSUER, isFrom: () => false, verify: async () => ({ refused: 'unknown' }) };

/** Returns the current user of a cookie, or why it is rejected. */
function who({ accounts }: AccountStage, cookie: string): string {
  const credential = accounts.identifySession(cookie);
  const principal = isRefusal(credential) ? credential : accounts.principalOf(credential);
  return isRefusal(principal) ? principal.refused : principal.id;
}

describe('a session', () => {
  it('is identified by its cookie, also after a restart', async () => {
    const stage = await accountStage();
    const { session, cookie } = await stage.accounts.sessions.begin('root', FROM);
    assert.match(cookie, /^[\w-]{43}$/);
    assert.equal(who(stage, cookie), 'user:root');
    assert.deepEqual(stage.accounts.identifySession(cookie), {
      ...{ kind: 'session', id: session.id, expiresMs: stage.clock.wallMs() + 7 * 24 * HOUR_MS },
    });
    const later = await stage.reopen();
    assert.equal(who(later, cookie), 'user:root');
    assert.deepEqual(later.accounts.sessions.list(), [session]);
  });

  it('has the same principal as any other session of the user', async () => {
    const { accounts } = await accountStage();
    const cookies = [await accounts.sessions.begin('root', FROM), await accounts.sessions.begin('root', FROM)];
    const [first, second] = cookies.map(({ cookie }) =>
      accounts.principalOf(accounts.identifySession(cookie) as never),
    );
    assert.equal(first, second);
  });

  it('of an account of the provider changes its rights with a renewal, also after a restart', async () => {
    const account = { id: 'oidc:login.example:eva', issuer: ISSUER, subject: 'eva', role: 'operator' };
    const stage = await accountStage({ provider: PROVIDER });
    const berlin = { ...account, grants: [{ role: 'operator', site: 'berlin' }] };
    const from = { ...FROM, lifeMs: HOUR_MS, renewal: 'sealed' };
    const { session, cookie } = await stage.accounts.sessions.beginForProvider(berlin, from);
    assert.ok(!('renewal' in session));
    const principal = ({ accounts } = stage) => {
      const found = accounts.principalOf(accounts.identifySession(cookie) as never);
      return isRefusal(found) ? undefined : found;
    };
    const before = principal();
    assert.equal(before?.scopes[0]?.[0]?.site, 'berlin');
    const changes = stage.changes();
    assert.equal(await stage.accounts.sessions.renew(session.id, { ...berlin }, 'next'), true);
    assert.deepEqual([principal() === before, stage.changes()], [true, changes]);
    const ulm = { ...account, role: 'viewer', grants: [{ role: 'viewer', site: 'ulm' }] };
    await stage.accounts.sessions.renew(session.id, ulm, 'last');
    assert.deepEqual([principal()?.scopes[0]?.[0]?.site, stage.changes()], ['ulm', changes + 1]);
    const later = await stage.reopen();
    assert.deepEqual([principal(later)?.role, principal(later)?.scopes[0]?.[0]?.site], ['viewer', 'ulm']);
    assert.deepEqual(
      later.accounts.sessions.renewable().map(({ id, renewal }) => [id, renewal]),
      [[session.id, 'last']],
    );
    await later.accounts.sessions.end(session.id);
    assert.equal(await later.accounts.sessions.renew(session.id, ulm, 'late'), false);
    assert.deepEqual(await later.store.read('SELECT id FROM account_sessions'), []);
  });

  it('of an account of the provider reports its last refresh token when it ends, however it ends', async () => {
    const stage = await accountStage({ provider: PROVIDER });
    const { accounts, store, clock } = stage;
    const ended: string[] = [];
    const stop = accounts.sessions.onEnd(({ renewal }) => ended.push(renewal));
    const begin = async (name: string, lifeMs = 2 * HOUR_MS) => {
      const account = { id: `oidc:login.example:${name}`, issuer: ISSUER, subject: name, role: 'operator' };
      const from = { ...FROM, lifeMs, renewal: `first of ${name}` };
      const { session } = await accounts.sessions.beginForProvider(account, from);
      await accounts.sessions.renew(session.id, account, `of ${name}`);
      return session;
    };
    const [logout, other, removed] = [await begin('logout'), await begin('others'), await begin('removed')];
    await begin('expired', HOUR_MS);
    await accounts.sessions.begin('root', FROM);
    await accounts.sessions.end(logout.id);
    await accounts.sessions.end(logout.id);
    await accounts.sessions.endOthers('user:root');
    await accounts.sessions.endOthers(other.user);
    await clock.advanceAsync(HOUR_MS + 600_000, 600_000);
    assert.deepEqual(ended.splice(0), ['of logout', 'of others', 'of expired']);
    // As a command does while the gateway runs.
    await store.write([{ sql: 'DELETE FROM account_sessions WHERE id = ?', parameters: [removed.id] }]);
    await accounts.reload();
    await accounts.reload();
    assert.deepEqual(ended.splice(0), ['of removed']);
    for (let count = 0; count <= 100; count += 1) await begin('many');
    assert.deepEqual(ended.splice(0), ['of many']);
    stop();
    await accounts.sessions.endOthers('oidc:login.example:many');
    assert.deepEqual(ended, []);
  });

  it('stores its cookie only in the browser', async () => {
    const { accounts, store } = await accountStage();
    const { cookie } = await accounts.sessions.begin('root', FROM);
    assert.ok(
      !JSON.stringify([accounts.sessions.list(), await store.read('SELECT * FROM account_sessions')]).includes(cookie),
    );
  });

  for (const cookie of ['', 'x', 'A'.repeat(43), 'A'.repeat(1e6), '\0'.repeat(43)]) {
    it(`is not found by ${JSON.stringify(cookie.slice(0, 8))} of ${cookie.length} characters`, async () => {
      assert.match(who(await accountStage(), cookie), /malformed|unknown/);
    });
  }

  it('survives a temporary loss of the date, whether it was used or began meanwhile', async () => {
    const stage = await accountStage();
    const { cookie } = await stage.accounts.sessions.begin('root', FROM);
    const lostMs = stage.clock.wallMs() - Date.UTC(1972, 0);
    const use = (each: string) => {
      const credential = stage.accounts.identifySession(each);
      if (!isRefusal(credential)) stage.accounts.touch(credential);
      return who(stage, each);
    };
    stage.clock.stepWall(-lostMs);
    assert.equal(use(cookie), 'user:root');
    const meanwhile = (await stage.accounts.sessions.begin('root', FROM)).cookie;
    await stage.clock.advanceAsync(HOUR_MS, 600_000);
    stage.clock.stepWall(lostMs);
    await stage.clock.advanceAsync(HOUR_MS, 600_000);
    assert.deepEqual([use(cookie), use(meanwhile)], ['user:root', 'user:root']);
    stage.clock.advance(8 * HOUR_MS);
    assert.deepEqual([who(stage, cookie), who(stage, meanwhile)], ['expired', 'expired']);
  });

  it('ends after 8 h without use, even if a stream is open', async () => {
    const stage = await accountStage();
    const { cookie } = await stage.accounts.sessions.begin('root', FROM);
    for (let hours = 0; hours < 20; hours += 4) {
      stage.clock.advance(4 * HOUR_MS);
      stage.accounts.touch(stage.accounts.identifySession(cookie) as never);
      assert.equal(who(stage, cookie), 'user:root');
    }
    stage.clock.advance(8 * HOUR_MS - 1);
    assert.equal(who(stage, cookie), 'user:root');
    stage.clock.advance(1);
    assert.equal(who(stage, cookie), 'expired');
  });

  it('ends after 7 days of any use', async () => {
    const stage = await accountStage();
    const { cookie } = await stage.accounts.sessions.begin('root', FROM);
    for (let hours = 0; hours < 7 * 24; hours += 4) {
      assert.equal(who(stage, cookie), 'user:root');
      stage.accounts.touch(stage.accounts.identifySession(cookie) as never);
      stage.clock.advance(4 * HOUR_MS);
    }
    assert.equal(who(stage, cookie), 'expired');
  });

  it('has its last use after a restart, and an ended session is removed', async () => {
    const stage = await accountStage();
    const [used, idle] = [
      await stage.accounts.sessions.begin('root', FROM),
      await stage.accounts.sessions.begin('root', FROM),
    ];
    stage.clock.advance(7 * HOUR_MS);
    stage.accounts.touch(stage.accounts.identifySession(used.cookie) as never);
    const later = await stage.reopen();
    later.clock.advance(HOUR_MS + 10 * 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([who(later, used.cookie), who(later, idle.cookie)], ['user:root', 'unknown']);
    assert.deepEqual(await later.store.read('SELECT id FROM account_sessions'), [{ id: used.session.id }]);
  });

  it('can be ended alone, or all except one', async () => {
    const stage = await accountStage();
    const { sessions } = stage.accounts;
    const made = [
      await sessions.begin('root', FROM),
      await sessions.begin('root', FROM),
      await sessions.begin('root', FROM),
    ];
    const before = stage.changes();
    assert.equal(await sessions.end(made[0].session.id), true);
    assert.equal(await sessions.end(made[0].session.id), false);
    assert.equal(await sessions.endOthers('root', made[2].session.id), 1);
    assert.equal(await sessions.endOthers('root', made[2].session.id), 0);
    assert.equal(stage.changes(), before + 2);
    for (const each of [stage, await stage.reopen()]) {
      assert.deepEqual(
        made.map(({ cookie }) => who(each, cookie)),
        ['unknown', 'unknown', 'user:root'],
      );
    }
  });

  it('is revoked for a credential that outlives it', async () => {
    const { accounts } = await accountStage();
    const { session, cookie } = await accounts.sessions.begin('root', FROM);
    const credential = accounts.identifySession(cookie);
    await accounts.sessions.end(session.id);
    assert.deepEqual(accounts.principalOf(credential as never), { refused: 'revoked' });
  });

  it('stores only a bounded part of the user agent and address', async () => {
    const { accounts } = await accountStage();
    const { session } = await accounts.sessions.begin('root', {
      userAgent: 'x'.repeat(1000),
      address: 'y'.repeat(1000),
    });
    assert.deepEqual([session.userAgent.length, session.address.length], [200, 64]);
  });
});

describe('sessions', () => {
  it('are limited to a hundred for each user: the longest idle one is removed', async () => {
    const stage = await accountStage();
    const { sessions } = stage.accounts;
    const first = await sessions.begin('root', FROM);
    stage.clock.advance(1000);
    const second = await sessions.begin('root', FROM);
    for (let count = 2; count < 100; count += 1) await sessions.begin('root', FROM);
    stage.clock.advance(60_000);
    stage.accounts.touch(stage.accounts.identifySession(first.cookie) as never);
    await sessions.begin('root', FROM);
    assert.equal(sessions.list().length, 100);
    assert.deepEqual([who(stage, first.cookie), who(stage, second.cookie)], ['user:root', 'unknown']);
    assert.equal((await stage.reopen()).accounts.sessions.list().length, 100);
  });

  it('are limited to ten thousand in total', async () => {
    const stage = await accountStage();
    await stage.accounts.users.add({ name: 'alice', role: 'viewer', password: OTHER_PASSWORD });
    const nowMs = stage.clock.wallMs();
    await stage.store.write([
      {
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
              INSERT INTO account_sessions
                (id, digest, "user", created_ms, last_used_ms, expires_ms, user_agent, address)
              SELECT 's' || i, CAST('' || i AS BLOB), 'root', ?1, ?1 + i, ?1 + 1000000, '', '' FROM n`,
        parameters: [nowMs],
      },
    ]);
    await stage.accounts.reload();
    const { cookie } = await stage.accounts.sessions.begin('alice', FROM);
    assert.equal(stage.accounts.sessions.list().length, 10_000);
    assert.equal(stage.accounts.sessions.find('s1'), undefined);
    assert.equal(who(stage, cookie), 'user:alice');
  });
});
