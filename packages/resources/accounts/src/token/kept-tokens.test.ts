import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Credential, type Granted, isRefusal } from '../index.ts';
import { InvalidTokenSettings } from '../refusals.ts';
import { type AccountStage, accountStage, OTHER_PASSWORD, PASSWORD, TOKENS } from '../testing/account-stage.ts';
import type { Grant, Signing, TokenOptions } from './token.ts';

const rsa = (modulusLength: number) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
const RSA = rsa(2048);
const SECRET = 'a secret of more than 32 characters';
const SIGNINGS: readonly Signing[] = [
  { algorithm: 'HS256', secret: SECRET },
  { algorithm: 'RS256', ...RSA },
  { algorithm: 'EdDSA' },
];
const OTHER = { HS256: 'HS512', RS256: 'PS256', EdDSA: 'ES256' };
const FLEET: Grant = { type: 'client_credentials', clientId: 'fleet', clientSecret: 'fleet:secret' };

async function granted({ accounts }: AccountStage, grant: Grant = FLEET): Promise<Granted> {
  const answer = await accounts.tokens.grant(grant);
  assert.ok(!isRefusal(answer), isRefusal(answer) ? answer.refused : '');
  return answer;
}

const refresh = (refreshToken: string): Grant => ({ type: 'refresh_token', refreshToken });

/** Who has a token at the moment, or why it does not count. */
async function who({ accounts }: AccountStage, text: string): Promise<string> {
  const credential = await accounts.identify(text);
  const principal = isRefusal(credential) ? credential : accounts.principalOf(credential);
  return isRefusal(principal) ? principal.refused : principal.id;
}

type Part = Record<string, unknown>;
const partOf = (text: string, place: 0 | 1): Part =>
  JSON.parse(Buffer.from(text.split('.')[place], 'base64url').toString());
const encoded = (part: Part) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** `text` with another header and other claims, signed anew where there is a way to. */
function forged(text: string, header: Part, claims: Part, signed: (body: string) => string): string {
  const body = `${encoded({ ...partOf(text, 0), ...header })}.${encoded({ ...partOf(text, 1), ...claims })}`;
  return `${body}.${signed(body)}`;
}
const byHmac = (secret: string) => (body: string) => createHmac('sha256', secret).update(body).digest('base64url');
const byKey = (key: KeyObject | string, hash: string | null) => (body: string) =>
  sign(hash, Buffer.from(body), key).toString('base64url');
const byOld = (text: string) => () => text.split('.')[2];

