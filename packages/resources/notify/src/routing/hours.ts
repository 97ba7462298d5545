/** A time of the week: from a minute of some days on, until a minute of that day or of the one after. */
export interface Hours {
  /** 0 Sunday to 6 Saturday: the days on which it begins. */
  readonly days: readonly number[];
  /** Minutes after midnight; `toMinute` at or before `fromMinute` is of the day after. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** A moment as a clock on a wall of some zone shows it. */
export interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

export const DAY_MINUTES = 1440;
/** Shorter ones might be stepped over. */
export const SHORTEST_MINUTES = 15;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE_MS = 60_000;
/** Changes of the clock, too, are at whole quarters of an hour. */
const STEP_MS = SHORTEST_MINUTES * MINUTE_MS;
/** Within so long every time of the week comes once, whatever the clock is set to meanwhile. */
const LOOK_AHEAD_MS = 8 * DAY_MINUTES * MINUTE_MS;

/** Whether one of `hours` is on at `local`. */
export function areOn(hours: readonly Hours[], { day, minute }: LocalTime): boolean {
  const before = (day + 6) % 7;
  return hours.some(({ days, fromMinute, toMinute }) => {
    const overnight = toMinute <= fromMinute;
    if (days.includes(day) && minute >= fromMinute && (overnight || minute < toMinute)) return true;
    return overnight && days.includes(before) && minute < toMinute;
  });
}

/** What the clock shows at `ms` in a zone. Throws a `RangeError` where there is no such zone. */
export function localTime(ms: number, zone: string): LocalTime {
  // `Sat 22:05`
  const text = formatter(zone).format(ms);
  return { day: DAYS.indexOf(text.slice(0, 3)), minute: 60 * Number(text.slice(-5, -3)) + Number(text.slice(-2)) };
}

/** When `hours` are on for the first time after `nowMs` where they are off then, or off where they are on; `undefined` for never. */
export function nextChange(hours: readonly Hours[], zone: string, nowMs: number): number | undefined {
  const isOn = (ms: number) => areOn(hours, localTime(ms, zone));
  const now = isOn(nowMs);
  const beganMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  for (let ms = beganMs + STEP_MS; ms <= nowMs + LOOK_AHEAD_MS; ms += STEP_MS) {
    if (isOn(ms) === now) continue;
    for (
      let minute = Math.max(ms - STEP_MS, nowMs - (nowMs % MINUTE_MS)) + MINUTE_MS;
      minute < ms;
      minute += MINUTE_MS
    ) {
      if (isOn(minute) !== now) return minute;
    }
    return ms;
  }
  return undefined;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** One for each zone: they are dear to make. There are no more than receivers. */
function formatter(zone: string): Intl.DateTimeFormat {
  const kept = formatters.get(zone);
  if (kept) return kept;
  const options = { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-GB', options);
  formatters.set(zone, made);
  return made;
}
