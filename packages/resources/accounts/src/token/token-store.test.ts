import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Credential, isRefusal } from '../index.ts';
import { accountStage, OTHER_PASSWORD, PASSWORD, TOKENS } from '../testing/account-stage.ts';
import { byHmac, FLEET, forged, granted, holderOf, refresh } from '../testing/token-stage.ts';
import type { Grant } from './token.ts';

describe('tokens', () => {
  const wrong: readonly (readonly [string, Grant, string])[] = [
    ['a wrong secret', { ...FLEET, clientSecret: 'fleet:secreT' } as Grant, 'wrong-secret'],
    ['no secret', { ...FLEET, clientSecret: '' } as Grant, 'wrong-secret'],
    ['an unknown client', { ...FLEET, clientId: 'flee' } as Grant, 'unknown'],
    ['a wrong password', { type: 'password', name: 'root', password: OTHER_PASSWORD }, 'wrong-secret'],
    ['an unknown user', { type: 'password', name: 'nobody', password: PASSWORD }, 'unknown'],
    ['an empty refresh token', refresh(''), 'malformed'],
  ];
  for (const [what, grant, reason] of wrong) {
    it(`are not issued for ${what}`, async () => {
      const { accounts } = await accountStage();
      assert.deepEqual(await accounts.tokens.grant(grant), { refused: reason });
    });
  }

  it('are issued to a user for the password, and belong to the user', async () => {
    const stage = await accountStage();
    const { accessToken, role, subject } = await granted(stage, { type: 'password', name: 'root', password: PASSWORD });
    assert.deepEqual([role, subject, await holderOf(stage, accessToken)], ['admin', 'user:root', 'user:root']);
  });

  it('are narrowed to the requested permissions, also after a refresh', async () => {
    const stage = await accountStage();
    const first = await granted(stage, { ...FLEET, permissions: ['read', 'accounts'] } as Grant);
    const second = await granted(stage, refresh(first.refreshToken));
    for (const { accessToken } of [first, second]) {
      const principal = stage.accounts.principalOf((await stage.accounts.identify(accessToken)) as Credential);
      assert.deepEqual(isRefusal(principal) || principal.permissions, new Set(['read']));
    }
  });

  it('expire, the access token first', async () => {
    const stage = await accountStage();
    const { accessToken, refreshToken } = await granted(stage);
    const known = (await stage.accounts.identify(accessToken)) as Credential;
    stage.clock.advance(3600_000 - 1);
    assert.equal(await holderOf(stage, accessToken), 'client:fleet');
    stage.clock.advance(1);
    assert.deepEqual(stage.accounts.principalOf(known), { refused: 'expired' });
    assert.equal(await holderOf(await stage.reopen(), accessToken), 'expired');
    stage.clock.advance(23 * 3600_000);
    const later = await stage.reopen();
    assert.deepEqual(await later.accounts.tokens.grant(refresh(refreshToken)), { refused: 'expired' });
  });

  it('are neither issued nor accepted while the clock is not set', async () => {
    const stage = await accountStage();
    const { accessToken, refreshToken } = await granted(stage);
    const known = (await stage.accounts.identify(accessToken)) as Credential;
    stage.clock.stepWall(Date.UTC(1970, 0, 2) - stage.clock.wallMs());
    assert.deepEqual(stage.accounts.principalOf(known), { refused: 'clock-not-set' });
    assert.equal(await holderOf(await stage.reopen(), accessToken), 'clock-not-set');
    const later = await stage.reopen();
    for (const grant of [FLEET, refresh(refreshToken)]) {
      assert.deepEqual(await later.accounts.tokens.grant(grant), { refused: 'clock-not-set' });
    }
  });

  it('have the current rights of their subject', async () => {
    const stage = await accountStage();
    await stage.accounts.users.add({ name: 'alice', role: 'operator', password: OTHER_PASSWORD });
    const alice = await granted(stage, { type: 'password', name: 'alice', password: OTHER_PASSWORD });
    const fleet = await granted(stage);
    await stage.accounts.users.change('alice', { disabled: true });
    assert.equal(await holderOf(stage, alice.accessToken), 'revoked');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(alice.refreshToken)), { refused: 'revoked' });
    await stage.accounts.reload({ clients: [] });
    assert.equal(await holderOf(stage, fleet.accessToken), 'subject-gone');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(fleet.refreshToken)), { refused: 'subject-gone' });
  });

  it('are rejected if tokens are not configured', async () => {
    const { accessToken } = await granted(await accountStage());
    const stage = await accountStage({ tokens: undefined });
    assert.deepEqual(stage.accounts.identify(accessToken), { refused: 'no-tokens' });
    assert.deepEqual(await stage.accounts.tokens.grant(FLEET), { refused: 'no-tokens' });
    await stage.accounts.tokens.revoke(accessToken);
  });
});