for (const signing of SIGNINGS) {
  describe(`tokens signed by ${signing.algorithm}`, () => {
    const stageOf = (others: Partial<TokenOptions> = {}) => accountStage({ tokens: { ...TOKENS, signing, ...others } });

    it('say what those of ros2_medkit do', async () => {
      const stage = await stageOf();
      const { accessToken, refreshToken, expiresInSec, role, subject } = await granted(stage);
      assert.deepEqual([expiresInSec, role, subject], [3600, 'operator', 'client:fleet']);
      assert.deepEqual(partOf(accessToken, 0), { alg: signing.algorithm, typ: 'access' });
      assert.deepEqual(partOf(refreshToken, 0), { alg: signing.algorithm, typ: 'refresh' });
      const [access, kept] = [partOf(accessToken, 1), partOf(refreshToken, 1)];
      const iat = stage.clock.wallMs() / 1000;
      const shared = { role: 'operator', sid: access.sid, iss: 'medkit', sub: 'fleet', iat, aud: 'amr-01' };
      assert.deepEqual(access, { ...shared, jti: access.jti, exp: iat + 3600, refresh_token_id: kept.jti });
      assert.deepEqual(kept, { ...shared, jti: kept.jti, exp: iat + 86_400 });
      assert.match(String(access.jti), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(await who(stage, accessToken), 'client:fleet');
    });

    it('count after a restart, and are known at once when they come again', async () => {
      const stage = await (await stageOf()).reopen();
      const { accessToken } = await granted(stage);
      const later = await stage.reopen();
      const first = later.accounts.identify(accessToken);
      assert.ok(first instanceof Promise);
      const credential = (await first) as Credential;
      assert.equal(later.accounts.identify(accessToken), credential);
      assert.equal(later.accounts.principalOf(credential), later.accounts.principalOf(credential));
    });

    it('are not taken in any form but their own', async () => {
      const stage = await stageOf();
      const { accessToken, refreshToken } = await granted(stage);
      const body = accessToken.slice(0, accessToken.lastIndexOf('.'));
      const attacks: readonly (readonly [string, string, string])[] = [
        ['not signed', forged(accessToken, { alg: 'none' }, {}, () => 'AA'), 'algorithm'],
        ['not signed, in capitals', forged(accessToken, { alg: 'NONE' }, {}, () => 'AA'), 'algorithm'],
        ['without a signature', `${body}.`, 'malformed'],
        ['of claims that were changed', forged(accessToken, {}, { sub: 'root' }, byOld(accessToken)), 'signature'],
        ['of a header that was changed', forged(accessToken, { kid: '../x' }, {}, byOld(accessToken)), 'signature'],
        [
          'with the public key as a secret',
          forged(accessToken, { alg: 'HS256' }, {}, byHmac(RSA.publicKey)),
          signing.algorithm === 'HS256' ? 'signature' : 'algorithm',
        ],
        [
          'with a key of its own',
          forged(
            accessToken,
            { alg: 'EdDSA', jwk: { kty: 'OKP' } },
            {},
            byKey(generateKeyPairSync('ed25519').privateKey, null),
          ),
          signing.algorithm === 'EdDSA' ? 'signature' : 'algorithm',
        ],
        [
          'by another algorithm',
          forged(accessToken, { alg: OTHER[signing.algorithm] }, {}, byOld(accessToken)),
          'algorithm',
        ],
        [
          'of extensions that must be understood',
          forged(accessToken, { crit: ['exp'], exp: 1 }, {}, byOld(accessToken)),
          'malformed',
        ],
        ['a refresh token', refreshToken, 'wrong-type'],
        ['of two parts', 'eyJhbGciOiJIUzI1NiJ9.e30', 'malformed'],
        ['of no JSON', 'AAAA.BBBB.CCCC', 'malformed'],
        ['without end', `${body}.${'A'.repeat(9000)}`, 'malformed'],
        ['with a space before it', ` ${accessToken}`, 'malformed'],
      ];
      for (const [what, text, reason] of attacks) assert.equal(await who(stage, text), reason, what);
      assert.equal(await who(stage, accessToken), 'client:fleet');
    });

    it('are refused where they are for another robot, or of another issuer', async () => {
      const { accessToken } = await granted(await stageOf());
      const others = [{ audience: 'amr-02' }, { issuer: 'ros2_medkit_gateway' }];
      const same = signing.algorithm === 'EdDSA' ? ['signature', 'signature'] : ['audience', 'issuer'];
      for (const [index, other] of others.entries()) {
        const stage = await accountStage({ tokens: { ...TOKENS, signing, ...other } });
        // A robot of its own has a key of its own.
        if (signing.algorithm === 'EdDSA') await stage.store.write([{ sql: 'DELETE FROM account_signing_keys' }]);
        const elsewhere = await stage.reopen();
        assert.equal(await who(elsewhere, accessToken), same[index]);
      }
    });
  });
}

describe('a token of claims that only who has the secret can write', () => {
  const cases: readonly (readonly [string, Part, Part, string])[] = [
    ['of another issuer', {}, { iss: 'another' }, 'issuer'],
    ['of no issuer', {}, { iss: undefined }, 'issuer'],
    ['for another robot', {}, { aud: 'amr-02' }, 'audience'],
    ['for nobody', {}, { aud: undefined }, 'audience'],
    ['for several, this one among them', {}, { aud: ['amr-02', 'amr-01'] }, 'client:fleet'],
    ['that is over', {}, { exp: 1_700_000_000 }, 'expired'],
    ['that never ends', {}, { exp: undefined }, 'malformed'],
    ['that ends at no number', {}, { exp: 'never' }, 'malformed'],
    ['of no id', {}, { jti: undefined }, 'malformed'],
    ['of no id that we write', {}, { jti: 'x' }, 'malformed'],
    ['of no login', {}, { sid: undefined }, 'malformed'],
    ['of a login that nobody knows', {}, { sid: '00000000-0000-0000-0000-000000000000' }, 'revoked'],
    ['of a client that there is not', {}, { sub: 'nobody' }, 'subject-gone'],
    ['of a user that there is not', {}, { sub: 'user:nobody' }, 'subject-gone'],
    ['of a subject that is none', {}, { sub: 7 }, 'malformed'],
    ['of no type', { typ: undefined }, {}, 'wrong-type'],
    ['of the usual type', { typ: 'JWT' }, {}, 'wrong-type'],
    ['of its type in capitals', { typ: 'ACCESS' }, {}, 'wrong-type'],
    ['of permissions that are no list', {}, { permissions: 'admin' }, 'malformed'],
  ];
  for (const [what, header, claims, outcome] of cases) {
    it(`${what} is ${outcome}`, async () => {
      const stage = await accountStage();
      const { accessToken } = await granted(stage);
      assert.equal(await who(stage, forged(accessToken, header, claims, byHmac(SECRET))), outcome);
    });
  }

  it('allows no more than its subject may, whatever it says', async () => {
    const stage = await accountStage();
    const { accessToken } = await granted(stage);
    const text = forged(accessToken, {}, { role: 'admin', permissions: ['read', 'accounts', 'x'] }, byHmac(SECRET));
    const principal = stage.accounts.principalOf((await stage.accounts.identify(text)) as Credential);
    assert.ok(!isRefusal(principal));
    assert.deepEqual([principal.role, principal.permissions], ['operator', new Set(['read'])]);
  });

  it('is for nobody where that is configured, and still not for somebody else', async () => {
    const stage = await accountStage({ tokens: { ...TOKENS, withoutAudience: true } });
    const { accessToken } = await granted(stage);
    assert.equal('aud' in partOf(accessToken, 1), false);
    assert.equal(await who(stage, accessToken), 'client:fleet');
    assert.equal(await who(stage, forged(accessToken, {}, { aud: 'amr-02' }, byHmac(SECRET))), 'audience');
  });
});

describe('tokens', () => {
  const wrong: readonly (readonly [string, Grant, string])[] = [
    ['a wrong secret', { ...FLEET, clientSecret: 'fleet:secreT' } as Grant, 'wrong-secret'],
    ['no secret', { ...FLEET, clientSecret: '' } as Grant, 'wrong-secret'],
    ['a client that there is not', { ...FLEET, clientId: 'flee' } as Grant, 'unknown'],
    ['a wrong password', { type: 'password', name: 'root', password: OTHER_PASSWORD }, 'wrong-secret'],
    ['a user that there is not', { type: 'password', name: 'nobody', password: PASSWORD }, 'unknown'],
    ['nothing to refresh', refresh(''), 'malformed'],
  ];
  for (const [what, grant, reason] of wrong) {
    it(`are not given for ${what}`, async () => {
      const { accounts } = await accountStage();
      assert.deepEqual(await accounts.tokens.grant(grant), { refused: reason });
    });
  }

  it('are given to a user for the password, and are the user’s', async () => {
    const stage = await accountStage();
    const { accessToken, role, subject } = await granted(stage, { type: 'password', name: 'root', password: PASSWORD });
    assert.deepEqual([role, subject, await who(stage, accessToken)], ['admin', 'user:root', 'user:root']);
  });

  it('are for less where less is asked for, and stay so when they are refreshed', async () => {
    const stage = await accountStage();
    const first = await granted(stage, { ...FLEET, permissions: ['read', 'accounts'] } as Grant);
    const second = await granted(stage, refresh(first.refreshToken));
    for (const { accessToken } of [first, second]) {
      const principal = stage.accounts.principalOf((await stage.accounts.identify(accessToken)) as Credential);
      assert.deepEqual(isRefusal(principal) || principal.permissions, new Set(['read']));
    }
  });

  it('end by themselves, the access token first', async () => {
    const stage = await accountStage();
    const { accessToken, refreshToken } = await granted(stage);
    const known = (await stage.accounts.identify(accessToken)) as Credential;
    stage.clock.advance(3600_000 - 1);
    assert.equal(await who(stage, accessToken), 'client:fleet');
    stage.clock.advance(1);
    assert.deepEqual(stage.accounts.principalOf(known), { refused: 'expired' });
    assert.equal(await who(await stage.reopen(), accessToken), 'expired');
    stage.clock.advance(23 * 3600_000);
    const later = await stage.reopen();
    assert.deepEqual(await later.accounts.tokens.grant(refresh(refreshToken)), { refused: 'expired' });
  });

  it('are neither given nor taken where nobody knows what time it is', async () => {
    const stage = await accountStage();
    const { accessToken, refreshToken } = await granted(stage);
    const known = (await stage.accounts.identify(accessToken)) as Credential;
    stage.clock.stepWall(Date.UTC(1970, 0, 2) - stage.clock.wallMs());
    assert.deepEqual(stage.accounts.principalOf(known), { refused: 'clock-not-set' });
    assert.equal(await who(await stage.reopen(), accessToken), 'clock-not-set');
    const later = await stage.reopen();
    for (const grant of [FLEET, refresh(refreshToken)]) {
      assert.deepEqual(await later.accounts.tokens.grant(grant), { refused: 'clock-not-set' });
    }
  });

  it('are worth what their subject is at the time', async () => {
    const stage = await accountStage();
    await stage.accounts.users.add({ name: 'alice', role: 'operator', password: OTHER_PASSWORD });
    const alice = await granted(stage, { type: 'password', name: 'alice', password: OTHER_PASSWORD });
    const fleet = await granted(stage);
    await stage.accounts.users.change('alice', { disabled: true });
    assert.equal(await who(stage, alice.accessToken), 'revoked');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(alice.refreshToken)), { refused: 'revoked' });
    await stage.accounts.reload({ clients: [] });
    assert.equal(await who(stage, fleet.accessToken), 'subject-gone');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(fleet.refreshToken)), { refused: 'subject-gone' });
  });

  it('are none where none are issued', async () => {
    const { accessToken } = await granted(await accountStage());
    const stage = await accountStage({ tokens: undefined });
    assert.deepEqual(stage.accounts.identify(accessToken), { refused: 'no-tokens' });
    assert.deepEqual(await stage.accounts.tokens.grant(FLEET), { refused: 'no-tokens' });
    await stage.accounts.tokens.revoke(accessToken);
  });
});

