/** A weekly period: from a minute of some days until a minute of the same or the next day. */
export interface Hours {
  /** Days on which it begins: 0 Sunday to 6 Saturday. */
  readonly days: readonly number[];
  /** Minutes after midnight; a `toMinute` at or before `fromMinute` is on the next day. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Day of the week and minute of the day in a time zone. */
export interface LocalTime {
  readonly day: number;
  readonly minute: number;
}

const DAY_MINUTES = 1440;
/** Minimum length of a period: the search could step over a shorter one. */
const SHORTEST_MINUTES = 15;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MINUTE_MS = 60_000;
/** Step of the search; changes of the clock also occur at whole quarters of an hour. */
const STEP_MS = SHORTEST_MINUTES * MINUTE_MS;
/** Every weekly period occurs within this time, even with a change of the clock. */
const LOOK_AHEAD_MS = 8 * DAY_MINUTES * MINUTE_MS;

/** Returns whether one of `hours` is active at `local`. */
function isActiveAt(hours: readonly Hours[], { day, minute }: LocalTime): boolean {
  const before = (day + 6) % 7;
  return hours.some(({ days, fromMinute, toMinute }) => {
    const overnight = toMinute <= fromMinute;
    if (days.includes(day) && minute >= fromMinute && (overnight || minute < toMinute)) return true;
    return overnight && days.includes(before) && minute < toMinute;
  });
}

/** Returns the local time at `ms` in a zone. Throws a `RangeError` if the zone does not exist. */
export function localTime(ms: number, zone: string): LocalTime {
  // `Sat 22:05`
  const text = formatter(zone).format(ms);
  return { day: DAYS.indexOf(text.slice(0, 3)), minute: 60 * Number(text.slice(-5, -3)) + Number(text.slice(-2)) };
}

/** Returns the next time after `nowMs` at which `hours` start or end; `undefined` for never. */
export function nextChange(hours: readonly Hours[], zone: string, nowMs: number): number | undefined {
  const isOn = (ms: number) => isActiveAt(hours, localTime(ms, zone));
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

/** Whether weekly hours are active, and until when: `undefined` if that never changes. */
export interface WeeklyState {
  readonly isOn: boolean;
  readonly untilMs: number | undefined;
}

/** Returns a function for the state of `hours` at a time. It caches the result until the next change. */
export function weeklyState(hours: readonly Hours[], zone: string): (nowMs: number) => WeeklyState {
  let last: (WeeklyState & { readonly sinceMs: number }) | undefined;
  return (nowMs) => {
    // If the clock was set back, computes the result again.
    if (!last || nowMs < last.sinceMs || (last.untilMs !== undefined && nowMs >= last.untilMs)) {
      const isOn = isActiveAt(hours, localTime(nowMs, zone));
      last = { isOn, untilMs: nextChange(hours, zone, nowMs), sinceMs: nowMs };
    }
    return last;
  };
}

const formatters = new Map<string, Intl.DateTimeFormat>();
/** More zones than people configure: beyond it, the formatters are created again. */
const MAX_ZONES = 300;

/** Cached by zone, because a formatter is expensive to create. */
function formatter(zone: string): Intl.DateTimeFormat {
  const cached = formatters.get(zone);
  if (cached) return cached;
  if (formatters.size >= MAX_ZONES) formatters.clear();
  const options = { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-GB', options);
  formatters.set(zone, made);
  return made;
}
