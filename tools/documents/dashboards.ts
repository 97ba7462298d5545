import { type Dashboard, graph, type Query, rate, SEL, stat } from './dashboard-panels.ts';
import { FLEET } from './fleet-dashboard.ts';

/**
 * The dashboards of `packaging/grafana`, in the classic model: every version of Grafana imports and provisions it. The
 * data source is a variable, so that a file needs no change.
 */

const DURATIONS = 'http_server_request_duration_seconds';

const ROBOT: Dashboard = {
  uid: 'medkit-robot',
  title: 'medkit: robot',
  panels: [
    stat('Gateway', 'Whether Prometheus reads the metrics of the gateway.', `up{${SEL}}`),
    stat('Apps online', 'Apps whose node runs.', `sum by (instance) (medkit_app_online{${SEL}})`),
    stat('Apps', 'Apps of the gateway.', `count by (instance) (medkit_app_online{${SEL}})`),
    stat(
      'Confirmed faults',
      'Faults that are active.',
      `sum by (instance) (medkit_faults{${SEL}, status="confirmed"})`,
      { red: 1 },
    ),
    stat('Open incidents', 'Incidents that are not closed.', `medkit_incidents_open{${SEL}}`, { red: 1 }),
    stat('Free disk space', 'On the disk of the data folder.', `medkit_disk_free_bytes{${SEL}}`, { unit: 'bytes' }),
    graph(
      'Confirmed faults by severity',
      'Active faults over time.',
      [
        {
          expr: `sum by (instance, severity) (medkit_faults{${SEL}, status="confirmed"})`,
          legend: '{{instance}} {{severity}}',
        },
      ],
      { isStacked: true },
    ),
    graph('Events of faults', 'Faults that were confirmed, healed or cleared per second.', [
      {
        expr: `sum by (instance, to) (${rate(`medkit_fault_transitions_total{${SEL}, to!="updated"}`)})`,
        legend: '{{instance}} {{to}}',
      },
    ]),
    {
      type: 'table',
      title: 'Apps that do not run',
      description: 'Apps whose node is offline.',
      unit: 'short',
      width: 12,
      queries: [{ expr: `medkit_app_online{${SEL}} == 0`, legend: '', instant: true }],
    },
    {
      type: 'table',
      title: 'Warnings',
      description: 'Warnings that GET /api/v1/health shows, with their remedies.',
      unit: 'short',
      width: 12,
      queries: [{ expr: `medkit_warnings{${SEL}}`, legend: '', instant: true }],
    },
    graph('Graph', 'Size of the ROS 2 graph.', [
      { expr: `medkit_nodes{${SEL}}`, legend: '{{instance}} nodes' },
      { expr: `medkit_topics{${SEL}}`, legend: '{{instance}} topics' },
      { expr: `medkit_services{${SEL}}`, legend: '{{instance}} services' },
      { expr: `medkit_actions{${SEL}}`, legend: '{{instance}} actions' },
    ]),
    graph('Evidence', 'Stored recordings, and recordings and snapshots that are missing.', [
      { expr: `medkit_recordings{${SEL}}`, legend: '{{instance}} recordings' },
      { expr: `medkit_recordings_lost_total{${SEL}}`, legend: '{{instance}} recordings lost' },
      { expr: `medkit_capture_dropped_total{${SEL}}`, legend: '{{instance}} faults without snapshots' },
    ]),
  ],
};

const quantile = (q: number): Query => ({
  expr: `histogram_quantile(${q}, sum by (le) (${rate(`${DURATIONS}_bucket{${SEL}}`)}))`,
  legend: `p${q * 100}`,
});

const GATEWAY: Dashboard = {
  uid: 'medkit-gateway',
  title: 'medkit: gateway',
  panels: [
    graph(
      'Requests by operation',
      'Requests per second, without event streams.',
      [{ expr: `sum by (operation_id) (${rate(`${DURATIONS}_count{${SEL}}`)})`, legend: '{{operation_id}}' }],
      { unit: 'reqps' },
    ),
    graph('Duration of requests', 'Percentiles of all requests.', [quantile(0.5), quantile(0.95), quantile(0.99)], {
      unit: 's',
    }),
    graph(
      'Server errors by operation',
      'Requests per second that were answered with 5xx.',
      [
        {
          expr: `sum by (operation_id) (${rate(`${DURATIONS}_count{${SEL}, code="5xx"}`)})`,
          legend: '{{operation_id}}',
        },
      ],
      { unit: 'reqps' },
    ),
    graph('Rejected requests', 'Rejected requests and logins per second, by reason.', [
      { expr: `sum by (reason) (${rate(`medkit_http_refused_total{${SEL}}`)})`, legend: '{{reason}}' },
    ]),
    graph(
      'Delay of the event loop',
      '99th percentile since the last scrape.',
      [{ expr: `nodejs_eventloop_lag_p99_seconds{${SEL}}`, legend: '{{instance}}' }],
      { unit: 's', width: 8 },
    ),
    graph(
      'Processor time',
      'Of one core.',
      [{ expr: rate(`process_cpu_seconds_total{${SEL}}`), legend: '{{instance}}' }],
      { unit: 'percentunit', width: 8 },
    ),
    graph(
      'Memory',
      'Resident memory and used heap.',
      [
        { expr: `process_resident_memory_bytes{${SEL}}`, legend: '{{instance}} resident' },
        { expr: `nodejs_heap_size_used_bytes{${SEL}}`, legend: '{{instance}} heap' },
      ],
      { unit: 'bytes', width: 8 },
    ),
    graph('Event streams', 'Open streams, and streams that the gateway ended.', [
      { expr: `medkit_sse_clients{${SEL}}`, legend: '{{instance}} open' },
      { expr: `medkit_sse_clients_dropped_total{${SEL}}`, legend: '{{instance}} {{reason}}' },
    ]),
    graph('Webhooks', 'Webhooks that wait, and dead letters.', [
      { expr: `medkit_webhook_outbox_depth{${SEL}}`, legend: '{{instance}} waiting' },
      { expr: `medkit_webhook_dead_letters{${SEL}}`, legend: '{{instance}} dead letters' },
    ]),
    graph('DDS datagrams', 'Datagrams per second, by direction.', [
      { expr: rate(`medkit_dds_datagrams_total{${SEL}}`), legend: '{{instance}} {{direction}}' },
    ]),
    graph('Dropped DDS messages', 'Datagrams and messages per second, by reason.', [
      { expr: rate(`medkit_dds_dropped_total{${SEL}}`), legend: '{{instance}} {{reason}}' },
    ]),
    graph(
      'Stores',
      'Size of the stores on disk.',
      [{ expr: `medkit_store_size_bytes{${SEL}}`, legend: '{{instance}} {{store}}' }],
      { unit: 'bytes' },
    ),
    graph(
      'Bounded collections',
      'Used share of each bounded collection.',
      [{ expr: `medkit_quota_entries{${SEL}} / medkit_quota_capacity{${SEL}}`, legend: '{{instance}} {{quota}}' }],
      { unit: 'percentunit' },
    ),
    {
      type: 'table',
      title: 'Versions',
      description: 'Versions of medkit and Node.js.',
      unit: 'short',
      width: 24,
      queries: [{ expr: `medkit_build_info{${SEL}}`, legend: '', instant: true }],
    },
  ],
};

export const DASHBOARDS: readonly Dashboard[] = [ROBOT, GATEWAY, FLEET];
