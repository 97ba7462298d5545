import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { language, texts } from '../texts/texts.ts';

/** Earlier timestamps are not calendar time: the robot started without a clock, or uses simulated time. */
export const REAL_MS = Date.UTC(2000, 0, 1);
/** Maximum time value of a `Date` (ECMA-262, 21.4.1.1). */
const MAX_MS = 8.64e15;
const UTC = 'medkit.utc';

/** Returns whether times are shown in UTC instead of the time zone of the browser. */
export function showsUtc(): boolean {
  return localStorage.getItem(UTC) === 'true';
}

export function showUtc(shows: boolean): void {
  localStorage.setItem(UTC, String(shows));
}

/**
 * Converts a time of the API, seconds or ISO 8601, to milliseconds since 1970. Returns `undefined` if it is not a time.
 */
export function timeMs(value: number | string | null | undefined): number | undefined {
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(value ?? '');
  return Math.abs(ms) <= MAX_MS ? ms : undefined;
}

/**
 * Formats a time of the API as a `datetime-local` input expects it, in the time zone of the browser. Returns an empty
 * text if it is not a time.
 */
export function inputTime(iso: string): string {
  const ms = timeMs(iso);
  if (ms === undefined) return '';
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(ms: number, options: Intl.DateTimeFormatOptions, utc: boolean): string {
  const key = JSON.stringify([options, utc, language()]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language(), { hourCycle: 'h23', ...options, ...(utc && { timeZone: 'UTC' }) });
    formats.set(key, format);
  }
  return format.format(ms);
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const YEAR = { year: 'numeric' } as const;
const DAY = { month: '2-digit', day: '2-digit' } as const;

/**
 * Formats a time: `02:14:37`, with `digits` decimals. Adds the day unless it is today, and the year unless it is this
 * year.
 */
export function clockTime(
  ms: number,
  { digits = 0 as 0 | 1 | 2 | 3, utc = showsUtc(), nowMs = gatewayNowMs() } = {},
): string {
  if (ms < REAL_MS) return texts.time.robotTime(robotClock(ms, digits));
  const time = { ...CLOCK, ...(digits > 0 && { fractionalSecondDigits: digits as 1 | 2 | 3 }) };
  const isSame = (part: Intl.DateTimeFormatOptions) => formatted(ms, part, utc) === formatted(nowMs, part, utc);
  if (!isSame(YEAR)) return formatted(ms, { ...YEAR, ...DAY, ...time }, utc);
  return formatted(ms, isSame(DAY) ? time : { ...DAY, ...time }, utc);
}

/** Formats a time that is unambiguous in every time zone: `2026-03-23 02:14:37.125 +01:00`. */
export function wholeTime(ms: number, utc = showsUtc()): string {
  if (ms < REAL_MS) return texts.time.robotTime(robotClock(ms, 3));
  const minutes = utc ? 0 : -new Date(ms).getTimezoneOffset();
  const shifted = new Date(ms + minutes * 60_000).toISOString().replace('T', ' ').replace('Z', '');
  if (utc) return `${shifted} UTC`;
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${shifted} ${minutes < 0 ? '−' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

/** Formats the running time of a clock that started at zero: `1:00:29.125`. */
export function robotClock(ms: number, digits: 0 | 1 | 2 | 3): string {
  const seconds = Math.abs(ms) / 1000;
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  const rest = digits === 0 ? '' : (seconds % 1).toFixed(digits).slice(1);
  return `${ms < 0 ? '−' : ''}${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${rest}`;
}

/** Formats a duration: `0.42 s`, `12 s`, `4:10 min`, `2:03 h`, `5 d`. */
export function formatDuration(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const sign = ms < 0 ? '−' : '';
  if (seconds < 1) return `${sign}${seconds.toFixed(2)} s`;
  if (seconds < 10) return `${sign}${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${sign}${Math.floor(seconds)} s`;
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  if (hours < 1) return `${sign}${minutes}:${two(seconds % 60)} min`;
  if (hours < 48) return `${sign}${hours}:${two(minutes % 60)} h`;
  return `${sign}${Math.floor(hours / 24)} d`;
}

/** Formats a signed offset: `+4.6 s`, `−0.2 s`. */
export function formatOffset(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${formatDuration(Math.abs(ms))}`;
}
