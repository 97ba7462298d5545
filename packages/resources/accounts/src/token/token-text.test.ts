import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Credential, isRefusal } from '../index.ts';
import { accountStage, TOKENS } from '../testing/account-stage.ts';
import { rsaPair } from '../testing/rsa-pair.ts';
import { byHmac, forged, granted, holderOf, partOf, SECRET, type TokenPart } from '../testing/token-stage.ts';
import type { Signing, TokenOptions } from './token.ts';

const RSA = rsaPair(2048);
const SIGNINGS: readonly Signing[] = [
  { algorithm: 'HS256', secret: SECRET },
  { algorithm: 'RS256', ...RSA },
  { algorithm: 'EdDSA' },
];
/** Other algorithms that a header may name for a key of this kind. */
const OTHER = { HS256: 'HS512', RS256: 'PS256', EdDSA: 'ES256' };
const byKey = (key: KeyObject | string, hash: string | null) => (body: string) =>
  sign(hash, Buffer.from(body), key).toString('base64url');
const byOld = (text: string) => () => text.split('.')[2];

for (const signing of SIGNINGS) {
  describe(`tokens signed by ${signing.algorithm}`, () => {
    const stageOf = (others: Partial<TokenOptions> = {}) => accountStage({ tokens: { ...TOKENS, signing, ...others } });

    it('have the claims of those of ros2_medkit', async () => {
      const stage = await stageOf();
      const { accessToken, refreshToken, expiresInSec, role, subject } = await granted(stage);
      assert.deepEqual([expiresInSec, role, subject], [3600, 'operator', 'client:fleet']);
      assert.deepEqual(partOf(accessToken, 0), { alg: signing.algorithm, typ: 'access' });
      assert.deepEqual(partOf(refreshToken, 0), { alg: signing.algorithm, typ: 'refresh' });
      const [access, refresh] = [partOf(accessToken, 1), partOf(refreshToken, 1)];
      const iat = stage.clock.wallMs() / 1000;
      const shared = { role: 'operator', sid: access.sid, iss: 'medkit', sub: 'fleet', iat, aud: 'amr-01' };
      assert.deepEqual(access, { ...shared, jti: access.jti, exp: iat + 3600, refresh_token_id: refresh.jti });
      assert.deepEqual(refresh, { ...shared, jti: refresh.jti, exp: iat + 86_400 });
      assert.match(String(access.jti), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(await holderOf(stage, accessToken), 'client:fleet');
    });

    it('are valid after a restart, and a verified one is recognised immediately', async () => {
      const stage = await (await stageOf()).reopen();
      const { accessToken } = await granted(stage);
      const later = await stage.reopen();
      const first = later.accounts.identify(accessToken);
      assert.ok(first instanceof Promise);
      const credential = (await first) as Credential;
      assert.equal(later.accounts.identify(accessToken), credential);
      assert.equal(later.accounts.principalOf(credential), later.accounts.principalOf(credential));
    });

    it('are accepted only in their exact form', async () => {
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
      for (const [what, text, reason] of attacks) assert.equal(await holderOf(stage, text), reason, what);
      assert.equal(await holderOf(stage, accessToken), 'client:fleet');
    });

    it('are rejected for another robot or another issuer', async () => {
      const { accessToken } = await granted(await stageOf());
      const others = [{ audience: 'amr-02' }, { issuer: 'ros2_medkit_gateway' }];
      const same = signing.algorithm === 'EdDSA' ? ['signature', 'signature'] : ['audience', 'issuer'];
      for (const [index, other] of others.entries()) {
        const stage = await accountStage({ tokens: { ...TOKENS, signing, ...other } });
        // Another robot has a different signing key.
        if (signing.algorithm === 'EdDSA') await stage.store.write([{ sql: 'DELETE FROM account_signing_keys' }]);
        const reopened = await stage.reopen();
        assert.equal(await holderOf(reopened, accessToken), same[index]);
      }
    });
  });
}

describe('a token with claims signed with the secret', () => {
  const cases: readonly (readonly [string, TokenPart, TokenPart, string])[] = [
    ['of another issuer', {}, { iss: 'another' }, 'issuer'],
    ['without an issuer', {}, { iss: undefined }, 'issuer'],
    ['for another robot', {}, { aud: 'amr-02' }, 'audience'],
    ['without an audience', {}, { aud: undefined }, 'audience'],
    ['for several robots including this one', {}, { aud: ['amr-02', 'amr-01'] }, 'client:fleet'],
    ['that has expired', {}, { exp: 1_700_000_000 }, 'expired'],
    ['without an expiry', {}, { exp: undefined }, 'malformed'],
    ['with an expiry that is not a number', {}, { exp: 'never' }, 'malformed'],
    ['without an id', {}, { jti: undefined }, 'malformed'],
    ['with an id in another format', {}, { jti: 'x' }, 'malformed'],
    ['without a login', {}, { sid: undefined }, 'malformed'],
    ['of an unknown login', {}, { sid: '00000000-0000-0000-0000-000000000000' }, 'revoked'],
    ['of an unknown client', {}, { sub: 'nobody' }, 'subject-gone'],
    ['of an unknown user', {}, { sub: 'user:nobody' }, 'subject-gone'],
    ['with an invalid subject', {}, { sub: 7 }, 'malformed'],
    ['without a type', { typ: undefined }, {}, 'wrong-type'],
    ['of type JWT', { typ: 'JWT' }, {}, 'wrong-type'],
    ['with its type in capitals', { typ: 'ACCESS' }, {}, 'wrong-type'],
    ['with permissions that are not a list', {}, { permissions: 'admin' }, 'malformed'],
  ];
  for (const [what, header, claims, outcome] of cases) {
    it(`${what} results in ${outcome}`, async () => {
      const stage = await accountStage();
      const { accessToken } = await granted(stage);
      assert.equal(await holderOf(stage, forged(accessToken, header, claims, byHmac(SECRET))), outcome);
    });
  }

  it('has no more permissions than its subject, whatever it claims', async () => {
    const stage = await accountStage();
    const { accessToken } = await granted(stage);
    const text = forged(accessToken, {}, { role: 'admin', permissions: ['read', 'accounts', 'x'] }, byHmac(SECRET));
    const principal = stage.accounts.principalOf((await stage.accounts.identify(text)) as Credential);
    assert.ok(!isRefusal(principal));
    assert.deepEqual([principal.role, principal.permissions], ['operator', new Set(['read'])]);
  });

  it('may have no audience if that is configured, but not another audience', async () => {
    const stage = await accountStage({ tokens: { ...TOKENS, withoutAudience: true } });
    const { accessToken } = await granted(stage);
    assert.equal('aud' in partOf(accessToken, 1), false);
    assert.equal(await holderOf(stage, accessToken), 'client:fleet');
    assert.equal(await holderOf(stage, forged(accessToken, {}, { aud: 'amr-02' }, byHmac(SECRET))), 'audience');
  });
});
