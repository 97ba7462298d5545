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
    [
      'with a secret that is too short',
      { signing: { algorithm: 'HS256', secret: 'x'.repeat(31) } },
      /31 characters; HS256 needs at least 32/,
    ],
    [
      'without a private key',
      { signing: { algorithm: 'RS256', privateKey: SECRET, publicKey: RSA.publicKey } },
      /auth.jwt_secret contains no key in PEM format$/,
    ],
    [
      'without a public key',
      { signing: { algorithm: 'RS256', ...RSA, publicKey: '' } },
      /auth.jwt_public_key contains no key/,
    ],
    [
      'with keys that do not match',
      { signing: { algorithm: 'RS256', ...RSA, publicKey: rsaPair(2048).publicKey } },
      /do not belong together/,
    ],
    ['with a key that is too small', { signing: { algorithm: 'RS256', ...small } }, /2048 bits/],
    ['with a lifetime of zero', { accessMs: 0 }, /token_expiry_seconds/],
    ['with a refresh time shorter than the access time', { refreshMs: 1000 }, /must not be less/],
    ['with an invalid lifetime', { accessMs: Number.NaN }, /token_expiry_seconds/],
  ];
  for (const [what, tokens, message] of cases) {
    it(`${what} are rejected, and no secret is shown`, async () => {
      const opened = accountStage({ tokens: { ...TOKENS, ...tokens } });
      await assert.rejects(opened, InvalidTokenSettings);
      await assert.rejects(opened, message);
    });
  }
});
