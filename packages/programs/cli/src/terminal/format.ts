const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `184 kB`: formats bytes in powers of 1000. */
export function formatBytes(octets: number): string {
  let value = octets;
  let step = 0;
  while (value >= 999.5 && step < STEPS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${step === 0 || value >= 99.5 ? value.toFixed(0) : value.toFixed(1)} ${STEPS[step]}`;
}

/** `14:03:22.120` in local time; with the date if it is not today. */
export function formatTime(time: Date, now = new Date()): string {
  if (Number.isNaN(time.getTime())) return '';
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const exact = `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  if (time.toDateString() === now.toDateString()) return exact;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${exact}`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `5.0 s`, `12 min`, `3 h 5 min`, `2 d 4 h`: formats a duration. */
export function formatDuration(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ${Math.floor((ms % HOUR_MS) / MINUTE_MS)} min`;
  return `${Math.floor(ms / DAY_MS)} d ${Math.floor((ms % DAY_MS) / HOUR_MS)} h`;
}

/** `+5.0 s`, `-12 min`: formats a signed time offset. */
export function formatOffset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatDuration(Math.abs(ms))}`;
}
