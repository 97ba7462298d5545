import { gatewayNowMs } from '../live/gateway-clock.ts';
import { language, texts } from '../texts/texts.ts';

/** What was stamped before is no time of this world: a robot that was started without a clock, or simulated time. */
export const REAL_MS = Date.UTC(2000, 0, 1);
/** The greatest time that a date can have (ECMA-262, 21.4.1.1). */
const MAX_MS = 8.64e15;
const UTC = 'medkit.utc';

/** Whether times are shown in UTC; else by the clock of whoever looks. */
export function showsUtc(): boolean {
  return localStorage.getItem(UTC) === 'true';
}

export function showUtc(shows: boolean): void {
  localStorage.setItem(UTC, String(shows));
}

/** Milliseconds since 1970 of what the API tells: seconds, or a text in the form of ISO 8601. `undefined` for no time. */
export function timeMs(told: number | string | null | undefined): number | undefined {
  const ms = typeof told === 'number' ? told * 1000 : Date.parse(told ?? '');
  return Math.abs(ms) <= MAX_MS ? ms : undefined;
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

/** `02:14:37`, with `digits` of the second behind it; the day before it where that is not today, with its year where it is another. */
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

/** `2026-03-23 02:14:37.125 +01:00`: what can be said to somebody on another continent. */
export function wholeTime(ms: number, utc = showsUtc()): string {
  if (ms < REAL_MS) return texts.time.robotTime(robotClock(ms, 3));
  const minutes = utc ? 0 : -new Date(ms).getTimezoneOffset();
  const shifted = new Date(ms + minutes * 60_000).toISOString().replace('T', ' ').replace('Z', '');
  if (utc) return `${shifted} UTC`;
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${shifted} ${minutes < 0 ? '−' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

/** `1:00:29.125`: how long a clock that began at zero has run. */
export function robotClock(ms: number, digits: 0 | 1 | 2 | 3): string {
  const seconds = Math.abs(ms) / 1000;
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  const rest = digits === 0 ? '' : (seconds % 1).toFixed(digits).slice(1);
  return `${ms < 0 ? '−' : ''}${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${rest}`;
}

/** `0.42 s`, `12 s`, `4:10 min`, `2:03 h`, `5 d`. */
export function spanInWords(ms: number): string {
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

/** `+4.6 s`, `−0.2 s`: from one thing to another. */
export function offsetInWords(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${spanInWords(Math.abs(ms))}`;
}
