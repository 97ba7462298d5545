import type { Hours } from '@medkit/notify';

const SHORTEST_MINUTES = 15;
const DAY_MINUTES = 1440;
const HOURS = /^(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)$/;

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

/** Returns the zone name if it exists, otherwise `undefined`. */
export function parseZone(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    // Throws for an unknown zone.
    return undefined;
  }
}
