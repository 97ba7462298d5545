import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import type { HealthStatus } from '@medkit/contract';
import type { EntityTree } from '@medkit/core';
import { openExposition } from '../exposition.ts';
import { seriesName } from '../family.ts';
import { Histogram } from '../histogram.ts';
import type { MetricsSource } from '../metrics-source.ts';
import { RequestMetrics } from '../request-metrics.ts';
import { TEXT_0_0_4 } from '../text-format.ts';
import { FAMILIES } from './index.ts';

/** A family as the parser of the npm registry reads it. */
interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value?: string }[];
}
const parse: (text: string) => readonly ParsedFamily[] = createRequire(import.meta.url)('parse-prometheus-text-format');

/** `/health` of a gateway that has every part. */
const HEALTH = {
  status: 'healthy',
  timestamp: 0,
  warning_schema_version: 2,
  warnings: [
    { code: 'no_nodes', message: '', entity_ids: [], ros_node_fqns: [], peer_names: [] },
    { code: 'no_nodes', message: '', entity_ids: [], ros_node_fqns: [], peer_names: [] },
  ],
  peers: [{ name: 'b', url: 'http://b', status: 'offline', entities: 0 }],
  'x-medkit-access': { refused_total: 2, reasons: { 'wrong-login': 2 } },
  'x-medkit-dds': {
    participants: [
      { vendor: 'Fast DDS', version: '2', count: 1 },
      { vendor: 'Fast DDS', version: '3', count: 2 },
    ],
    datagrams: { received: 7, sent: 5, send_failures: 1 },
    dropped: { 'not-rtps': 2 },
    qos_mismatches: 1,
    graph: { nodes: 1, topics: 2, services: 3, actions: 4 },
  },
  'x-medkit-data-provider': { watched_topics: 1 },
  'x-medkit-event-streams': { clients: 1, cut_off: 2, revoked: 3, frames: { faults: 4, live: 0 } },
  'x-medkit-faults': {
    by_severity: { error: { CONFIRMED: 1, HEALED: 0 } },
    store: { database_bytes: 10, log_bytes: 5, ends_total: 0 },
    audit: { database_bytes: 3 },
    captures: { waiting: 0, dropped_total: 1 },
    recordings: {
      ...{ count: 1, bytes: 9, lost_total: 0, topics: 3, buffer_bytes: 8 },
      ...{ crowded_out_samples_total: 1, too_large_samples_total: 0 },
    },
    disk: { full: true },
    room: { refused_total: 4 },
    ...{ near_misses_total: 5, reports_accepted_total: 6, reports_failed_total: 0 },
  },
  'x-medkit-incidents': { incidents: 2, open: 1 },
  'x-medkit-locks': { held: 1 },
  'x-medkit-log-sinks': { loki: { queued: 1, dropped_total: 2 } },
  'x-medkit-notify': { told_total: 1 },
  'x-medkit-plugins': { plugins: [{ name: 'linux', state: 'running' }] },
  'x-medkit-quotas': { locks: { held: 1, capacity: 2, refused: 3 } },
  'x-medkit-suspended-calls': { ros2: 1 },
  'x-medkit-fleet': { throttled: 1, quota: { robots: { used: 2, limit: 5 } } },
  'x-medkit-uplink': {
    hubs: { 'hub.example.com': { connected: 1, sent: { 0: 5, 3: 900 }, received: { 0: 7, 3: 40 } } },
  },
  'x-medkit-tls': { expires: '2027-01-01T00:00:00.000Z' },
  'x-medkit-triggers': { active: 2, with_a_problem: 1, suspended: 0, terminated: 0, fired_total: 9 },
  'x-medkit-webhooks': { queued: 1, dead: 1, delivered_total: 4, failed_total: 3, dead_total: 2, overflowed_total: 1 },
} as unknown as HealthStatus;

const APPS = [
  { id: 'a', online: true },
  { id: 'b', online: false, origin: 'local' },
  { id: 'c', online: true, origin: 'peer:c' },
];

