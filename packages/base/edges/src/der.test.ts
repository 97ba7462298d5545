import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bits, derInteger, moment, objectName, octets, sequence } from './der.ts';

const hex = (der: Buffer) => der.toString('hex');

test('a length has one byte up to 127, and otherwise as few more bytes as possible', () => {
  assert.equal(hex(octets(Buffer.alloc(127))).slice(0, 4), '047f');
  assert.equal(hex(octets(Buffer.alloc(128))).slice(0, 6), '048180');
  assert.equal(hex(octets(Buffer.alloc(256))).slice(0, 8), '04820100');
  assert.equal(hex(octets(Buffer.alloc(65_536))).slice(0, 10), '0483010000');
  assert.equal(hex(sequence()), '3000');
});

test('an integer is encoded in as few bytes as possible, and is never negative', () => {
  assert.equal(hex(derInteger(Buffer.from([0, 0]))), '020100');
  assert.equal(hex(derInteger(Buffer.from([0, 1]))), '020101');
  assert.equal(hex(derInteger(Buffer.from([0x80]))), '02020080');
});

test('object identifiers and bit strings are encoded as in the RFCs', () => {
  assert.equal(hex(objectName('1.2.840.10045.4.3.2')), '06082a8648ce3d040302'); // ecdsa-with-SHA256, RFC 5758
  assert.equal(hex(objectName('2.5.29.17')), '0603551d11'); // subjectAltName, RFC 5280
  assert.equal(hex(bits(Buffer.from([0x80]), 7)), '03020780'); // digitalSignature
});

test('a time has a year of two digits up to 2049, and of four digits later', () => {
  assert.equal(moment(Date.UTC(2049, 11, 31, 23, 59, 59)).toString('latin1'), '\x17\x0d491231235959Z');
  assert.equal(moment(Date.UTC(2050, 0, 1)).toString('latin1'), '\x18\x0f20500101000000Z');
});
