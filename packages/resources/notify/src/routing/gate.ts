import { type WeeklyState, weeklyState } from '@medkit/core';
import type { Route } from '../receiver/receiver.ts';

/** Whether a receiver may be alerted: it is off duty, in quiet hours, or available. */
export type Gate = 'off duty' | 'quiet' | 'open';

export interface GateNow {
  readonly gate: Gate;
  /** When the gate may change, milliseconds since the epoch; `undefined` for never. */
  readonly untilMs: number | undefined;
}

/** Returns whether a receiver may be alerted for a severity. */
export type Gatekeeper = (severity: number, nowMs: number) => GateNow;

/**
 * Returns the gatekeeper of a receiver. Caches the result until the next change, because computing it takes time.
 * @param quietZone time zone of the quiet hours
 */
export function gatekeeper(
  { hours, quiet, zone, breaksQuiet }: Pick<Route, 'hours' | 'quiet' | 'zone' | 'breaksQuiet'>,
  quietZone = zone,
): Gatekeeper {
  const onDuty = hours.length === 0 ? () => ALWAYS : weeklyState(hours, zone);
  const isQuiet = quiet.length === 0 ? () => NEVER : weeklyState(quiet, quietZone);
  return (severity, nowMs) => {
    const duty = onDuty(nowMs);
    if (!duty.isOn) return { gate: 'off duty', untilMs: duty.untilMs };
    const night = isQuiet(nowMs);
    if (!night.isOn || severity >= breaksQuiet) return { gate: 'open', untilMs: earlier(duty.untilMs, night.untilMs) };
    return { gate: 'quiet', untilMs: earlier(duty.untilMs, night.untilMs) };
  };
}

/** Returns gatekeepers whose quiet hours are those of a time zone, if one is given. They are cached by zone. */
export function gatekeepers(route: Parameters<typeof gatekeeper>[0]): (zone?: string) => Gatekeeper {
  const usual = gatekeeper(route);
  const byZone = new Map<string, Gatekeeper>();
  return (zone = route.zone) => {
    if (zone === route.zone || route.quiet.length === 0) return usual;
    const known = byZone.get(zone) ?? gatekeeper(route, zone);
    byZone.set(zone, known);
    return known;
  };
}

const ALWAYS: WeeklyState = { isOn: true, untilMs: undefined };
const NEVER: WeeklyState = { isOn: false, untilMs: undefined };

export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}