describe('a refresh token', () => {
  it('is used once, and gives another one', async () => {
    const stage = await accountStage();
    const first = await granted(stage);
    const second = await granted(stage, refresh(first.refreshToken));
    const third = await granted(await stage.reopen(), refresh(second.refreshToken));
    assert.equal(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size, 3);
  });

  it('that comes again, even after a restart, ends all that go back to one login, and no other', async () => {
    const before = await accountStage();
    const [stolen, other] = [await granted(before), await granted(before)];
    const used = await granted(before, refresh(stolen.refreshToken));
    const stage = await before.reopen();
    const changes = stage.changes();
    assert.equal(await who(stage, stolen.accessToken), 'client:fleet');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(stolen.refreshToken)), { refused: 'used-again' });
    assert.equal(stage.changes(), changes + 1);
    for (const each of [stage, await stage.reopen()]) {
      assert.deepEqual(await each.accounts.tokens.grant(refresh(used.refreshToken)), { refused: 'revoked' });
      for (const { accessToken } of [stolen, used]) assert.equal(await who(each, accessToken), 'revoked');
      assert.equal(await who(each, other.accessToken), 'client:fleet');
    }
  });

  it('is used by one of two who come at once', async () => {
    const stage = await accountStage();
    const { refreshToken } = await granted(stage);
    const answers = await Promise.all([1, 2].map(() => stage.accounts.tokens.grant(refresh(refreshToken))));
    assert.deepEqual(
      answers.map((answer) => ('refused' in answer ? answer.refused : 'granted')),
      ['granted', 'used-again'],
    );
  });

  it('is used again and again where that is configured, and kept until its last access token ends', async () => {
    const stage = await accountStage({ tokens: { ...TOKENS, rotation: false } });
    const { refreshToken } = await granted(stage);
    stage.clock.advance(24 * 3600_000 - 1000);
    const last = await granted(stage, refresh(refreshToken));
    assert.equal(last.refreshToken, refreshToken);
    stage.clock.advance(30 * 60_000);
    assert.equal(await who(await stage.reopen(), last.accessToken), 'client:fleet');
  });

  it('is no access token, nor an access token a refresh token', async () => {
    const stage = await accountStage();
    const { accessToken, refreshToken } = await granted(stage);
    assert.equal(await who(stage, refreshToken), 'wrong-type');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(accessToken)), { refused: 'wrong-type' });
  });
});

