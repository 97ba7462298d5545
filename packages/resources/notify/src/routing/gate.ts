import { type Hours, isActiveAt, localTime, nextChange } from '@medkit/core';
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

/** Returns the gatekeeper of a receiver. Caches the result until the next change, because computing it takes time. */
export function gatekeeper({
  hours,
  quiet,
  zone,
  breaksQuiet,
}: Pick<Route, 'hours' | 'quiet' | 'zone' | 'breaksQuiet'>): Gatekeeper {
  const onDuty = hours.length === 0 ? () => ALWAYS : cachedState(hours, zone);
  const isQuiet = quiet.length === 0 ? () => NEVER : cachedState(quiet, zone);
  return (severity, nowMs) => {
    const duty = onDuty(nowMs);
    if (!duty.isOn) return { gate: 'off duty', untilMs: duty.untilMs };
    const night = isQuiet(nowMs);
    if (!night.isOn || severity >= breaksQuiet) return { gate: 'open', untilMs: earlier(duty.untilMs, night.untilMs) };
    return { gate: 'quiet', untilMs: earlier(duty.untilMs, night.untilMs) };
  };
}

interface State {
  readonly isOn: boolean;
  readonly untilMs: number | undefined;
}

const ALWAYS: State = { isOn: true, untilMs: undefined };
const NEVER: State = { isOn: false, untilMs: undefined };

function cachedState(hours: readonly Hours[], zone: string): (nowMs: number) => State {
  let last: (State & { readonly sinceMs: number }) | undefined;
  return (nowMs) => {
    // If the clock was set back, computes the result again.
    if (!last || nowMs < last.sinceMs || (last.untilMs !== undefined && nowMs >= last.untilMs)) {
      const isOn = isActiveAt(hours, localTime(nowMs, zone));
      last = { isOn, untilMs: nextChange(hours, zone, nowMs), sinceMs: nowMs };
    }
    return last;
  };
}

export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}
