import type { Measured } from '@medkit/incidents';
import { escapeHtml } from '../../http/escape-html.ts';

const [WIDTH, HEIGHT] = [720, 200];
const [LEFT, TOP, RIGHT, BOTTOM] = [48, 12, 12, 24];

/** Returns a value over time with its threshold as SVG, for a page without scripts or network access. */
export function measuredChart({ channel, label, unit, threshold, samples }: Measured): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return '';
  const values = [...samples.map(([, value]) => value), threshold];
  const [least, most] = [Math.min(0, ...values), Math.max(...values)];
  const x = (ms: number): number => LEFT + ((ms - first[0]) / Math.max(1, last[0] - first[0])) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    TOP + (1 - (value - least) / Math.max(Number.EPSILON, most - least)) * (HEIGHT - TOP - BOTTOM);
  const points = samples.map(([ms, value]) => `${x(ms).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const of = unit === undefined ? '' : ` ${unit}`;
  const name = escapeHtml(`${label ?? channel}${of && ` in${of}`}`);
  const at = (ms: number): string => new Date(Math.round(ms)).toISOString().slice(11, 23);
  const line = y(threshold).toFixed(1);
  return `<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name} from ${at(first[0])} to ${at(last[0])}, threshold ${threshold}${escapeHtml(of)}">
<line class="threshold" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${line}" y2="${line}"/>
<text x="${LEFT + 4}" y="${Number(line) - 4}">${threshold}${escapeHtml(of)}</text>
<polyline points="${points}"/>
<text x="4" y="${TOP + 10}">${most.toFixed(2)}</text><text x="4" y="${HEIGHT - BOTTOM}">${least.toFixed(2)}</text>
<text x="${LEFT}" y="${HEIGHT - 6}">${at(first[0])}</text><text class="end" x="${WIDTH - RIGHT}" y="${HEIGHT - 6}">${at(last[0])}</text>
</svg><figcaption>${name} with the threshold ${threshold}${escapeHtml(of)}</figcaption></figure>`;
}
