import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { factsOf } from '../certificate-facts.ts';
import { makeCertificate } from './make-certificate.ts';

const NAMES = ['robot-01', 'robot-01.local', 'xn--rbot-5qa.example', '10.0.0.7', 'fe80::1', '::1', '::ffff:10.0.0.8'];
const wish = {
  names: NAMES,
  notBeforeMs: Date.UTC(2026, 2, 23, 2, 14, 5),
  notAfterMs: Date.UTC(2027, 3, 24, 2, 14, 5),
  serial: Buffer.from('ff000000000000000000000000000001', 'hex'),
};

test('Node.js reads the names, the validity and the key of a created certificate', () => {
  const { cert, key } = makeCertificate(wish);
  const certificate = new X509Certificate(cert);
  assert.deepEqual(factsOf(certificate).names, [
    'DNS:robot-01',
    'DNS:robot-01.local',
    'DNS:xn--rbot-5qa.example',
    'IP Address:10.0.0.7',
    'IP Address:FE80:0:0:0:0:0:0:1',
    'IP Address:0:0:0:0:0:0:0:1',
    'IP Address:0:0:0:0:0:FFFF:A00:8',
  ]);
  assert.equal(certificate.subject, 'CN=robot-01');
  assert.equal(certificate.issuer, 'CN=robot-01');
  assert.equal(certificate.ca, false);
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(factsOf(certificate).isSelfSigned, true);
  assert.deepEqual(
    [factsOf(certificate).notBeforeMs, factsOf(certificate).notAfterMs],
    [wish.notBeforeMs, wish.notAfterMs],
  );
  const again = makeCertificate({ ...wish, key });
  assert.ok(new X509Certificate(again.cert).publicKey.equals(certificate.publicKey));
});

test('a serial number is positive and has sixteen bytes, whatever the random bytes', () => {
  for (const first of ['00', '7f', '80', 'ff']) {
    const serial = Buffer.from(first + '00'.repeat(15), 'hex');
    const { serialNumber } = new X509Certificate(makeCertificate({ ...wish, serial }).cert);
    assert.match(serialNumber, /^[4-7][\dA-F]{31}$/);
  }
});

test('an expiry after 2049 is written with four digits of the year, and an earlier one with two', () => {
  for (const year of [1970, 1999, 2049, 2050, 2100]) {
    const notAfterMs = Date.UTC(year, 11, 31, 23, 59, 59);
    assert.equal(factsOf(new X509Certificate(makeCertificate({ ...wish, notAfterMs }).cert)).notAfterMs, notAfterMs);
  }
});

test('a certificate can have sixty-four long names', () => {
  const names = Array.from({ length: 64 }, (_, at) => `${'x'.repeat(60)}-${at}.${'y'.repeat(60)}.example`);
  const certificate = new X509Certificate(makeCertificate({ ...wish, names }).cert);
  assert.equal(factsOf(certificate).names.length, 64);
  assert.ok(names.every((name) => certificate.checkHost(name) === name));
});
