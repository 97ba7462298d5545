import type { FaultDetailResult } from '@medkit/contract';
import { crossingInWords, crossingOf, measurementsOf, type Threshold } from '@medkit/incidents/measured';
import { plainLine } from '../terminal/display-width.ts';
import { timeInWords } from '../terminal/in-words.ts';
import type { Screen } from '../terminal/screen.ts';
import { sparkline } from '../terminal/sparkline.ts';

/** Columns of a curve at most: more tell nothing more. */
const MOST = 48;
const LEAST = 8;

/** What of a fault was measured against a threshold, in one of the times that it came. */
export function measuredOf(detail: FaultDetailResult, occurrence: number): readonly Threshold[] {
  return measurementsOf(detail, occurrence).filter(({ samples }) => samples.length > 1);
}

/** `nearest obstacle 0.18 m < 0.8 m   14:03:22.120`: where a value went through its threshold, or how far it is from that. */
export function crossingLine(measured: Threshold, crossing = crossingOf(measured)): string {
  if (crossing) {
    const at = crossing.at ? `   ${timeInWords(new Date(crossing.at))}` : '';
    return plainLine(`${crossingInWords(crossing)}${at}`);
  }
  const { channel, label, threshold, unit, samples } = measured;
  const values = samples.map(([, value]) => value);
  const inWords = (value = threshold): string =>
    crossingInWords({ channel, threshold, value, ...(label && { label }), ...(unit && { unit }) });
  const isOneSided = new Set(values.map((value) => Math.sign(value - threshold))).size <= 1;
  // It came back, and went beyond its limit before anything was kept of it.
  if (!isOneSided) return plainLine(`${inWords(values[0])}, at the start of the recorded values`);
  return plainLine(`${inWords(values.at(-1))}, for the whole recorded time`);
}

/** The curve of a value, its first and last figure beside it, and below it where it is beyond the threshold. */
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
