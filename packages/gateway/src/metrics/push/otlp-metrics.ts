import { VERSION } from '@medkit/contract';
import { type BatchSink, otlpVerdict } from '@medkit/entities';
import { otlpAttributes, otlpRequest } from '../../otlp/otlp-json.ts';
import type { OtlpTarget } from '../../otlp/otlp-target.ts';
import type { Exposed } from '../exposition.ts';
import { seriesName } from '../family.ts';

/** AggregationTemporality of the metrics data model: every point counts from the start of the gateway. */
const CUMULATIVE = 2;
/** DataPointFlags: the gateway does not know the value now. */
const NO_RECORDED_VALUE = 1;
/** Units as UCUM writes them. The unit of a value that the configuration names is an annotation, which UCUM permits. */
const UNITS = new Map([
  ['bytes', 'By'],
  ['seconds', 's'],
]);

/** The times of a reading, nanoseconds since the Unix epoch. */
export interface PointTimes {
  /** When the gateway began to count. */
  readonly startNs: bigint;
  readonly timeNs: bigint;
}

/**
 * An OpenTelemetry collector, or any receiver of OTLP over HTTP with JSON. An entry is an encoded metric: a queue of
 * texts takes less memory than one of objects, and its size is known.
 */
export function otlpMetrics(target: OtlpTarget): BatchSink<string> {
  const resource = JSON.stringify({ attributes: otlpAttributes(target.resource) });
  const scope = JSON.stringify({ name: 'medkit', version: VERSION });
  const head = `{"resourceMetrics":[{"resource":${resource},"scopeMetrics":[{"scope":${scope},"metrics":[`;
  return {
    name: 'otlp',
    title: 'Metrics sink otlp',
    origin: new URL(target.url).origin,
    request: (metrics) => otlpRequest(target, `${head}${metrics.join(',')}]}]}]}`),
    verdict: (reply, metrics) => otlpVerdict(reply, metrics, 'rejectedDataPoints'),
    charactersOf: (metric) => metric.length,
  };
}

/** Encodes the series of a family as a Metric in OTLP JSON; returns `undefined` if it has none. */
export function encodeMetric(exposed: Exposed, { startNs, timeNs }: PointTimes): string | undefined {
  const { family } = exposed;
  const { name, help, unit, type } = family;
  const labelled = (labels: Readonly<Record<string, string>>) =>
    family.labels.length > 0 ? { attributes: otlpAttributes(labels) } : {};
  const times = { startTimeUnixNano: `${startNs}`, timeUnixNano: `${timeNs}` };
  const described = { description: help, ...(unit && { unit: UNITS.get(unit) ?? `{${unit}}` }) };
  if ('sets' in exposed) {
    if (exposed.sets.length === 0) return undefined;
    const dataPoints = exposed.sets.map(({ labels, counts, sum }) => ({
      ...labelled(labels),
      ...times,
      count: `${counts.reduce((total, count) => total + count, 0)}`,
      sum,
      bucketCounts: Array.from(counts, String),
      explicitBounds: exposed.bounds,
    }));
    return JSON.stringify({ name, ...described, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } });
  }
  if (exposed.series.length === 0) return undefined;
  const points = exposed.series.map(({ labels, value }) => ({
    ...labelled(labels),
    ...(Number.isFinite(value) ? { asDouble: value } : { flags: NO_RECORDED_VALUE }),
  }));
  if (type === 'counter') {
    const dataPoints = points.map((point) => ({ ...point, ...times }));
    const sum = { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true };
    // The receiver adds `_total` if it stores for Prometheus.
    return JSON.stringify({ name, ...described, sum });
  }
  const dataPoints = points.map((point) => ({ ...point, timeUnixNano: times.timeUnixNano }));
  return JSON.stringify({ name: seriesName(family), ...described, gauge: { dataPoints } });
}
