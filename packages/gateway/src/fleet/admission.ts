import type { Clock, Timer } from '@medkit/edges';

/** Robots that wait for their handshake: beyond that, a robot would wait longer than its time limit. */
const MAX_WAITING = 1000;
/** Longest wait before a handshake; the robot allows 10 s for the whole. */
const MAX_WAIT_MS = 5000;
/** Interval in which waiting robots are admitted. */
const TICK_MS = 50;

/** Spreads the handshakes of robots that return together, because each costs the hub 2 ms of CPU time. */
export interface Admission {
  /** Resolves with 0 when the handshake may begin, or with the seconds after which the robot should try again. */
  enter(): Promise<number>;
  /** Refuses all that wait, from now on. */
  close(): void;
  /** Numbers for `/health`. */
  figures(): { readonly waiting: number; readonly admitted: number; readonly refused: number };
}

/** Opens an admission of `perSec` handshakes a second, in the order of arrival. */
export function openAdmission(clock: Clock, perSec: number): Admission {
  const most = Math.min(MAX_WAITING, Math.floor((perSec * MAX_WAIT_MS) / 1000));
  const waiting: ((retryAfterSec: number) => void)[] = [];
  let places = perSec;
  let atMs = clock.monotonicMs();
  let ticking: Timer | undefined;
  let isClosed = false;
  let [admitted, refused] = [0, 0];

  const refill = (): void => {
    const nowMs = clock.monotonicMs();
    places = Math.min(perSec, places + ((nowMs - atMs) * perSec) / 1000);
    atMs = nowMs;
  };
  const admit = (): void => {
    refill();
    for (; places >= 1 && waiting.length > 0; places -= 1) {
      admitted += 1;
      waiting.shift()!(0);
    }
    if (waiting.length > 0) return;
    ticking?.cancel();
    ticking = undefined;
  };
  const refuse = (): number => {
    refused += 1;
    return Math.ceil(waiting.length / perSec) + 1;
  };
  return {
    enter: () => {
      if (isClosed || waiting.length >= most) return Promise.resolve(refuse());
      const turn = new Promise<number>((resolve) => waiting.push(resolve));
      ticking ??= clock.every(TICK_MS, admit);
      admit();
      return turn;
    },
    close: () => {
      isClosed = true;
      ticking?.cancel();
      for (const turn of waiting.splice(0)) turn(refuse());
    },
    figures: () => ({ waiting: waiting.length, admitted, refused }),
  };
}