function sourceWith(health: HealthStatus): MetricsSource {
  const requests = new RequestMetrics();
  requests.repeated({ route: { operationId: 'listApps' }, elapsedMs: 3 });
  const serviceCalls = new Histogram<'outcome'>({ bounds: [1], maxSets: 4 });
  serviceCalls.observe(serviceCalls.set('ok', () => ({ outcome: 'ok' }))!, 0.5);
  return {
    health,
    tree: { generation: 1, all: (kind: string) => (kind === 'app' ? APPS : []) } as unknown as EntityTree,
    requests,
    transitions: { counts: new Map([['', { to: 'confirmed', severity: 'error', count: 1 }]]) },
    events: {
      serviceCalls,
      goals: new Map([['succeeded', 2]]),
      updates: new Map([['completed', 1]]),
      restarts: () => [['a', 1]],
    },
    topics: {
      values: (metric) => (metric === 'medkit_value_voltage_volts' ? [{ labels: { pack: 'a"b' }, value: 24.5 }] : []),
      topics: () => [{ topic: '/scan', messages: 3, ageSeconds: 0.5 }],
      diagnostics: {
        take: () => undefined,
        levels: () => [{ hardwareId: 'hw', name: 'motor', level: 2, atMs: 0, ageSeconds: 1 }],
      },
    },
    process: {
      ...{ cpuSeconds: 1.5, residentBytes: 1, heapUsedBytes: 1, heapTotalBytes: 1, externalBytes: 1 },
      ...{ startSeconds: 1, loopUtilization: 0.5, loopLagSeconds: 0, nodeVersion: 'v24' },
    },
    openFiles: 20,
    freeBytes: 1e9,
  };
}

const parsedOf = (source: MetricsSource) => parse(TEXT_0_0_4.encode(openExposition(FAMILIES).read(source)));

describe('the exposition of a gateway', () => {
  const parsed = parsedOf(sourceWith(HEALTH));

  it('has each family with its type, in the words of another parser', () => {
    const expected = FAMILIES.map((family) => [
      seriesName(family),
      family.type === 'info' ? 'GAUGE' : family.type.toUpperCase(),
    ]);
    assert.deepEqual(
      parsed.map(({ name, type }) => [name, type]),
      expected,
    );
  });

  it('has the figures of /health', () => {
    const seriesOf = (name: string) =>
      parsed
        .find((family) => family.name === name)
        ?.metrics.map(({ labels = {}, value }) => [...Object.values(labels), value].join(' '));
    assert.deepEqual(seriesOf('medkit_faults'), ['confirmed error 1', 'healed error 0']);
    assert.deepEqual(seriesOf('medkit_fault_reports_total'), ['accepted 6', 'failed 0']);
    assert.deepEqual(seriesOf('medkit_fault_near_misses_total'), ['5']);
    assert.deepEqual(seriesOf('medkit_sse_events_total'), ['faults 4', 'live 0']);
    assert.deepEqual(seriesOf('medkit_ros_breaker_open'), ['1']);
    assert.deepEqual(seriesOf('medkit_qos_mismatches'), ['1']);
    assert.deepEqual(seriesOf('medkit_app_restarts_total'), ['a 1']);
    assert.deepEqual(seriesOf('medkit_diagnostic_level'), ['hw motor 2']);
    assert.deepEqual(seriesOf('medkit_trigger_fired_total'), ['9']);
    assert.deepEqual(seriesOf('medkit_warnings'), ['no_nodes 2']);
    assert.deepEqual(seriesOf('medkit_dds_participants'), ['Fast DDS 3']);
    assert.deepEqual(seriesOf('medkit_dds_datagrams_total'), ['received 7', 'sent 5']);
    assert.deepEqual(seriesOf('medkit_actions'), ['4']);
    assert.deepEqual(seriesOf('medkit_app_online'), ['a 1', 'b 0']);
    assert.deepEqual(seriesOf('medkit_store_size_bytes'), ['faults 15', 'audit 3', 'recordings 9']);
    assert.deepEqual(seriesOf('medkit_peer_up'), ['b 0']);
    assert.deepEqual(seriesOf('medkit_plugin_up'), ['linux 1']);
    assert.deepEqual(seriesOf('medkit_webhook_outbox_oldest_age_seconds'), ['0']);
    assert.deepEqual(seriesOf('medkit_tls_certificate_expiry_timestamp_seconds'), ['1798761600']);
    assert.ok(seriesOf('medkit_http_refused_total')?.includes('wrong-login 2'));
    assert.ok(seriesOf('medkit_http_refused_total')?.includes('no-credential 0'));
  });

  it('has no family of a part that the gateway does not have', () => {
    const minimal = { status: 'healthy', timestamp: 0, warning_schema_version: 2, warnings: [] };
    const names = parsedOf(sourceWith(minimal)).map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => /dds|webhook|plugin|peer|locks|nodes|recordings|store/.test(name)),
      [],
    );
    assert.ok(names.includes('medkit_build_info'));
  });
});
