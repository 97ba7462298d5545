import { DEBUG_COMPONENTS } from '@medkit/edges';
import type { Setting } from './setting.ts';

const DEBUGGED = Object.entries(DEBUG_COMPONENTS)
  .map(([component, content]) => `\`${component}\` (${content})`)
  .join(', ');

const headers = {
  type: 'list',
  default: [],
  secret: true,
  since: '0.1.0',
  about: 'Headers of every request to the log target, as `Name: value`, such as `Authorization: Bearer <token>`.',
} as const;

/** Settings of logs and log forwarding. */
export const LOG_SETTINGS = {
  'logs.debug': {
    type: 'list',
    default: [],
    variable: 'MEDKIT_DEBUG',
    since: '0.1.0',
    about: `Components of the gateway that write a debug log to standard error, or \`all\`: ${DEBUGGED}.`,
  },
  'logs.buffer_size': {
    type: 'integer',
    default: 200,
    min: 1,
    max: 100_000,
    outside: 'clamp',
    since: '0.1.0',
    about: 'Maximum number of stored log entries per logger; the maximum number of loggers is ten times as many.',
  },
  'logs.sinks.labels': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about: 'Attributes added to every forwarded entry, as `name=value`, such as `site=hall_3`.',
  },
  'logs.sinks.otlp.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Forwards logs to this OpenTelemetry collector by OTLP over HTTP, such as `http://collector:4318`; if the address has no path, `/v1/logs` is added.',
  },
  'logs.sinks.otlp.headers': headers,
  'logs.sinks.loki.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Forwards logs to this Grafana Loki, such as `http://loki:3100`; if the address has no path, `/loki/api/v1/push` is added.',
  },
  'logs.sinks.loki.headers': headers,
  'logs.sinks.elasticsearch.url': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about: 'Forwards logs to this Elasticsearch or OpenSearch by `_bulk`, such as `https://elastic:9200`.',
  },
  'logs.sinks.elasticsearch.headers': headers,
  'logs.sinks.elasticsearch.index': {
    type: 'text',
    default: 'logs-medkit-default',
    since: '0.1.0',
    about: 'Index or data stream for the entries.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
