/** Formats a time in the receiver's zone: `2026-03-23 03:12:53 CET`. */
export function timeText(ms: number, zone: string): string {
  return formatter(zone).format(ms).replace(',', '');
}

/** Formats a duration: `3 min 12 s`, `0.4 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  const [hours, left] = [Math.floor(minutes / 60), minutes % 60];
  return left === 0 ? `${hours} h` : `${hours} h ${left} min`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Cached by zone, because a formatter is expensive to create. There are at most as many zones as receivers. */
function formatter(zone: string): Intl.DateTimeFormat {
  const cached = formatters.get(zone);
  if (cached) return cached;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  formatters.set(zone, made);
  return made;
}