describe('a token that is revoked', () => {
  it('takes all of its login along where it is a refresh token', async () => {
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
      assert.equal(await who(each, first.accessToken), 'revoked');
      assert.deepEqual(await each.accounts.tokens.grant(refresh(first.refreshToken)), { refused: 'revoked' });
    }
  });

  it('goes by itself where it is an access token', async () => {
    const stage = await accountStage();
    const first = await granted(stage);
    await stage.accounts.tokens.revoke(first.accessToken);
    const later = await stage.reopen();
    assert.deepEqual(
      [await who(stage, first.accessToken), await who(later, first.accessToken)],
      ['revoked', 'revoked'],
    );
    const second = await granted(later, refresh(first.refreshToken));
    assert.equal(await who(later, second.accessToken), 'client:fleet');
  });

  it('is nothing to speak of where it is none of ours', async () => {
    const stage = await accountStage();
    const { accessToken } = await granted(stage);
    for (const text of ['', 'x', 'a.b.c', forged(accessToken, {}, {}, byHmac('another secret')), 'x'.repeat(1e6)]) {
      await stage.accounts.tokens.revoke(text);
    }
    assert.equal(await who(stage, accessToken), 'client:fleet');
  });

  it('is forgotten when it has ended anyway', async () => {
    const stage = await accountStage();
    const { accessToken } = await granted(stage);
    await stage.accounts.tokens.revoke(accessToken);
    await stage.accounts.tokens.revoke((await granted(stage)).refreshToken);
    const kept = async () => [
      (await stage.store.read('SELECT * FROM account_denied_tokens')).length,
      (await stage.store.read('SELECT * FROM account_token_families')).length,
    ];
    assert.deepEqual(await kept(), [1, 2]);
    await stage.clock.advanceAsync(3700_000, 600_000);
    assert.deepEqual(await kept(), [0, 2]);
    await stage.clock.advanceAsync(24 * 3600_000, 600_000);
    assert.deepEqual(await kept(), [0, 0]);
  });

  it('takes its login along where as many are denied as may be', async () => {
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
    assert.equal(await who(stage, first.accessToken), 'revoked');
    assert.deepEqual(await stage.accounts.tokens.grant(refresh(first.refreshToken)), { refused: 'revoked' });
  });
});

