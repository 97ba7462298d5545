import { FLEET_QUOTAS, REFUSAL_REASONS, VERSION } from '@medkit/contract';
import { STREAM_KINDS } from '../../sse/event-streams.ts';
import { UPDATE_OUTCOMES } from '../event-counts.ts';
import { byLabel, counter, type Family, gauge, info, single } from '../family.ts';
import { entriesAt, figureAt, figuresAt, type MetricsSource } from '../metrics-source.ts';
import { MAX_REQUEST_SETS } from '../request-metrics.ts';

/** Maximum peers, plugins, log sinks and codes of warnings: each is configured, or a constant of the program. */
const MAX_NAMED = 200;

/** HTTP requests, event streams, and what the gateway refuses. */
export const HTTP_FAMILIES: readonly Family<MetricsSource>[] = [
  {
    type: 'histogram',
    name: 'http_server_request_duration_seconds',
    unit: 'seconds',
    help: 'Duration of HTTP requests, without event streams. operation_id is none for pages, documents and unknown addresses.',
    labels: ['operation_id', 'code'],
    maxSeries: MAX_REQUEST_SETS,
    histogram: ({ requests }) => requests.durations,
  },
  gauge({
    name: 'http_server_active_requests',
    help: 'HTTP requests whose reply is not complete, without event streams.',
    labels: [],
    maxSeries: 1,
    read: ({ requests }) => single(requests.active),
  }),
  counter({
    name: 'medkit_http_refused',
    help: 'Rejected requests and logins by reason, as in GET /x-medkit-audit/denied.',
    labels: ['reason'],
    maxSeries: REFUSAL_REASONS.length,
    read: ({ health }) =>
      byLabel(
        'reason',
        REFUSAL_REASONS.map((reason) => [reason, figureAt(health, 'x-medkit-access', 'reasons', reason) ?? 0]),
      ),
  }),
  gauge({
    name: 'medkit_sse_clients',
    help: 'Open event streams.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-event-streams', 'clients')),
  }),
  counter({
    name: 'medkit_sse_events',
    help: 'Events that were sent to clients of event streams, by stream. Events that are sent together count once.',
    labels: ['stream'],
    maxSeries: STREAM_KINDS.length,
    read: ({ health }) => byLabel('stream', figuresAt(health, 'x-medkit-event-streams', 'frames')),
  }),
  counter({
    name: 'medkit_uplink_octets',
    help: 'Bytes on the socket of the connection to each fleet hub, by class of the data budget. Absent without a hub.',
    labels: ['hub', 'class', 'direction'],
    maxSeries: 24,
    read: ({ health }) =>
      entriesAt(health, 'x-medkit-uplink', 'hubs').flatMap(([hub]) =>
        ['sent', 'received'].flatMap((direction) =>
          figuresAt(health, 'x-medkit-uplink', 'hubs', hub, direction).map(([each, value]) => ({
            labels: { hub, class: each, direction },
            value,
          })),
        ),
      ),
  }),
  gauge({
    name: 'medkit_uplink_connected',
    help: 'Whether the robot is connected to a fleet hub. Absent without a hub.',
    labels: ['hub'],
    maxSeries: 2,
    read: ({ health }) =>
      byLabel(
        'hub',
        entriesAt(health, 'x-medkit-uplink', 'hubs').map(([hub]) => [
          hub,
          figureAt(health, 'x-medkit-uplink', 'hubs', hub, 'connected'),
        ]),
      ),
  }),
  gauge({
    name: 'medkit_fleet_throttled_robots',
    help: 'Robots that sent more than the fleet hub reads from one robot in the last minute. Absent without a hub.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-fleet', 'throttled')),
  }),
  ...(['used', 'limit'] as const).map((figure) =>
    gauge({
      name: `medkit_fleet_quota_${figure}`,
      help: `${figure === 'used' ? 'Use' : 'Limit'} of each quota of the fleet hub. Absent without a quota.`,
      labels: ['quota'],
      maxSeries: FLEET_QUOTAS.length,
      read: ({ health }: MetricsSource) =>
        byLabel(
          'quota',
          entriesAt(health, 'x-medkit-fleet', 'quota').map(([quota]) => [
            quota,
            figureAt(health, 'x-medkit-fleet', 'quota', quota, figure),
          ]),
        ),
    }),
  ),
  counter({
    name: 'medkit_sse_clients_dropped',
    help: 'Event streams that the gateway ended: cut_off if the client was too slow, revoked if it lost its access.',
    labels: ['reason'],
    maxSeries: 2,
    read: ({ health }) =>
      byLabel(
        'reason',
        ['cut_off', 'revoked'].map((reason) => [reason, figureAt(health, 'x-medkit-event-streams', reason)]),
      ),
  }),
];

