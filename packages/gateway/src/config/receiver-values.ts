import type { Hours } from '@medkit/notify';

/** In the order of their numbers. */
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;

const SHORTEST_MINUTES = 15;
const DAY_MINUTES = 1440;
const HOURS = /^(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)$/;

/** The number of a severity by its name. */
export function severityOf(text: string): number | undefined {
  const index = (SEVERITIES as readonly string[]).indexOf(text.toLowerCase());
  return index < 0 ? undefined : index;
}

/** `22:00-06:00` of those days; a sentence where it is none. */
export function hoursOf(text: string, days: readonly number[]): Hours | string {
  const [, fromHour, fromMinutes, toHour, toMinutes] = (HOURS.exec(text) ?? []).map(Number);
  const [fromMinute, toMinute] = [60 * (fromHour ?? 99) + (fromMinutes ?? 0), 60 * (toHour ?? 99) + (toMinutes ?? 0)];
  if (fromMinute >= DAY_MINUTES || toMinute > DAY_MINUTES || (fromMinutes ?? 0) > 59 || (toMinutes ?? 0) > 59) {
    return `"${text}" is no time such as 22:00-06:00`;
  }
  const length = (toMinute - fromMinute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  if (length < SHORTEST_MINUTES) return `"${text}" is shorter than ${SHORTEST_MINUTES} minutes`;
  return { days, fromMinute, toMinute: toMinute % DAY_MINUTES };
}

/** The zone itself, where there is one of that name. */
export function zoneOf(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone && text;
  } catch {
    // It throws for a name that nobody knows.
    return undefined;
  }
}
