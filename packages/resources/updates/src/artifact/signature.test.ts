import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { isSigned, publicKey, signatureOctets } from './signature.ts';

const keys = generateKeyPairSync('ed25519');
const octets = Buffer.from('what is signed');
const signature = sign(null, octets, keys.privateKey);
const spki = keys.publicKey.export({ type: 'spki', format: 'der' });

describe('a trusted key', () => {
  for (const [form, text] of [
    ['PEM', String(keys.publicKey.export({ type: 'spki', format: 'pem' }))],
    ['base64 of the SPKI structure', spki.toString('base64')],
    ['base64 of its 32 bytes', spki.subarray(12).toString('base64')],
  ]) {
    it(`is read from ${form}`, () => assert.ok(isSigned(octets, signature, [publicKey(text)])));
  }

  it('is a public Ed25519 key and nothing else', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = (key: typeof keys.privateKey, type: 'spki' | 'pkcs8') => String(key.export({ type, format: 'pem' }));
    assert.throws(() => publicKey(pem(rsa.publicKey, 'spki')), /of rsa, not of Ed25519/);
    assert.throws(() => publicKey(pem(keys.privateKey, 'pkcs8')), /private key: only the signer may have it/);
    for (const text of ['', 'nonsense', '-----BEGIN PUBLIC KEY-----', spki.subarray(0, 31).toString('base64')]) {
      assert.throws(() => publicKey(text), /not a public key/);
    }
  });
});

describe('a signature', () => {
  it('is read as raw bytes or as base64', () => {
    assert.deepEqual(signatureOctets(signature), signature);
    assert.deepEqual(signatureOctets(`${signature.toString('base64')}\n`), signature);
    assert.deepEqual(signatureOctets(Buffer.from(signature.toString('base64'))), signature);
    assert.equal(signatureOctets(signature.subarray(1)), undefined);
    assert.equal(signatureOctets('AAAA'), undefined);
  });

  it('is valid for one of the keys and exactly these bytes', () => {
    const other = generateKeyPairSync('ed25519').publicKey;
    assert.equal(isSigned(octets, signature, [other]), false);
    assert.equal(isSigned(octets, signature, [other, keys.publicKey]), true);
    assert.equal(isSigned(octets, signature, []), false);
    assert.equal(isSigned(Buffer.from('what is signeD'), signature, [keys.publicKey]), false);
  });
});
