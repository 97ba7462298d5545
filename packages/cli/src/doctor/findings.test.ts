import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthStatus } from '@medkit/contract';
import { findingLines } from './findings.ts';

const HEALTH: HealthStatus = {
  status: 'healthy',
  timestamp: 0,
  warning_schema_version: 2,
  warnings: [],
  'x-medkit-entity-cache': { apps: 4 },
  'x-medkit-dds': {
    domain_id: 7,
    discovery_range: 'SUBNET',
    interfaces: ['10.0.0.2'],
    participants: [
      { vendor: 'Cyclone DDS', version: '0.10.2', count: 2 },
      { vendor: 'Fast DDS', count: 1 },
    ],
    not_understood: [
      { address: '10.0.0.9', vendor: 'Fast DDS', reason: 'unreachable', count: 3, last_heard_sec_ago: 1 },
    ],
    receive_buffer: { asked_bytes: 4_194_304, granted_bytes: 212_992 },
    datagrams: { received: 7, sent: 5, send_failures: 0 },
    dropped: { 'not-rtps': 2 },
  },
};

test('the doctor prints every figure, and that nothing is wrong', () => {
  assert.equal(
    findingLines(HEALTH).join('\n'),
    `  domain           7 (range SUBNET)
  interfaces       10.0.0.2
  participants     2 × Cyclone DDS 0.10.2, 1 × Fast DDS
  not understood   1
  receive buffer   208 KiB of 4096 KiB asked for
  datagrams        7 received, 5 sent, 0 not sent
  dropped          not-rtps 2
  nodes            4

Nothing is wrong.`,
  );
});

test('it passes the warnings of health on as they are, also where there is no DDS side', () => {
  const { 'x-medkit-dds': _, ...rest } = HEALTH;
  const warning = { code: 'no_nodes', message: 'Nobody.', entity_ids: [], ros_node_fqns: [], peer_names: [] };
  assert.deepEqual(findingLines({ ...rest, warnings: [warning] }), [
    '  nodes   4',
    '',
    'What is wrong, and what to do:',
    '  - Nobody. (no_nodes)',
  ]);
});
