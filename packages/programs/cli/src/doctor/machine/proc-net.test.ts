import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LISTENING, readLostDatagrams, readSockets } from './proc-net.ts';

const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  218: 0100007F:1CF2 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 52341 2 0000000000000000 17
  219: 00000000:1CE8 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 52342 2 0000000000000000 0
`;
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 991 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:1D17 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 992 1 0000000000000000 100 0 0 10 0
`;
const SNMP = `Tcp: RtoAlgorithm RtoMin
Tcp: 1 200
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors
Udp: 9000 3 45 8000 42 0 0 0 3
UdpLite: InDatagrams
UdpLite: 0
`;

test('sockets are read with port, state and owner, those of IPv6 too', () => {
  assert.deepEqual(readSockets(UDP), [
    { port: 7410, state: 7, userId: 1000, inode: '52341' },
    { port: 7400, state: 7, userId: 0, inode: '52342' },
  ]);
  assert.deepEqual(
    readSockets(TCP).map(({ port, state }) => [port, state]),
    [
      [8080, LISTENING],
      [7447, LISTENING],
    ],
  );
});

test('the datagrams that all programs lost for lack of buffer space are counted', () => {
  assert.equal(readLostDatagrams(SNMP), 42);
});

test('a machine without this data, or with invalid data, yields nothing', () => {
  for (const text of ['', '\n\n', 'Udp: a\n', UDP.slice(0, 90), '  0: zz:1 00:0 07', '1: 0100007F 0 0']) {
    assert.deepEqual(readSockets(text), [], text);
    assert.equal(readLostDatagrams(text), 0, text);
  }
});
