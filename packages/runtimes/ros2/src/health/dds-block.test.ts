import assert from 'node:assert/strict';
import { it } from 'node:test';
import { QUIET_FACTS } from '../testing/fake-ros.ts';
import { ddsBlock } from './dds-block.ts';

it('the DDS block of health has all facts under the names of the API, in its units', () => {
  const block = ddsBlock({
    ...QUIET_FACTS,
    interfaces: ['10.0.0.2'],
    receiveBuffer: { requestedBytes: 4_194_304, grantedBytes: 212_992 },
    interfacesDown: ['10.0.1.2'],
    interfaceEvents: [
      { name: 'eth1', address: '10.0.1.2', change: 'down', agoMs: 2540 },
      { name: 'eth2', address: '10.0.2.2', change: 'refused', reason: 'EACCES', agoMs: 0 },
    ],
    datagrams: { received: 7, sent: 5, sendFailures: 1, hasFailedLately: true },
    dropped: { 'not-rtps': 2 },
    participants: [
      { vendor: 'Cyclone DDS', version: '0.10.2', count: 2 },
      { vendor: 'Fast DDS', version: '', count: 1 },
    ],
    notUnderstood: [
      { address: '10.0.0.9', vendor: 'Fast DDS', reason: 'unreachable', count: 3, lastReceivedAgoMs: 1260 },
    ],
  });
  assert.deepEqual(block, {
    domain_id: 42,
    discovery_range: 'SUBNET',
    interfaces: ['10.0.0.2'],
    interfaces_down: ['10.0.1.2'],
    interface_changes: [
      { interface: 'eth1', address: '10.0.1.2', change: 'down', sec_ago: 2.5 },
      { interface: 'eth2', address: '10.0.2.2', change: 'refused', reason: 'EACCES', sec_ago: 0 },
    ],
    participants: [
      { vendor: 'Cyclone DDS', version: '0.10.2', count: 2 },
      { vendor: 'Fast DDS', count: 1 },
    ],
    not_understood: [
      { address: '10.0.0.9', vendor: 'Fast DDS', reason: 'unreachable', count: 3, last_heard_sec_ago: 1.3 },
    ],
    receive_buffer: { asked_bytes: 4_194_304, granted_bytes: 212_992 },
    datagrams: { received: 7, sent: 5, send_failures: 1 },
    dropped: { 'not-rtps': 2 },
    qos_mismatches: 0,
  });
});
