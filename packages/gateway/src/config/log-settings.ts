import type { Setting } from './setting.ts';

const headers = {
  type: 'list',
  default: [],
  secret: true,
  since: '0.1.0',
  about: 'Headers of every request to it, as `Name: value`, such as `Authorization: Bearer <token>`.',
} as const;

/** Settings of logs and log forwarding. */
export const LOG_SETTINGS = {
  'logs.buffer_size': {
    type: 'integer',
    default: 200,
    min: 1,
    max: 100_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Log entries that are kept of each logger; ten times as many loggers are kept at most.',
  },
  'logs.sinks.labels': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'What every forwarded entry carries besides, as `name=value`, such as `site=hall_3`.',
  },
  'logs.sinks.otlp.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Forward logs to this OpenTelemetry collector by OTLP over HTTP, such as `http://collector:4318`; `/v1/logs` is added where there is no path.',
  },
  'logs.sinks.otlp.headers': headers,
  'logs.sinks.loki.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Forward logs to this Grafana Loki, such as `http://loki:3100`; `/loki/api/v1/push` is added where there is no path.',
  },
  'logs.sinks.loki.headers': headers,
  'logs.sinks.elasticsearch.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'Forward logs to this Elasticsearch or OpenSearch by `_bulk`, such as `https://elastic:9200`.',
  },
  'logs.sinks.elasticsearch.headers': headers,
  'logs.sinks.elasticsearch.index': {
    type: 'text',
    default: 'logs-medkit-default',
    since: '0.1.0',
    about: 'Index or data stream that the entries go to.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
