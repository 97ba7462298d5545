import { type Clock, Deadline } from '@medkit/edges';

/** A connection without a sign of life for this many periods is dead. */
const SILENT_PERIODS = 2.5;
/** How often the addresses of the machine are compared. */
const ADDRESSES_MS = 5000;
/** Time for the answer to a ping after an address has changed. */
const CHECK_MS = 10_000;
/** Cuts at the same silence that show an idle limit on the way. */
const CUTS = 3;
/** Silences within this share of each other count as the same. */
const SAME_SILENCE = 0.1;
/** After those cuts the robot pings this much more often. */
const SHORTENED = 0.8;
/** Shortest period that cuts lead to: a shorter idle limit is a broken proxy. */
const LEAST_PERIOD_MS = 2000;

/** Returns the period of pings: the robot's setting, but never less often than the hub's proxies require. */
export const pingPeriodMs = (keepaliveSec: number, maxSec: number): number =>
  Math.max(1, Math.min(keepaliveSec, maxSec)) * 1000;

/**
 * Returns the period for the next connection after one was lost `silentMs` after its last data, and the silences to
 * remember. Three losses at the same silence shorten the period by a fifth: a proxy has a lower limit.
 */
export function shortenPeriod(
  periodMs: number,
  silences: readonly number[],
  silentMs: number,
): { readonly periodMs: number; readonly silences: readonly number[]; readonly shortened: boolean } {
  const recent = [...silences, silentMs].slice(-CUTS);
  const [least, most] = [Math.min(...recent), Math.max(...recent)];
  const isLimit = recent.length === CUTS && least > 0 && most - least <= SAME_SILENCE * most && most <= periodMs * 1.1;
  if (!isLimit) return { periodMs, silences: recent, shortened: false };
  return { periodMs: Math.max(LEAST_PERIOD_MS, periodMs * SHORTENED), silences: [], shortened: true };
}

interface KeepAliveOptions {
  readonly clock: Clock;
  readonly periodMs: number;
  ping(): void;
  /** Time between a ping and its pong, milliseconds. */
  onRoundTrip(ms: number): void;
  /** No pong arrived for 2.5 periods, or for 10 s after a check. */
  onDead(): void;
  /** Addresses of the machine as one text, compared every 5 s; a change pings immediately. */
  readonly addresses?: () => string;
}

/** Pings of a robot. */
export interface KeepAlive {
  /** Call it for each received pong. */
  pong(): void;
  /** Pings now. With `isCheck`, the answer must arrive within 10 s. */
  ping(isCheck?: boolean): void;
  close(): void;
}

/** Pings every period until it is closed or the connection is dead. */
export function keepAlive({ clock, periodMs, ping, onRoundTrip, onDead, addresses }: KeepAliveOptions): KeepAlive {
  const silence = new Deadline(clock);
  let sentMs: number | undefined;
  const send = (isCheck = false): void => {
    sentMs ??= clock.monotonicMs();
    if (isCheck) silence.begin(Math.min(CHECK_MS, periodMs * SILENT_PERIODS), onDead);
    ping();
  };
  let known = addresses?.();
  const compare = (): void => {
    const found = addresses?.();
    if (found !== known) send(true);
    known = found;
  };
  const timers = [clock.every(periodMs, () => send()), ...(addresses ? [clock.every(ADDRESSES_MS, compare)] : [])];
  silence.begin(periodMs * SILENT_PERIODS, onDead);
  return {
    pong: () => {
      silence.begin(periodMs * SILENT_PERIODS, onDead);
      if (sentMs === undefined) return;
      const roundTripMs = clock.monotonicMs() - sentMs;
      sentMs = undefined;
      onRoundTrip(roundTripMs);
    },
    ping: send,
    close: () => {
      for (const timer of timers) timer.cancel();
      silence.close();
    },
  };
}

/** Ends the connection of a robot that sends no ping for 2.5 periods. Call the result for each sign of life. */
export function silenceLimit(clock: Clock, periodMs: number, onDead: () => void): { sign(): void; close(): void } {
  const silence = new Deadline(clock);
  const sign = (): void => silence.begin(periodMs * SILENT_PERIODS, onDead);
  sign();
  return { sign, close: () => silence.close() };
}
