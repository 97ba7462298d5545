/**
 * The dashboards of `packaging/grafana`, in the classic model: every version of Grafana imports and provisions it. The
 * data source is a variable, so that a file needs no change.
 */

interface Query {
  readonly expr: string;
  readonly legend: string;
  /** The latest value of each series, for a table. */
  readonly instant?: true;
}

interface Panel {
  readonly type: 'stat' | 'table' | 'timeseries';
  readonly title: string;
  readonly description: string;
  /** A unit of Grafana. */
  readonly unit: 'bytes' | 'percentunit' | 'reqps' | 's' | 'short';
  /** Width in columns; a row has 24. */
  readonly width: 4 | 6 | 8 | 12 | 24;
  readonly queries: readonly Query[];
  readonly isStacked?: true;
  /** Value from which the figure is red. */
  readonly red?: number;
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana.
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** The series of the selected gateways. */
const SEL = 'job=~"$job", instance=~"$instance"';
const rate = (series: string) => `rate(${series}[$__rate_interval])`;
const DURATIONS = 'http_server_request_duration_seconds';

const stat = (title: string, description: string, expr: string, others: Partial<Panel> = {}): Panel => ({
  type: 'stat',
  title,
  description,
  unit: 'short',
  width: 4,
  queries: [{ expr, legend: '{{instance}}' }],
  ...others,
});

const graph = (title: string, description: string, queries: readonly Query[], others: Partial<Panel> = {}): Panel => ({
  type: 'timeseries',
  title,
  description,
  unit: 'short',
  width: 12,
  queries,
  ...others,
});

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

export const DASHBOARDS: readonly Dashboard[] = [ROBOT, GATEWAY];

/** Height of a panel in the grid of Grafana. */
const HEIGHTS = { stat: 4, table: 8, timeseries: 8 } as const;
const COLUMNS = 24;

/** Returns a dashboard as the JSON that Grafana imports. */
export function dashboardJson({ uid, title, panels }: Dashboard): string {
  const others = DASHBOARDS.filter((each) => each.uid !== uid);
  let [x, y] = [0, 0];
  const placed = panels.map((panel, index) => {
    if (x + panel.width > COLUMNS) {
      x = 0;
      y += HEIGHTS[panels[index - 1]?.type ?? 'timeseries'];
    }
    const gridPos = { x, y, w: panel.width, h: HEIGHTS[panel.type] };
    x += panel.width;
    return panelJson(panel, index + 1, gridPos);
  });
  const dashboard = {
    id: null,
    uid,
    title,
    tags: ['medkit', 'ros2'],
    schemaVersion: 36,
    timezone: 'browser',
    refresh: '30s',
    graphTooltip: 1,
    editable: true,
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [datasourceVariable(), labelVariable('job', ''), labelVariable('instance', 'job=~"$job"')] },
    links: others.map((other) => ({
      type: 'link',
      title: other.title,
      url: `/d/${other.uid}`,
      keepTime: true,
      includeVars: true,
    })),
    panels: placed,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function panelJson(panel: Panel, id: number, gridPos: object) {
  const { type, title, description, unit, queries, isStacked, red } = panel;
  const steps = [{ color: 'green', value: null }, ...(red === undefined ? [] : [{ color: 'red', value: red }])];
  return {
    id,
    type,
    title,
    description,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: {
        unit,
        thresholds: { mode: 'absolute', steps },
        ...(isStacked && { custom: { stacking: { mode: 'normal', group: 'A' }, fillOpacity: 30 } }),
      },
      overrides: [],
    },
    targets: queries.map(({ expr, legend, instant }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(instant && { instant: true, format: 'table' }),
    })),
  };
}

const datasourceVariable = () => ({
  type: 'datasource',
  name: 'datasource',
  label: 'Data source',
  query: 'prometheus',
});

function labelVariable(name: string, matchers: string) {
  const query = `label_values(medkit_build_info{${matchers}}, ${name})`;
  return {
    type: 'query',
    name,
    datasource: DATASOURCE,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    current: { text: 'All', value: '$__all' },
  };
}
