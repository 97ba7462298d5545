import type { Exposed } from './exposition.ts';
import { seriesName } from './family.ts';

/** A text format of metrics. */
export interface TextFormat {
  readonly contentType: string;
  encode(exposed: readonly Exposed[]): string;
}

/** The text format of Prometheus, version 0.0.4. */
export const TEXT_0_0_4: TextFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  encode: (exposed) => exposed.map((each) => familyText(each, false)).join(''),
};

/** OpenMetrics 1.0.0. Sends no `_created` series: Prometheus would store each as a second series. */
export const OPEN_METRICS: TextFormat = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  encode: (exposed) => `${exposed.map((each) => familyText(each, true)).join('')}# EOF\n`,
};

/**
 * Returns the format that an `Accept` header prefers (RFC 9110, 12.5.1). Every client that does not ask for OpenMetrics
 * 1.0.0 gets the text format 0.0.4, also one that accepts neither: a person with a browser can read it.
 */
export function formatFor(accept: string | undefined): TextFormat {
  let open = 0;
  let text = 0;
  for (const range of (accept ?? '').split(',')) {
    const [media = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    const version = parameters.find((each) => each.startsWith('version='))?.slice('version='.length);
    if (!(quality > 0)) continue;
    if (media === 'application/openmetrics-text' && (version === undefined || version === '1.0.0'))
      open = Math.max(open, quality);
    if (media === 'text/plain' && (version === undefined || version === '0.0.4')) text = Math.max(text, quality);
  }
  return open > 0 && open >= text ? OPEN_METRICS : TEXT_0_0_4;
}

function familyText(exposed: Exposed, isOpen: boolean): string {
  const { family } = exposed;
  const isHistogram = 'sets' in exposed;
  if ((isHistogram ? exposed.sets : exposed.series).length === 0) return '';
  const sample = seriesName(family);
  // The text format 0.0.4 names the family as its series, and has no type for facts.
  const name = isOpen ? family.name : sample;
  const type = family.type === 'info' && !isOpen ? 'gauge' : family.type;
  const unit = isOpen && family.unit !== undefined ? `# UNIT ${name} ${family.unit}\n` : '';
  const head = `# HELP ${name} ${helpText(family.help, isOpen)}\n# TYPE ${name} ${type}\n${unit}`;
  if (isHistogram) return head + histogramText(sample, exposed, isOpen);
  let text = head;
  for (const { labels, value } of exposed.series) {
    text += `${sample}${braced(labelText(family.labels, labels))} ${numberText(value)}\n`;
  }
  return text;
}

function histogramText(
  name: string,
  { family, bounds, sets }: Extract<Exposed, { readonly sets: unknown }>,
  isOpen: boolean,
): string {
  let text = '';
  for (const { labels, counts, sum } of sets) {
    const set = labelText(family.labels, labels);
    const before = set === '' ? '' : `${set},`;
    let count = 0;
    counts.forEach((inBucket, index) => {
      count += inBucket;
      text += `${name}_bucket{${before}le="${boundText(bounds[index], isOpen)}"} ${count}\n`;
    });
    text += `${name}_sum${braced(set)} ${numberText(sum)}\n${name}_count${braced(set)} ${count}\n`;
  }
  return text;
}

/** OpenMetrics writes a bound as a floating-point number: `1.0`. */
function boundText(bound: number | undefined, isOpen: boolean): string {
  if (bound === undefined) return '+Inf';
  return isOpen && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

const braced = (labels: string): string => (labels === '' ? '' : `{${labels}}`);

function labelText(names: readonly string[], labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name of names) text += `${text === '' ? '' : ','}${name}="${escaped(labels[name] ?? '')}"`;
  return text;
}

const SPECIAL = /[\\"\n]/;

function escaped(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function helpText(help: string, isOpen: boolean): string {
  const text = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return isOpen ? text.replaceAll('"', '\\"') : text;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
