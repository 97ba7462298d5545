import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthStatus } from '@medkit/contract';
import { finding } from './findings/finding.ts';
import { healthFindings } from './findings/health-findings.ts';
import { isWrong, report, reportLines } from './report.ts';

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
    interfaces_down: [],
    interface_changes: [],
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

/** Health of a gateway on a machine with a small `net.core.rmem_max`. */
const SMALL_BUFFER = {
  code: 'receive_buffer_small',
  message: 'The system grants 208 KiB of the 4096 KiB requested. Run: sudo sysctl -w net.core.rmem_max=4194304.',
  entity_ids: [],
  ros_node_fqns: [],
  peer_names: [],
};

test('the doctor prints every figure, and that it found no problem', () => {
  assert.equal(
    reportLines(report(HEALTH, [], [])).join('\n'),
    `  domain           7 (range SUBNET)
  interfaces       10.0.0.2
  participants     2 × Cyclone DDS 0.10.2, 1 × Fast DDS
  not understood   1
  receive buffer   208 KiB of 4096 KiB requested
  datagrams        7 received, 5 sent, 0 not sent
  dropped          not-rtps 2
  nodes            4

No problems found.`,
  );
});

test('the doctor names the other gateways that are shown, with their state', () => {
  const peers: HealthStatus['peers'] = [
    { name: 'arm', url: 'http://10.0.0.7:8080', status: 'online', entities: 41 },
    { name: 'planning', url: 'http://10.0.0.8:8080', status: 'offline', entities: 3, problem: 'gone' },
  ];
  const lines = reportLines(report({ ...HEALTH, peers }, [], []));
  assert.ok(lines.includes('  gateway arm        online, 41 entities, http://10.0.0.7:8080'), lines.join('\n'));
  assert.ok(lines.includes('  gateway planning   offline, 3 entities, http://10.0.0.8:8080'));
});

test('the most severe finding is first, with its explanation and remedy; hints alone are no problem', () => {
  const { 'x-medkit-dds': _, ...health } = HEALTH;
  const hint = finding('other_domain', 'talker (process 7).', { domain: 12 });
  const warning = finding('port_taken', 'Something listens on port 8080.', { port: 8080 });
  assert.equal(isWrong(report(health, [], [hint])), false);
  const result = report(health, healthFindings([SMALL_BUFFER]), [hint, warning]);
  assert.equal(isWrong(result), true);
  assert.equal(
    reportLines(result).join('\n'),
    `  nodes   4

warning: The receive buffer is too small (receive_buffer_small)
  The system grants 208 KiB of the 4096 KiB requested. Run: sudo sysctl -w net.core.rmem_max=4194304.

warning: The port of the gateway is in use (port_taken)
  Something listens on port 8080.
  Another program listens on TCP port 8080, so \`medkit up\` does not start.
  → Run \`medkit up --port <other>\`, or stop the other program: \`sudo ss -ltnp sport = :8080\` names it.

hint: Domain 12 is also in use (other_domain)
  talker (process 7).
  Programs on different domains do not discover each other.
  → Run \`medkit doctor --domain 12\`. If the robot uses it, start medkit with \`ROS_DOMAIN_ID=12\`.`,
  );
});

test('the report contains no control characters for a terminal, whatever the name of a program', () => {
  const hostile = { ...SMALL_BUFFER, message: '/a\u001b]0;b\u0007 is there twice.' };
  const lines = reportLines(
    report(
      { ...HEALTH, 'x-medkit-dds': { ...HEALTH['x-medkit-dds']!, interfaces: ['\u009b2J'] } },
      healthFindings([hostile]),
      [finding('port_taken', 'talker\r\u001b[1A (process 7).', { port: 8080 })],
    ),
  );
  for (const line of lines) assert.doesNotMatch(line, /\p{Cc}/u);
  assert.match(lines.join('\n'), /talker \[1A \(process 7\)/);
});

test('a finding of the gateway is not repeated, and a warning that the doctor does not know is passed on', () => {
  const unknown = { ...SMALL_BUFFER, code: 'beacon_hints_full', message: 'Too many hints.' };
  const secured = { ...SMALL_BUFFER, code: 'security', message: '2 participants use SROS2.' };
  const { findings } = report(HEALTH, healthFindings([unknown, secured]), [
    finding('security', 'ROS_SECURITY_ENABLE …'),
  ]);
  assert.deepEqual(
    findings.map(({ id, severity, seen }) => [id, severity, seen]),
    [
      ['beacon_hints_full', 'warning', 'Too many hints.'],
      ['security', 'warning', '2 participants use SROS2.'],
    ],
  );
});
