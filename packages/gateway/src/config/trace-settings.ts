import type { Setting } from './setting.ts';

/** Settings of traces. */
export const TRACE_SETTINGS = {
  'traces.enabled': {
    type: 'boolean',
    default: false,
    since: '0.1.0',
    about:
      'Records requests, calls of the robot and of peers, and faults as traces, and sends them by OTLP over HTTP. `OTEL_SDK_DISABLED=true` disables them. If off, nothing is recorded; a trace context of a client is still forwarded.',
  },
  'traces.otlp.endpoint': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'OpenTelemetry collector that receives the traces, such as `http://collector:4318`; `/v1/traces` is added to the path. If empty: `OTEL_EXPORTER_OTLP_ENDPOINT`, or `http://127.0.0.1:4318`.',
  },
  'traces.otlp.headers': {
    type: 'list',
    default: [],
    secret: true,
    since: '0.1.0',
    about: 'Headers of every request to the collector, as `Name: value`. If empty: `OTEL_EXPORTER_OTLP_HEADERS`.',
  },
  'traces.sample_ratio': {
    type: 'number',
    default: 0.01,
    min: 0,
    max: 1,
    outside: 'refuse',
    since: '0.1.0',
    about:
      'Part of the requests without a trace context that are recorded. Changes, faults, requests that take more than 1 s, and those that fail with a 5xx status are always recorded.',
  },
  'traces.service_name': {
    type: 'text',
    default: '',
    since: '0.1.0',
    about:
      'Attribute `service.name` of the traces, and of metrics that are sent. If empty: `OTEL_SERVICE_NAME`, or `medkit`.',
  },
  'traces.attributes': {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Further attributes of the gateway in the traces, and in metrics that are sent, as `name=value`, such as `deployment.environment.name=hall_3`. They are added to those of `OTEL_RESOURCE_ATTRIBUTES`, and replace equal names.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
