import { language } from '../texts/texts.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Formats bytes with decimal units, as file managers do: `177 kB`, `1.2 MB`. */
export function formatSize(octets: number): string {
  let value = octets;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit === 0 || value >= 9.95 ? 0 : 1)} ${UNITS[unit]}`;
}

/** Formats a count with the thousands separator of the language. */
export const formatCount = (count: number): string => new Intl.NumberFormat(language()).format(count);
