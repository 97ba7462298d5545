import type { IncidentCrossing } from '@medkit/contract';
import { oneLine } from './one-line.ts';

const MAX_DIGITS = 15;
const FEWEST_DIGITS = 3;

/** Formats a crossing: `range 0.77 m < 0.8 m`, with enough digits to distinguish the value from its threshold. */
export function crossingText({ channel, label, value, threshold, unit }: IncidentCrossing): string {
  const [short, limit] = shortened(value, threshold);
  const sign = value < threshold ? '<' : value > threshold ? '>' : '=';
  const suffix = unit ? ` ${oneLine(unit)}` : '';
  return `${oneLine(label || channel)} ${short}${suffix} ${sign} ${limit}${suffix}`;
}

function shortened(value: number, threshold: number): readonly [string, string] {
  for (let digits = FEWEST_DIGITS; digits <= MAX_DIGITS; digits += 1) {
    const texts = [value, threshold].map((number) => String(Number(number.toPrecision(digits)))) as [string, string];
    if (texts[0] !== texts[1] || value === threshold) return texts;
  }
  return [String(value), String(threshold)];
}
