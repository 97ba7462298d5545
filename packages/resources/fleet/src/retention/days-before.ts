const DAY_MS = 86_400_000;

/** Returns the time before which a number of days has passed. */
export const daysBefore = (nowMs: number, days: number): number => nowMs - days * DAY_MS;
