import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerNetworkRefusals, proxyList, proxyRefusals } from './proxy-list.ts';

test('addresses and networks are accepted, and an address matches in either form', () => {
  const list = ['10.0.0.2', '192.168.8.0/24', 'fd00::/8'];
  assert.deepEqual(proxyRefusals(list), []);
  const isTrusted = proxyList(list);
  for (const address of ['10.0.0.2', '::ffff:10.0.0.2', '192.168.8.200', 'fd12::1'])
    assert.ok(isTrusted(address), address);
  for (const address of ['10.0.0.3', '192.168.9.1', 'fe80::1', '::1', '', 'proxy', '10.0.0.2, 10.0.0.3']) {
    assert.equal(isTrusted(address), false, address);
  }
});

test('an entry that is no address, and a network that contains every address, is refused', () => {
  for (const entry of [
    'proxy.lan',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    '10.0.0',
    '*',
    '1',
    'fe80::1%eth0',
  ]) {
    assert.match(proxyRefusals([entry])[0] ?? '', /is neither an IP address nor a network/, entry);
  }
  for (const entry of ['0.0.0.0/0', '::/0']) assert.match(proxyRefusals([entry])[0] ?? '', /includes every address/);
});

test('networks of gateways that need no approval may be networks, addresses or interfaces, and never all networks', () => {
  assert.deepEqual(peerNetworkRefusals(['10.0.8.0/24', 'fd00::/8', '10.0.0.7', 'eth1', 'wlan0.20']), []);
  assert.match(peerNetworkRefusals(['0.0.0.0/0'])[0] ?? '', /includes every network/);
  for (const entry of ['10.0.8.0/33', '', 'any where']) {
    assert.match(peerNetworkRefusals([entry])[0] ?? '', /is neither a network such as/, entry);
  }
});
