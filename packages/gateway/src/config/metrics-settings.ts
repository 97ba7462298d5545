import type { Setting } from './setting.ts';

/** Settings of `GET /metrics`. */
export const METRICS_SETTINGS = {
  'metrics.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Serves `GET /metrics` for Prometheus and measures requests and the event loop. If off, nothing is measured and the route does not exist.',
  },
  'metrics.token': {
    type: 'text',
    default: '',
    secret: true,
    since: '0.1.0',
    about:
      'Token that permits only `GET /metrics`, sent as `Authorization: Bearer <token>`. If it is set, clients without a credential cannot read metrics.',
  },
  'metrics.token_file': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'File with `metrics.token`. The systemd credential `metrics.token` does the same.',
  },
  'metrics.listen': {
    type: 'text',
    default: '',
    since: '0.1.0',
    matches: {
      pattern: /^(?:(?:\[[\da-f:.]+\]|[\w.-]+):\d{1,5})?$/i,
      meaning: 'an address and a port such as 127.0.0.1:9464',
    },
    about:
      'Additional address and port that serve only `GET /metrics`, such as `127.0.0.1:9464`. Needs the same credentials as the main address, and uses TLS if that does. Port 0: the system chooses.',
  },
  'metrics.values': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'At most 50 values of topics as gauges, such as `battery_voltage [volts] = /battery_state:/voltage`: a name, its unit, and the topic with the JSON Pointer of a field. `wheel_speed [radians_per_second] {wheel=left} = /joint_states:/velocity/0` adds labels. Each topic is one DDS subscription.',
  },
  'metrics.topics': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Topics whose messages are counted, by name or pattern, such as `/scan` or `/camera/*`; `*` matches any characters. At most 100 topics: each is a DDS subscription.',
  },
  'metrics.value_max_age_sec': {
    type: 'integer',
    default: 60,
    min: 1,
    max: 86_400,
    outside: 'refuse',
    special: { value: 0, meaning: 'no limit, for topics that are published once' },
    since: '0.1.0',
    about: 'A value of `metrics.values` has no series if its last message is older than this.',
  },
  'metrics.diagnostics': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about: 'Subscribes to `/diagnostics` and exports the level of each status, at most 300.',
  },
  'metrics.otlp.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Sends the metrics to an OpenTelemetry collector by OTLP over HTTP, for robots that cannot be scraped. Independent of `metrics.enabled`. `OTEL_SDK_DISABLED=true` disables it.',
  },
  'metrics.otlp.endpoint': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'OpenTelemetry collector that receives the metrics, such as `http://collector:4318`; `/v1/metrics` is added to the path. If empty: `OTEL_EXPORTER_OTLP_ENDPOINT`, or `http://127.0.0.1:4318`.',
  },
  'metrics.otlp.headers': {
    type: 'list',
    default: [],
    secret: true,
    since: '0.1.0',
    about: 'Headers of every request to the collector, as `Name: value`. If empty: `OTEL_EXPORTER_OTLP_HEADERS`.',
  },
  'metrics.otlp.interval_sec': {
    type: 'number',
    default: 60,
    min: 1,
    max: 3600,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Interval between two readings that are sent. `traces.service_name` and `traces.attributes` name the gateway.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
