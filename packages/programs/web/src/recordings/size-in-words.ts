import { language } from '../texts/texts.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `177 kB`, `1.2 MB`: octets by thousands, as file managers have them. */
export function sizeInWords(octets: number): string {
  let value = octets;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 || value >= 9.95 ? 0 : 1)} ${UNITS[unit]}`;
}

/** A count with its thousands parted as the language has them. */
export const countInWords = (count: number): string => new Intl.NumberFormat(language()).format(count);
