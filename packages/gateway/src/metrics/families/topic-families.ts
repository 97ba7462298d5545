import { MAX_VALUES, type MetricValue } from '../../config/metric-values.ts';
import { byLabel, counter, type Family, gauge } from '../family.ts';
import type { MetricsSource } from '../metrics-source.ts';
import { MAX_STATUSES } from '../topics/diagnostic-levels.ts';
import { MAX_TOPICS } from '../topics/topic-meters.ts';

/** Topics that `metrics.topics` and `metrics.diagnostics` name. */
export const TOPIC_FAMILIES: readonly Family<MetricsSource>[] = [
  counter({
    name: 'medkit_topic_messages',
    help: 'Messages that the gateway received on a topic of metrics.topics.',
    labels: ['topic'],
    maxSeries: MAX_TOPICS,
    read: ({ topics }) =>
      byLabel(
        'topic',
        (topics?.topics() ?? []).map(({ topic, messages }) => [topic, messages]),
      ),
  }),
  gauge({
    name: 'medkit_topic_age_seconds',
    unit: 'seconds',
    help: 'Time since the last message on a topic of metrics.topics. Absent before the first message.',
    labels: ['topic'],
    maxSeries: MAX_TOPICS,
    read: ({ topics }) =>
      byLabel(
        'topic',
        (topics?.topics() ?? []).map(({ topic, ageSeconds }) => [topic, ageSeconds]),
      ),
  }),
  gauge({
    name: 'medkit_diagnostic_level',
    help: 'Last level of a status on /diagnostics: 0 OK, 1 WARN, 2 ERROR, 3 STALE. Needs metrics.diagnostics.',
    labels: ['hardware_id', 'name'],
    maxSeries: MAX_STATUSES,
    read: ({ topics }) =>
      (topics?.diagnostics?.levels() ?? []).map(({ hardwareId, name, level }) => ({
        labels: { hardware_id: hardwareId, name },
        value: level,
      })),
  }),
  gauge({
    name: 'medkit_diagnostic_age_seconds',
    unit: 'seconds',
    help: 'Time since a status on /diagnostics was reported.',
    labels: ['hardware_id', 'name'],
    maxSeries: MAX_STATUSES,
    read: ({ topics }) =>
      (topics?.diagnostics?.levels() ?? []).map(({ hardwareId, name, ageSeconds }) => ({
        labels: { hardware_id: hardwareId, name },
        value: ageSeconds,
      })),
  }),
];

/** Returns the gauges of `metrics.values`, which are part of the configuration. */
export function valueFamilies(values: readonly MetricValue[]): readonly Family<MetricsSource>[] {
  return Array.from(
    Map.groupBy(values, ({ metric }) => metric),
    ([metric, [first]]) =>
      gauge<MetricsSource, string>({
        name: metric,
        ...(first?.unit !== undefined && { unit: first.unit }),
        help: `Value ${first?.name} of metrics.values. Absent if it is unknown or too old.`,
        labels: Object.keys(first?.labels ?? {}),
        maxSeries: MAX_VALUES,
        read: ({ topics }) => topics?.values(metric) ?? [],
      }),
  );
}
