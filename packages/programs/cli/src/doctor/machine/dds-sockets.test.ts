import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ddsSockets, withPrograms } from './dds-sockets.ts';

const socket = (port: number, userId = 1000) => ({ port, state: 7, userId, inode: String(port) });
const portsOf = (...ports: readonly number[]) => ddsSockets(ports.map((port) => socket(port))).map(({ port }) => port);

test('the multicast port, and pairs of ports of a participant, identify a domain', () => {
  assert.deepEqual(portsOf(7400, 7401, 7412, 7413), [7400, 7412]);
  assert.deepEqual(
    withPrograms(ddsSockets([socket(7400), socket(10_400)]), []).map(({ domainId }) => domainId),
    [0, 12],
  );
});

test('a single port between two domains identifies none, nor do ephemeral ports', () => {
  // 33400 is the multicast port of domain 104, 5353 is mDNS.
  assert.deepEqual(portsOf(7410, 33_400, 5353, 7402), []);
  assert.deepEqual(portsOf(33_410, 33_411), [33_410]);
  assert.deepEqual(ddsSockets([socket(7410, 1000), socket(7411, 1001)]), [], 'two users make no pair');
});