describe('a refresh token', () => {
  it('can be used once, and returns another one', async () => {
    const stage = await accountStage();
    const first = await granted(stage);
    const second = await granted(stage, refresh(first.refreshToken));
    const third = await granted(await stage.reopen(), refresh(second.refreshToken));
    assert.equal(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size, 3);
  });

  it('that is reused, even after a restart, ends all tokens of its login, and of no other', async () => {
    const before = await accountStage();
    const [stolen, other] = [await granted(before), await granted(before)];
    const used = await granted(before, refresh(stolen.refreshToken));
    const stage = await before.reopen();
    const changes = stage.changes();
    assert.equal(await holderOf(stage, stolen.accessToken), 'client:fleet');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(stolen.refreshToken)), { refused: 'used-again' });
    assert.equal(stage.changes(), changes + 1);
    for (const each of [stage, await stage.reopen()]) {
      assert.deepEqual(await each.accounts.tokens.grant(refresh(used.refreshToken)), { refused: 'revoked' });
      for (const { accessToken } of [stolen, used]) assert.equal(await holderOf(each, accessToken), 'revoked');
      assert.equal(await holderOf(each, other.accessToken), 'client:fleet');
    }
  });

  it('succeeds for only one of two concurrent requests', async () => {
    const stage = await accountStage();
    const { refreshToken } = await granted(stage);
    const answers = await Promise.all([1, 2].map(() => stage.accounts.tokens.grant(refresh(refreshToken))));
    // Their signatures are verified in threads: either may be the first.
    assert.deepEqual(answers.map((answer) => ('refused' in answer ? answer.refused : 'granted')).sort(), [
      'granted',
      'used-again',
    ]);
  });

  it('can be reused if that is configured, and is stored until its last access token expires', async () => {
    const stage = await accountStage({ tokens: { ...TOKENS, rotation: false } });
    const { refreshToken } = await granted(stage);
    stage.clock.advance(24 * 3600_000 - 1000);
    const last = await granted(stage, refresh(refreshToken));
    assert.equal(last.refreshToken, refreshToken);
    stage.clock.advance(30 * 60_000);
    assert.equal(await holderOf(await stage.reopen(), last.accessToken), 'client:fleet');
  });

  it('is not an access token, nor is an access token a refresh token', async () => {
    const stage = await accountStage();
    const { accessToken, refreshToken } = await granted(stage);
    assert.equal(await holderOf(stage, refreshToken), 'wrong-type');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(accessToken)), { refused: 'wrong-type' });
  });
});

