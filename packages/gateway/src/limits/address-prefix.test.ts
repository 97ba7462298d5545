import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addressPrefix } from './address-prefix.ts';

it('an IPv4 address has the same prefix in every notation', () => {
  assert.equal(addressPrefix('192.0.2.7'), '192.0.2.7');
  assert.equal(addressPrefix('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(addressPrefix('::FFFF:192.0.2.7'), '192.0.2.7');
});

it('an IPv6 address has the prefix of its first 64 bits', () => {
  const of = (address: string) => addressPrefix(address);
  assert.equal(of('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.equal(of('2001:0DB8:0001:2::1'), '2001:db8:1:2::/64');
  assert.equal(of('2001:db8::1:2:3:4:5'), '2001:db8:0:1::/64');
  assert.equal(of('2001:db8::1'), '2001:db8::/64');
  assert.equal(of('fe80::1234:5678%eth0'), 'fe80::/64');
  assert.equal(of('::1'), '::/64');
  assert.equal(of('64:ff9b::192.0.2.7'), '64:ff9b::/64');
});

it('a text that is not an address has a prefix, and causes no error', () => {
  assert.equal(addressPrefix(''), '');
  assert.equal(addressPrefix('unix'), 'unix');
  for (const text of [':', '::', ':::', '1:2:3:4:5:6:7:8:9::1:2', '::'.repeat(100)]) {
    assert.match(addressPrefix(text), /::\/64$/);
  }
});
