import type { Route } from '../receiver/receiver.ts';
import { areOn, type Hours, localTime, nextChange } from './hours.ts';

/** Whether a receiver may be rung: it is not on duty, it is not to be woken, or it may. */
export type Gate = 'off duty' | 'quiet' | 'open';

export interface GateNow {
  readonly gate: Gate;
  /** When that may be otherwise, milliseconds since the epoch; `undefined` for never. */
  readonly untilMs: number | undefined;
}

/** Says whether a receiver may be rung for something of a severity. */
export type Gatekeeper = (severity: number, nowMs: number) => GateNow;

/** The gatekeeper of a receiver; looking ahead takes a while, so it is kept for as long as it counts. */
export function gatekeeper({
  hours,
  quiet,
  zone,
  breaksQuiet,
}: Pick<Route, 'hours' | 'quiet' | 'zone' | 'breaksQuiet'>): Gatekeeper {
  const onDuty = hours.length === 0 ? () => ALWAYS : kept(hours, zone);
  const isQuiet = quiet.length === 0 ? () => NEVER : kept(quiet, zone);
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

function kept(hours: readonly Hours[], zone: string): (nowMs: number) => State {
  let last: (State & { readonly sinceMs: number }) | undefined;
  return (nowMs) => {
    // A clock that was set back counts from there.
    if (!last || nowMs < last.sinceMs || (last.untilMs !== undefined && nowMs >= last.untilMs)) {
      const isOn = areOn(hours, localTime(nowMs, zone));
      last = { isOn, untilMs: nextChange(hours, zone, nowMs), sinceMs: nowMs };
    }
    return last;
  };
}

export function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Math.min(one, other);
}
