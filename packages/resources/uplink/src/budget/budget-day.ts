/** A day in the robot's time zone, and what has passed the socket on it. */
export interface BudgetDay {
  /** Such as `2026-11-27`. */
  readonly day: string;
  /** Bytes by class, index 0 to 5. */
  readonly sent: readonly number[];
  readonly received: readonly number[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/**
 * A clock that jumps further ahead was set: it was that of a machine without a battery for it. Shorter jumps are a machine
 * that slept.
 */
const MAX_SLEPT_DAYS = 7;

/** Returns the day of a moment in the time zone of this machine. */
export function localDay(wallMs: number): string {
  const date = new Date(wallMs);
  const digits = (value: number, count: number): string => String(value).padStart(count, '0');
  return `${digits(date.getFullYear(), 4)}-${digits(date.getMonth() + 1, 2)}-${digits(date.getDate(), 2)}`;
}

/** Returns when the next day begins in the time zone of this machine, milliseconds since 1970. */
export function nextDayMs(wallMs: number): number {
  const date = new Date(wallMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

/**
 * Returns the day on which data counts now. What was counted stays with it, unless a new day has begun: a clock that was
 * set neither loses the count nor begins a new budget. A clock that goes back over midnight stays on the later day.
 * @param isStart the counts were read from disk: the robot may have been off for any time
 */
export function dayNow(counted: BudgetDay, wallMs: number, isStart = false): BudgetDay {
  const today = localDay(wallMs);
  const days = Math.round((Date.parse(today) - Date.parse(counted.day)) / DAY_MS);
  if (days === 0 || days === -1) return counted;
  const isNew = days > 0 && (isStart || days <= MAX_SLEPT_DAYS);
  return isNew ? emptyDay(today) : { ...counted, day: today };
}

export const emptyDay = (day: string): BudgetDay => ({ day, sent: ZEROES, received: ZEROES });

const ZEROES: readonly number[] = [0, 0, 0, 0, 0, 0];

/** Returns the stored day; `undefined` if the text is none. */
export function parseDay(text: string): BudgetDay | undefined {
  try {
    const { day, sent, received } = Object(JSON.parse(text)) as Partial<BudgetDay>;
    const isDay = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
    return isDay && areCounts(sent) && areCounts(received) ? { day, sent, received } : undefined;
  } catch {
    return undefined;
  }
}

const areCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length === ZEROES.length &&
  value.every((each) => Number.isSafeInteger(each) && each >= 0);
