import { type Hours, parseWeeklyHours, parseZone, weeklyState } from '@medkit/core';
import type { SiteSchedule } from '../sites/site-schedules.ts';

/** Zone of a site without a schedule. */
const USUAL_ZONE = 'UTC';

/** The hours in which robots of a campaign begin. */
export interface StartWindow {
  /** As entered: `22:00-05:00`, or `sat,sun 00:00-24:00`. */
  readonly text: string;
  readonly hours: Hours;
}

/** Parses `limits.start_within`. Returns the problem if it is no period. */
export function parseStartWindow(text: string): StartWindow | string {
  const hours = parseWeeklyHours(text);
  return typeof hours === 'string' ? hours : { text: text.trim(), hours };
}

/**
 * Returns why robots do not begin now in a zone; `undefined` if they do. `zone` is `undefined` for a site without one. The text
 * stays the same until the window opens.
 */
export function closedReason(
  { text, hours }: StartWindow,
  zone: string | undefined,
  nowMs: number,
): string | undefined {
  const known = zone ?? USUAL_ZONE;
  if (parseZone(known) === undefined) {
    return `limits.start_within cannot be applied: the time zone ${known} of its site is unknown, set another one`;
  }
  const { isOn, untilMs } = weeklyState([hours], known)(nowMs);
  if (isOn) return undefined;
  const where = zone === undefined ? `${known} (its site has no time zone)` : known;
  const opens = untilMs === undefined ? 'does not open' : `opens at ${localText(untilMs, known)}`;
  return `limits.start_within is ${text} in ${where}, and ${opens}`;
}

/** Returns the zone of a site, and why its robots do not begin now. */
export interface SiteWindow {
  readonly zone: string;
  readonly closed: string | undefined;
}

/** Returns a function for the window of a site at a time; it returns `undefined` without a window. */
export function siteWindows(
  startWithin: StartWindow | undefined,
  schedules: ReadonlyMap<string, Pick<SiteSchedule, 'zone'>>,
  nowMs: number,
): (site: string | undefined) => SiteWindow | undefined {
  if (!startWithin) return () => undefined;
  // Many sites have the same zone.
  const windows = new Map<string | undefined, SiteWindow>();
  return (site) => {
    const zone = schedules.get(site ?? '')?.zone;
    const window = windows.get(zone) ?? { zone: zone ?? USUAL_ZONE, closed: closedReason(startWithin, zone, nowMs) };
    windows.set(zone, window);
    return window;
  };
}

/** `2026-11-28 22:00`. */
function localText(ms: number, zone: string): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('sv-SE', { ...parts, timeZone: zone }).format(ms);
}
