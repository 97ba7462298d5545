import { isPointer } from '@medkit/core/json';
import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

/** A field of a topic that is exported as a gauge. */
export interface MetricValue {
  /** Name of the gauge: `medkit_value_battery_voltage_volts`. */
  readonly metric: string;
  /** As the configuration names the value, for the help of the gauge. */
  readonly name: string;
  readonly unit: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly topic: string;
  /** JSON Pointer to the field; absent for the primary number of the message. */
  readonly pointer: string | undefined;
}

/** Maximum entries of `metrics.values`: each is a series for the whole retention. */
export const MAX_VALUES = 50;
/** Maximum entries of `metrics.topics`. */
export const MAX_PATTERNS = 100;
/** Maximum characters of a label's value. */
const MAX_LABEL_LENGTH = 100;

const EXAMPLE = 'battery_voltage [volts] = /battery_state:/voltage';
const ENTRY =
  /^\s*([a-z][a-z0-9_]{0,59}?)\s*(?:\[([a-z][a-z0-9_]{0,30})\])?\s*(?:\{([^{}]*)\})?\s*=\s*(\/[^\s:]+)(?::(\/\S*))?\s*$/;
/** The rules of ROS for names of topics, without substitutions. */
const TOPIC = /^(?:\/[A-Za-z_]\w*)+$/;
const PATTERN = /^\/[\w/*?]+$/;
const LABEL = /^\s*((?!__)[a-zA-Z_]\w{0,39})\s*=\s*(.*?)\s*$/;
/** Suffixes with a meaning in the formats of metrics. */
const RESERVED_SUFFIX = /_(?:total|info|created|bucket|count|sum)$/;
/** Labels that Prometheus adds, or that histograms and summaries use. */
const RESERVED_LABELS: readonly string[] = ['instance', 'job', 'le', 'quantile'];

/** Parses an entry of `metrics.values`. Returns the problem as a text if it is invalid. */
export function metricValue(entry: string): MetricValue | string {
  const [, name, unit, labelText = '', topic, pointer] = ENTRY.exec(entry) ?? [];
  if (name === undefined || topic === undefined)
    return 'is not a name, a unit, a topic and a field: names and units have lower-case letters, digits and _';
  const metric = `medkit_value_${name}${unit === undefined || name.endsWith(`_${unit}`) ? '' : `_${unit}`}`;
  if (RESERVED_SUFFIX.test(metric)) return `would be named ${metric}, whose suffix is reserved: choose another name`;
  if (!TOPIC.test(topic)) return `names ${topic}, which is not the full name of a topic`;
  if (pointer !== undefined && !isPointer(pointer)) return `names the field ${pointer}, which is not a JSON Pointer`;
  const labels: Record<string, string> = {};
  for (const text of labelText.split(',').filter((part) => part.trim() !== '')) {
    const [, label, value] = LABEL.exec(text) ?? [];
    if (!label || value === undefined || value === '' || value.length > MAX_LABEL_LENGTH)
      return `has the label "${text.trim().slice(0, 60)}", which is not a name=value of at most ${MAX_LABEL_LENGTH} characters`;
    if (RESERVED_LABELS.includes(label)) return `has the label ${label}, which is reserved: choose another name`;
    if (Object.hasOwn(labels, label)) return `has the label ${label} twice`;
    labels[label] = value;
  }
  return { metric, name, unit, labels, topic, pointer };
}

/** Returns the valid entries of `metrics.values`. */
export function metricValues(entries: readonly string[]): readonly MetricValue[] {
  return entries.map(metricValue).filter((value) => typeof value !== 'string');
}

/** Checks `metrics.values` and `metrics.topics`. Throws `ConfigRefused` with each problem and its remedy. */
export function validateMetricValues(config: FlatConfig): readonly Notice[] {
  const { 'metrics.values': entries, 'metrics.topics': patterns } = config;
  const refusals: string[] = [];
  if (entries.length > MAX_VALUES)
    refusals.push(`metrics.values has ${entries.length} entries: the maximum is ${MAX_VALUES}`);
  if (patterns.length > MAX_PATTERNS)
    refusals.push(`metrics.topics has ${patterns.length} entries: the maximum is ${MAX_PATTERNS}`);
  for (const pattern of patterns.filter((text) => !PATTERN.test(text)))
    refusals.push(`metrics.topics: "${pattern}" is not a topic or a pattern, such as /scan or /camera/*`);
  for (const entry of entries) {
    const value = metricValue(entry);
    if (typeof value === 'string') refusals.push(`metrics.values: "${entry}" ${value}. Example: ${EXAMPLE}`);
  }
  refusals.push(...conflicts(metricValues(entries)));
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return [];
}

/** Returns the problems of values with the same gauge: the series of a gauge have the same labels with different values. */
function conflicts(values: readonly MetricValue[]): readonly string[] {
  const refusals: string[] = [];
  for (const [metric, series] of Map.groupBy(values, (value) => value.metric)) {
    if (new Set(series.map(({ labels }) => Object.keys(labels).sort().join())).size > 1)
      refusals.push(`metrics.values: the entries of ${metric} have different labels: give each the same label names`);
    else if (new Set(series.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()))).size < series.length)
      refusals.push(`metrics.values: two entries are ${metric} with the same labels: add a label that differs`);
  }
  return refusals;
}
