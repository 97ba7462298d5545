import type { Hours } from './weekly-hours.ts';

const SHORTEST_MINUTES = 15;
const DAY_MINUTES = 1440;
const HOURS = /^(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)$/;
/** Names of the days, 0 Sunday to 6 Saturday. */
export const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ALL_DAYS = [0, 1, 2, 3, 4, 5, 6];

/** Parses `22:00-06:00` for the given days; returns a message if it is invalid. */
export function parseHours(text: string, days: readonly number[]): Hours | string {
  const [, fromHour, fromMinutes, toHour, toMinutes] = (HOURS.exec(text) ?? []).map(Number);
  const [fromMinute, toMinute] = [60 * (fromHour ?? 99) + (fromMinutes ?? 0), 60 * (toHour ?? 99) + (toMinutes ?? 0)];
  if (fromMinute >= DAY_MINUTES || toMinute > DAY_MINUTES || (fromMinutes ?? 0) > 59 || (toMinutes ?? 0) > 59) {
    return `"${text}" is not a time range such as 22:00-06:00`;
  }
  const length = (toMinute - fromMinute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  if (length < SHORTEST_MINUTES) return `"${text}" is shorter than ${SHORTEST_MINUTES} minutes`;
  return { days, fromMinute, toMinute: toMinute % DAY_MINUTES };
}

/** Parses `22:00-06:00` for every day, or `sat,sun 00:00-24:00` for some; returns a message if it is invalid. */
export function parseWeeklyHours(text: string): Hours | string {
  const [, names, hours = ''] = /^(?:([a-z,]+)\s+)?(.*)$/i.exec(text.trim()) ?? [];
  if (names === undefined) return parseHours(hours, ALL_DAYS);
  const days = names.split(',').map((name) => parseDay(name));
  const unknown = days.indexOf(undefined);
  if (unknown >= 0) return `"${names.split(',')[unknown]}" is not one of ${DAY_NAMES.join(', ')}`;
  return parseHours(hours, days as number[]);
}

/** Returns the number of a day, 0 for Sunday, by the first three letters of its English name; `undefined` if unknown. */
export function parseDay(name: string): number | undefined {
  const day = DAY_NAMES.indexOf(name.trim().slice(0, 3).toLowerCase());
  return day < 0 ? undefined : day;
}

/** Returns the zone name if it exists, otherwise `undefined`. */
export function parseZone(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    // Throws for an unknown zone.
    return undefined;
  }
}
