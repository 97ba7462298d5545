import type { FaultDetailResult } from '@medkit/contract';
import { crossingOf, formatCrossing, measurementsOf, type Threshold } from '@medkit/incidents/measured';
import { plainLine } from '../terminal/display-width.ts';
import { formatTime } from '../terminal/format.ts';
import type { Screen } from '../terminal/screen.ts';
import { sparkline } from '../terminal/sparkline.ts';

/** Maximum width of a curve, columns: a wider one shows no more detail. */
const MOST = 48;
const LEAST = 8;

/** Returns the measured thresholds of one occurrence of a fault. */
export function measuredThresholds(detail: FaultDetailResult, occurrence: number): readonly Threshold[] {
  return measurementsOf(detail, occurrence).filter(({ samples }) => samples.length > 1);
}

/** `nearest obstacle 0.18 m < 0.8 m   14:03:22.120`: when a value crossed its threshold, or its relation to it. */
export function crossingLine(measured: Threshold, crossing = crossingOf(measured)): string {
  if (crossing) {
    const at = crossing.at ? `   ${formatTime(new Date(crossing.at))}` : '';
    return plainLine(`${formatCrossing(crossing)}${at}`);
  }
  const { channel, label, threshold, unit, samples } = measured;
  const values = samples.map(([, value]) => value);
  const formatValue = (value = threshold): string =>
    formatCrossing({ channel, threshold, value, ...(label && { label }), ...(unit && { unit }) });
  const isOneSided = new Set(values.map((value) => Math.sign(value - threshold))).size <= 1;
  // The value crossed the threshold before the recorded samples start, and returned later.
  if (!isOneSided) return plainLine(`${formatValue(values[0])}, at the start of the recorded values`);
  return plainLine(`${formatValue(values.at(-1))}, for the whole recorded time`);
}

/** The curve of a value with its first and last value; a second line marks the part beyond the threshold. */
export function curveLines(measured: Threshold, { columns, glyphs }: Screen): readonly string[] {
  const { samples, threshold, unit } = measured;
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return [];
  const of = unit ? ` ${unit}` : '';
  const before = `${figure(first[1])} `;
  const after = ` ${figure(last[1])}${of} in ${((last[0] - first[0]) / 1000).toFixed(1)} s`;
  const side = last[1] === threshold ? 'at' : last[1] < threshold ? 'below' : 'above';
  const beyond = ` ${side} ${threshold}${of}`;
  const room = columns - before.length - Math.max(after.length, beyond.length);
  const { bars, marks } = sparkline(measured, Math.max(LEAST, Math.min(MOST, room)), glyphs);
  const lines = [`${before}${bars}${after}`];
  return (marks === '' ? lines : [...lines, `${' '.repeat(before.length)}${marks}${beyond}`]).map(plainLine);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