describe('logins with tokens', () => {
  const families = (subject: string, count: number) => ({
    sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
          INSERT INTO account_token_families SELECT ?1 || ':' || i, ?1, '', 0, i, 9000000000000 FROM n`,
    parameters: [subject, count],
  });

  it('are two thousand of one subject: the oldest goes, and nobody else’s', async () => {
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
    assert.equal(await who(stage, oldest.accessToken), 'revoked');
    assert.equal(await who(stage, newest.accessToken), 'client:fleet');
    assert.equal(await who(stage, watch.accessToken), 'client:watch');
  });

  it('are fifty thousand in all', async () => {
    const stage = await accountStage();
    for (let client = 0; client < 26; client += 1) await stage.store.write([families(`client:c${client}`, 1999)]);
    await stage.accounts.reload();
    const newest = await granted(stage);
    assert.equal(await who(stage, newest.accessToken), 'client:fleet');
    const [{ count }] = await stage.store.read('SELECT count(*) AS count FROM account_token_families');
    assert.ok(Number(count) <= 26 * 1999);
  });
});

describe('settings of tokens', () => {
  const small = rsa(1024);
  const cases: readonly (readonly [string, Partial<TokenOptions>, RegExp])[] = [
    ['of a short secret', { signing: { algorithm: 'HS256', secret: 'x'.repeat(31) } }, /31 characters; HS256 needs 32/],
    [
      'of no key',
      { signing: { algorithm: 'RS256', privateKey: SECRET, publicKey: RSA.publicKey } },
      /auth.jwt_secret holds no key in PEM$/,
    ],
    [
      'of no public key',
      { signing: { algorithm: 'RS256', ...RSA, publicKey: '' } },
      /auth.jwt_public_key holds no key/,
    ],
    [
      'of keys that are no pair',
      { signing: { algorithm: 'RS256', ...RSA, publicKey: rsa(2048).publicKey } },
      /no pair/,
    ],
    ['of a key that is too small', { signing: { algorithm: 'RS256', ...small } }, /2048 bits/],
    ['of no time', { accessMs: 0 }, /token_expiry_seconds/],
    ['that refresh shorter than they count', { refreshMs: 1000 }, /may not be less/],
    ['of times that are none', { accessMs: Number.NaN }, /token_expiry_seconds/],
  ];
  for (const [what, tokens, message] of cases) {
    it(`${what} are refused, and no secret is told`, async () => {
      const opened = accountStage({ tokens: { ...TOKENS, ...tokens } });
      await assert.rejects(opened, InvalidTokenSettings);
      await assert.rejects(opened, message);
    });
  }
});
