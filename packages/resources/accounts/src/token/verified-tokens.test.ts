import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenCredential } from '../credential/credential.ts';
import { VerifiedTokens } from './verified-tokens.ts';

const credential = (id: string): TokenCredential => ({
  kind: 'jwt',
  id,
  expiresMs: 1,
  subject: 'client:a',
  family: 'f',
});

test('the 1,024 most recently used verified tokens are cached', () => {
  const verified = new VerifiedTokens<TokenCredential>();
  for (let count = 0; count < 1024; count += 1) verified.keep(`token ${count}`, credential(String(count)));
  assert.equal(verified.find('token 0')?.id, '0');
  verified.keep('one more', credential('one more'));
  assert.equal(verified.find('token 0')?.id, '0');
  assert.equal(verified.find('token 1'), undefined);
  assert.equal(verified.find('one more')?.id, 'one more');
  verified.clear();
  assert.equal(verified.find('token 0'), undefined);
});
