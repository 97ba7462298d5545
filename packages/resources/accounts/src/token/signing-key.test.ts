import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidTokenSettings } from '../refusals.ts';
import { accountStage, TOKENS } from '../testing/account-stage.ts';
import { rsaPair } from '../testing/rsa-pair.ts';
import { SECRET } from '../testing/token-stage.ts';
import type { TokenOptions } from './token.ts';

const RSA = rsaPair(2048);

describe('settings of tokens', () => {
  const small = rsaPair(1024);
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
      { signing: { algorithm: 'RS256', ...RSA, publicKey: rsaPair(2048).publicKey } },
      /no pair/,
    ],
    ['of a key that is too small', { signing: { algorithm: 'RS256', ...small } }, /2048 bits/],
    ['of no time', { accessMs: 0 }, /token_expiry_seconds/],
    ['that refresh shorter than they count', { refreshMs: 1000 }, /may not be less/],
    ['of times that are none', { accessMs: Number.NaN }, /token_expiry_seconds/],
  ];
  for (const [what, tokens, message] of cases) {
    it(`${what} are rejected, and no secret is shown`, async () => {
      const opened = accountStage({ tokens: { ...TOKENS, ...tokens } });
      await assert.rejects(opened, InvalidTokenSettings);
      await assert.rejects(opened, message);
    });
  }
});