describe('a token that is revoked', () => {
  it('ends its whole login if it is a refresh token', async () => {
    const stage = await accountStage();
    const first = await granted(stage);
    const known = (await stage.accounts.identify(first.accessToken)) as Credential;
    const changes = stage.changes();
    await stage.accounts.tokens.revoke(first.refreshToken);
    await stage.accounts.tokens.revoke(first.refreshToken);
    assert.equal(stage.changes(), changes + 1);
    assert.deepEqual(stage.accounts.principalOf(known), { refused: 'revoked' });
    assert.ok(stage.accounts.identify(first.accessToken) instanceof Promise, 'its signature is looked at again');
    for (const each of [stage, await stage.reopen()]) {
      assert.equal(await holderOf(each, first.accessToken), 'revoked');
      assert.deepEqual(await each.accounts.tokens.grant(refresh(first.refreshToken)), { refused: 'revoked' });
    }
  });

  it('ends alone if it is an access token', async () => {
    const stage = await accountStage();
    const first = await granted(stage);
    await stage.accounts.tokens.revoke(first.accessToken);
    const later = await stage.reopen();
    assert.deepEqual(
      [await holderOf(stage, first.accessToken), await holderOf(later, first.accessToken)],
      ['revoked', 'revoked'],
    );
    const second = await granted(later, refresh(first.refreshToken));
    assert.equal(await holderOf(later, second.accessToken), 'client:fleet');
  });

  it('is ignored if this gateway did not issue it', async () => {
    const stage = await accountStage();
    const { accessToken } = await granted(stage);
    for (const text of ['', 'x', 'a.b.c', forged(accessToken, {}, {}, byHmac('another secret')), 'x'.repeat(1e6)]) {
      await stage.accounts.tokens.revoke(text);
    }
    assert.equal(await holderOf(stage, accessToken), 'client:fleet');
  });

  it('is removed from the list once it has expired', async () => {
    const stage = await accountStage();
    const { accessToken } = await granted(stage);
    await stage.accounts.tokens.revoke(accessToken);
    await stage.accounts.tokens.revoke((await granted(stage)).refreshToken);
    const counts = async () => [
      (await stage.store.read('SELECT * FROM account_denied_tokens')).length,
      (await stage.store.read('SELECT * FROM account_token_families')).length,
    ];
    assert.deepEqual(await counts(), [1, 2]);
    await stage.clock.advanceAsync(3700_000, 600_000);
    assert.deepEqual(await counts(), [0, 2]);
    await stage.clock.advanceAsync(24 * 3600_000, 600_000);
    assert.deepEqual(await counts(), [0, 0]);
  });

  it('ends its login if the list of denied tokens is full', async () => {
    const stage = await accountStage();
    const first = await granted(stage);
    await stage.store.write([
      {
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
              INSERT INTO account_denied_tokens SELECT 't' || i, 9000000000000 FROM n`,
      },
    ]);
    await stage.accounts.reload();
    await stage.accounts.tokens.revoke(first.accessToken);
    assert.equal(await holderOf(stage, first.accessToken), 'revoked');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(first.refreshToken)), { refused: 'revoked' });
  });
});

describe('logins with tokens', () => {
  const families = (subject: string, count: number) => ({
    sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
          INSERT INTO account_token_families SELECT ?1 || ':' || i, ?1, '', 0, i, 9000000000000 FROM n`,
    parameters: [subject, count],
  });

  it('are limited to two thousand for each subject: the oldest ends, and no login of another subject', async () => {
    const stage = await accountStage();
    const watch = await granted(stage, {
      type: 'client_credentials',
      clientId: 'watch',
      clientSecret: 'a-watch-secret',
    });
    const oldest = await granted(stage);
    await stage.store.write([families('client:fleet', 1999)]);
    await stage.accounts.reload();
    const newest = await granted(stage);
    assert.equal(await holderOf(stage, oldest.accessToken), 'revoked');
    assert.equal(await holderOf(stage, newest.accessToken), 'client:fleet');
    assert.equal(await holderOf(stage, watch.accessToken), 'client:watch');
  });

  it('are limited to fifty thousand in total', async () => {
    const stage = await accountStage();
    for (let client = 0; client < 26; client += 1) await stage.store.write([families(`client:c${client}`, 1999)]);
    await stage.accounts.reload();
    const newest = await granted(stage);
    assert.equal(await holderOf(stage, newest.accessToken), 'client:fleet');
    const [{ count }] = await stage.store.read('SELECT count(*) AS count FROM account_token_families');
    assert.ok(Number(count) <= 26 * 1999);
  });
});
