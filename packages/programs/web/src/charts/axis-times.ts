import { language } from '../texts/texts.ts';
import { showsUtc } from '../time/times.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Earlier timestamps are simulated time, which has no calendar date and is shown in seconds. */
const REAL_MS = Date.UTC(2000, 0, 1);

/** Returns the shortest time format that distinguishes axis labels `incrMs` apart. */
export function axisFormat(incrMs: number): Intl.DateTimeFormatOptions {
  if (incrMs >= DAY_MS) return { month: '2-digit', day: '2-digit' };
  const minutes = { hour: '2-digit', minute: '2-digit' } as const;
  if (incrMs >= MINUTE_MS) return minutes;
  const seconds = { ...minutes, second: '2-digit' } as const;
  if (incrMs >= SECOND_MS) return seconds;
  return { ...seconds, fractionalSecondDigits: incrMs >= 100 ? 1 : incrMs >= 10 ? 2 : 3 };
}

/** Maximum labels of an axis, whatever the increment. */
const MAX_MOMENTS = 200;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats the labels of a time axis in UTC or in the time zone of the browser. */
export function axisTimes(moments: readonly number[], incrMs: number): string[] {
  const utc = showsUtc();
  const key = `${incrMs} ${utc} ${language()}`;
  let format = formats.get(key);
  if (!format) {
    const zone = utc ? { timeZone: 'UTC' } : {};
    format = new Intl.DateTimeFormat(language(), { hourCycle: 'h23', ...axisFormat(incrMs), ...zone });
    formats.set(key, format);
  }
  const digits = incrMs >= SECOND_MS ? 0 : 2;
  return moments.map((ms) => (ms < REAL_MS ? `${(ms / SECOND_MS).toFixed(digits)} s` : format.format(ms)));
}

/**
 * Returns the moments of a time axis: multiples of `incrMs`, in the time zone of the labels from a minute upwards. uPlot
 * counts from the beginning of a moving axis, which yields 21:42:34 and 21:42:39.
 */
export function axisMoments(fromMs: number, toMs: number, incrMs: number): number[] {
  const offsetMs = incrMs < MINUTE_MS || showsUtc() ? 0 : new Date(fromMs).getTimezoneOffset() * MINUTE_MS;
  const moments: number[] = [];
  const firstMs = Math.ceil((fromMs - offsetMs) / incrMs) * incrMs + offsetMs;
  for (let ms = firstMs; ms <= toMs && moments.length < MAX_MOMENTS; ms += incrMs) moments.push(ms);
  return moments;
}