/** Facts of the gateway and its connections to other programs. */
export const GATEWAY_FAMILIES: readonly Family<MetricsSource>[] = [
  info({
    name: 'medkit_build',
    help: 'Version of medkit and of Node.js.',
    labels: ['version', 'node_version'],
    maxSeries: 1,
    facts: ({ process }) => ({ version: VERSION, node_version: process.nodeVersion }),
  }),
  gauge({
    name: 'medkit_warnings',
    help: 'Warnings that GET /health shows now, by code.',
    labels: ['code'],
    maxSeries: MAX_NAMED,
    read: ({ health }) => {
      const counts = new Map<string, number>();
      for (const { code } of health.warnings) counts.set(code, (counts.get(code) ?? 0) + 1);
      return byLabel('code', counts);
    },
  }),
  gauge({
    name: 'medkit_peer_up',
    help: 'Whether a gateway whose entities are shown is online.',
    labels: ['peer'],
    maxSeries: MAX_NAMED,
    read: ({ health }) =>
      byLabel(
        'peer',
        (health.peers ?? []).map(({ name, status }) => [name, isOne(status, 'online')]),
      ),
  }),
  gauge({
    name: 'medkit_plugin_up',
    help: 'Whether a configured plugin runs.',
    labels: ['plugin'],
    maxSeries: MAX_NAMED,
    read: ({ health }) =>
      byLabel(
        'plugin',
        (health['x-medkit-plugins']?.plugins ?? []).map(({ name, state }) => [name, isOne(state, 'running')]),
      ),
  }),
  gauge({
    name: 'medkit_locks',
    help: 'Locks that clients hold.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-locks', 'held')),
  }),
  gauge({
    name: 'medkit_triggers',
    help: 'Triggers that clients created: active, problem (active, cannot be evaluated now), suspended, terminated.',
    labels: ['state'],
    maxSeries: 4,
    read: ({ health }) =>
      byLabel('state', [
        ['active', figureAt(health, 'x-medkit-triggers', 'active')],
        ['problem', figureAt(health, 'x-medkit-triggers', 'with_a_problem')],
        ['suspended', figureAt(health, 'x-medkit-triggers', 'suspended')],
        ['terminated', figureAt(health, 'x-medkit-triggers', 'terminated')],
      ]),
  }),
  counter({
    name: 'medkit_trigger_fired',
    help: 'Events of triggers that clients created.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-triggers', 'fired_total')),
  }),
  counter({
    name: 'medkit_updates',
    help: 'Steps of software updates that ended, by outcome.',
    labels: ['outcome'],
    maxSeries: UPDATE_OUTCOMES.length,
    read: ({ events }) => byLabel('outcome', events.updates),
  }),
  gauge({
    name: 'medkit_log_sink_queue_depth',
    help: 'Log entries that wait for a log sink.',
    labels: ['sink'],
    maxSeries: MAX_NAMED,
    read: ({ health }) => ofSinks(health, 'queued'),
  }),
  counter({
    name: 'medkit_log_sink_dropped',
    help: 'Log entries that were dropped because the queue of their log sink was full.',
    labels: ['sink'],
    maxSeries: MAX_NAMED,
    read: ({ health }) => ofSinks(health, 'dropped_total'),
  }),
  gauge({
    name: 'medkit_tls_certificate_expiry_timestamp_seconds',
    unit: 'seconds',
    help: 'When the certificate of the gateway expires.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(secondsOf(health['x-medkit-tls']?.expires)),
  }),
  ...quotaFamilies(),
];

/** Deliveries of webhooks and notifications. */
export const DELIVERY_FAMILIES: readonly Family<MetricsSource>[] = [
  counter({
    name: 'medkit_webhook_deliveries',
    help: 'Deliveries of webhooks: delivered, failed (an attempt that is retried), dead (given up), overflowed (the queue was full).',
    labels: ['outcome'],
    maxSeries: 4,
    read: ({ health }) =>
      byLabel(
        'outcome',
        ['delivered', 'failed', 'dead', 'overflowed'].map((outcome) => [
          outcome,
          figureAt(health, 'x-medkit-webhooks', `${outcome}_total`),
        ]),
      ),
  }),
  gauge({
    name: 'medkit_webhook_outbox_depth',
    help: 'Webhooks that wait for delivery.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-webhooks', 'queued')),
  }),
  gauge({
    name: 'medkit_webhook_outbox_oldest_age_seconds',
    unit: 'seconds',
    help: 'Age of the oldest webhook that waits for delivery; 0 if none waits.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) =>
      health['x-medkit-webhooks'] === undefined
        ? []
        : single(figureAt(health, 'x-medkit-webhooks', 'oldest_age_sec') ?? 0),
  }),
  gauge({
    name: 'medkit_webhook_dead_letters',
    help: 'Webhooks that were given up and are stored for redelivery.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-webhooks', 'dead')),
  }),
  counter({
    name: 'medkit_notifications',
    help: 'Notifications of incidents that were queued for receivers.',
    labels: [],
    maxSeries: 1,
    read: ({ health }) => single(figureAt(health, 'x-medkit-notify', 'told_total')),
  }),
];

/** The bounded collections of the gateway, under the names of `x-medkit-quotas` in `/health`. */
function quotaFamilies(): readonly Family<MetricsSource>[] {
  const of = (member: string) => ({
    labels: ['quota'] as const,
    maxSeries: MAX_NAMED,
    read: ({ health }: MetricsSource) =>
      byLabel(
        'quota',
        entriesAt(health, 'x-medkit-quotas').map(([name]) => [name, figureAt(health, 'x-medkit-quotas', name, member)]),
      ),
  });
  return [
    gauge({ name: 'medkit_quota_entries', help: 'Entries of a bounded collection.', ...of('held') }),
    gauge({ name: 'medkit_quota_capacity', help: 'Maximum entries of a bounded collection.', ...of('capacity') }),
    counter({
      name: 'medkit_quota_refused',
      help: 'Entries that a bounded collection refused, or removed for newer ones.',
      ...of('refused'),
    }),
  ];
}

function ofSinks(health: MetricsSource['health'], member: string) {
  return byLabel(
    'sink',
    entriesAt(health, 'x-medkit-log-sinks').map(([name]) => [
      name,
      figureAt(health, 'x-medkit-log-sinks', name, member),
    ]),
  );
}

const isOne = (state: string, wanted: string): number => (state === wanted ? 1 : 0);

function secondsOf(time: string | undefined): number | undefined {
  const ms = Date.parse(time ?? '');
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
