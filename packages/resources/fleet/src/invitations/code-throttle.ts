import type { Clock } from '@medkit/edges';

const WINDOW_MS = 60_000;
/** Wrong codes per minute from one address: enough for typing errors, useless for guessing 80 bits. */
const MAX_WRONG_PER_ADDRESS = 20;
/** Wrong codes per minute from all addresses. Also bounds the memory of this throttle. */
const MAX_WRONG = 200;

/** Limits wrong codes of invitations by address and in total. */
export interface CodeThrottle {
  /** Returns the milliseconds until another code from this address is checked, 0 if it is checked now. */
  delayMs(address: string): number;
  /** Counts a wrong code. */
  wrong(address: string): void;
}

export function codeThrottle(clock: Pick<Clock, 'monotonicMs'>): CodeThrottle {
  /** Wrong codes of the last minute, the oldest first. */
  let wrong: { readonly address: string; readonly atMs: number }[] = [];
  const untilFree = (atMs: number | undefined): number =>
    atMs === undefined ? 0 : Math.max(0, Math.ceil(atMs + WINDOW_MS - clock.monotonicMs()));
  return {
    delayMs: (address) => {
      const fromMs = clock.monotonicMs() - WINDOW_MS;
      wrong = wrong.filter(({ atMs }) => atMs > fromMs);
      const here = wrong.filter((each) => each.address === address);
      return Math.max(untilFree(here.at(-MAX_WRONG_PER_ADDRESS)?.atMs), untilFree(wrong.at(-MAX_WRONG)?.atMs));
    },
    wrong: (address) => {
      wrong.push({ address, atMs: clock.monotonicMs() });
      if (wrong.length > MAX_WRONG) wrong.shift();
    },
  };
}
