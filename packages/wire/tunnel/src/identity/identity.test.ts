import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { identityFrom, newIdentityKey } from './identity.ts';

/** The first private key of RFC 8032, 7.1. */
const KEY = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;

test('a key always gives the same certificate and fingerprint, and Node.js verifies its signature', () => {
  const { certificate, fingerprint } = identityFrom(KEY);
  assert.equal(identityFrom(KEY).certificate, certificate);
  const read = new X509Certificate(certificate);
  assert.ok(read.verify(read.publicKey));
  assert.equal(read.validTo, 'Dec 31 23:59:59 9999 GMT');
  const digest = createHash('sha256')
    .update(createPublicKey(KEY).export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const bits = BigInt(`0x${digest}`).toString(2).padStart(256, '0');
  const expected = Array.from({ length: 20 }, (_, at) =>
    '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)),
  ).join('');
  assert.equal(fingerprint, expected);
});

test('a new key is another key, and a key of another kind is rejected', () => {
  assert.notEqual(identityFrom(newIdentityKey()).fingerprint, identityFrom(newIdentityKey()).fingerprint);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  assert.throws(
    () => identityFrom(String(privateKey.export({ type: 'pkcs8', format: 'pem' }))),
    /Ed25519 key, found ec/,
  );
});
